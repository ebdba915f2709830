package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"

	"tbexport/internal/ui"
)

// transfer is a line on a terminal about points on their way.
type transfer struct {
	total    int64
	arrived  atomic.Int64
	compared atomic.Int64
	ticker   sync.WaitGroup
	end      chan struct{}
	begin    time.Time
}

func newTransfer(c console, quiet bool, points int64) *transfer {
	t := &transfer{total: points, end: make(chan struct{}), begin: time.Now()}
	if !quiet && c.errIsTerminal() {
		t.ticker.Go(func() { t.draw(c) })
	}
	return t
}

func (t *transfer) sent(points int64)    { t.arrived.Add(points) }
func (t *transfer) checked(points int64) { t.compared.Add(points) }

// stop takes the line off the screen.
func (t *transfer) stop() {
	close(t.end)
	t.ticker.Wait()
}

func (t *transfer) draw(c console) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-t.end:
			fmt.Fprint(c.err, "\r\x1b[K")
			return
		case <-tick.C:
			fmt.Fprint(c.err, "\r\x1b[K"+t.line(time.Since(t.begin)))
		}
	}
}

// line tells how far it is, how fast, and how long it will take.
func (t *transfer) line(took time.Duration) string {
	arrived, compared := t.arrived.Load(), t.compared.Load()
	rate := float64(arrived) / max(took.Seconds(), 1e-9)
	text := fmt.Sprintf("%s of %s, %s verified, %s points/s", humanize.Comma(arrived), ui.Counted(t.total, "point"),
		humanize.Comma(compared), humanize.Comma(int64(rate)))
	if rate > 0 && arrived < t.total {
		left := time.Duration(float64(t.total-arrived) / rate * float64(time.Second))
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return text
}

// retryWords says that calls are repeated, but not every time.
type retryWords struct {
	c     console
	quiet bool
	mu    sync.Mutex
	last  time.Time
	more  int
}

func (r *retryWords) say(err error, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quiet || time.Since(r.last) < 5*time.Second {
		r.more++
		return
	}
	r.last = time.Now()
	r.c.say("%v; trying again in %.1f s%s", err, wait.Seconds(), r.others())
	r.more = 0
}

func (r *retryWords) others() string {
	if r.more == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more such failures since)", r.more)
}
