package ui

import (
	"fmt"
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

// NewProgressLines begins to write a line {"progress":{"bytes":N,"total":N}} a quarter of a second, from the first
// second on, of work that will be done after total bytes.
func NewProgressLines(to io.Writer, total int64) *Progress {
	p := &Progress{end: make(chan struct{})}
	p.ticker.Go(func() {
		p.everySoOften(250*time.Millisecond, func() {
			fmt.Fprintf(to, "{\"progress\":{\"bytes\":%d,\"total\":%d}}\n", min(p.done.Load(), total), total)
		})
	})
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
	var bar *progressbar.ProgressBar
	p.everySoOften(100*time.Millisecond, func() {
		if bar == nil {
			bar = newBar(to, total)
		}
		_ = bar.Set64(min(p.done.Load(), total-1))
	})
	if bar != nil {
		_ = bar.Clear() // a bar that stays is no failure
	}
}

// everySoOften calls f at intervals, from the first second on to the end.
func (p *Progress) everySoOften(interval time.Duration, f func()) {
	select {
	case <-p.end:
		return
	case <-time.After(time.Second):
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-p.end:
			return
		case <-tick.C:
			f()
		}
	}
}

func newBar(to io.Writer, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(max(total, 1),
		progressbar.OptionSetWriter(to),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionSetWidth(20),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish())
}
