package main

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar of bytes on a terminal, for work that takes over a second.
type progress struct {
	done   atomic.Int64
	ticker sync.WaitGroup
	end    chan struct{}
}

// newProgress begins to draw on c's error stream, if that is a terminal. The
// bytes will be read as often as there are passes.
func newProgress(c console, quiet bool, bytes, passes int64) *progress {
	p := &progress{end: make(chan struct{})}
	if !quiet && c.errIsTerminal() {
		p.ticker.Go(func() { p.draw(c, bytes*passes) })
	}
	return p
}

func (p *progress) add(bytes int64) { p.done.Add(bytes) }

// stop takes the bar off the screen.
func (p *progress) stop() {
	close(p.end)
	p.ticker.Wait()
}

func (p *progress) draw(c console, total int64) {
	select {
	case <-p.end:
		return
	case <-time.After(time.Second):
	}
	bar := progressbar.NewOptions64(max(total, 1),
		progressbar.OptionSetWriter(c.err),
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
