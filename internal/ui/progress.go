package ui

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress is a bar of bytes, for work that takes over a second.
type Progress struct {
	done   atomic.Int64
	ticker sync.WaitGroup
	end    chan struct{}
}

// NewProgress begins to draw on a terminal, which will have been drawn to its
// end after so many bytes; nothing is drawn where to is nil.
func NewProgress(to io.Writer, bytes int64) *Progress {
	p := &Progress{end: make(chan struct{})}
	if to != nil {
		p.ticker.Go(func() { p.draw(to, bytes) })
	}
	return p
}

// Add says that so many bytes more are done.
func (p *Progress) Add(bytes int64) { p.done.Add(bytes) }

// Stop takes the bar off the screen.
func (p *Progress) Stop() {
	close(p.end)
	p.ticker.Wait()
}

func (p *Progress) draw(to io.Writer, total int64) {
	select {
	case <-p.end:
		return
	case <-time.After(time.Second):
	}
	bar := progressbar.NewOptions64(max(total, 1),
		progressbar.OptionSetWriter(to),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish())
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.end:
			_ = bar.Clear() // a bar that stays is no failure
			return
		case <-tick.C:
			_ = bar.Set64(min(p.done.Load(), total-1))
		}
	}
}
