package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"

	"tbexport/internal/ui"
)

// transfer is a line on a terminal about points on their way; elsewhere, a line
// once it is known how fast the server is, where it will take long.
type transfer struct {
	work
	arrived  atomic.Int64
	compared atomic.Int64
	handled  atomic.Int64
	ended    atomic.Int64 // runs
	ticker   sync.WaitGroup
	end      chan struct{}
	begin    time.Time
	pace     pace
}

// work is what there is to be done.
type work struct {
	points int64
	tasks  int64 // how often each point is gone through: sent, read back, or both
	files  int64 // of media
	runs   int64
}

// all is the work as points that are gone through.
func (w *work) all() int64 { return w.points*w.tasks + fileWork*w.files + runWork*w.runs }

// leastWork is how many points tell a pace: of a metric that is read back, all
// count at once.
const leastWork = 1000

// fileWork and runWork are about how many points take as long as a file of media,
// and as what a run takes beside its points.
const (
	fileWork = 200
	runWork  = 1000
)

// An estimate wants some time, and so many runs, or a share of everything.
const (
	leastTime  = 5 * time.Second
	leastRuns  = 20
	leastShare = 0.1
)

// newTransfer begins the line.
func newTransfer(c console, quiet bool, w work) *transfer {
	t := &transfer{work: w, end: make(chan struct{}), begin: time.Now()}
	t.pace.add(t.begin, 0)
	switch {
	case quiet:
	case c.errIsTerminal():
		t.ticker.Go(func() { t.draw(c) })
	default:
		t.ticker.Go(func() { t.foretell(c) })
	}
	return t
}

func (t *transfer) sent(points int64)    { t.arrived.Add(points) }
func (t *transfer) checked(points int64) { t.compared.Add(points) }
func (t *transfer) media(files int64)    { t.handled.Add(files) }
func (t *transfer) run()                 { t.ended.Add(1) }

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
		case now := <-tick.C:
			fmt.Fprint(c.err, "\r\x1b[K"+t.line(now))
		}
	}
}

// The first batches tell how fast a server is; what is soon over needs no word.
const (
	firstBatches = 10 * time.Second
	soonOver     = time.Minute
)

func (t *transfer) foretell(c console) {
	for {
		select {
		case <-t.end:
			return
		case now := <-time.After(firstBatches):
			left, ok := t.left(now)
			if !ok {
				continue // too little came to tell
			}
			if left >= soonOver {
				c.say("about %s more, by the first %s", estimate(left.Seconds()), t.first())
			}
			return
		}
	}
}

// first is what an early estimate is made by.
func (t *transfer) first() string {
	points, files, runs := t.arrived.Load()+t.compared.Load(), t.handled.Load(), t.ended.Load()
	switch {
	case runs > 0:
		return ui.Counted(runs, "run")
	case points == 0 && files > 0:
		return ui.Counted(files, "file")
	}
	return ui.Counted(points, "point")
}

// line tells how far it is, how fast, and how long it will take.
func (t *transfer) line(now time.Time) string {
	arrived, compared := t.arrived.Load(), t.compared.Load()
	left, ok := t.left(now)
	text := fmt.Sprintf("%s of %s, %s verified", humanize.Comma(arrived), ui.Counted(t.points, "point"),
		humanize.Comma(compared))
	if t.files > 0 {
		text += fmt.Sprintf(", %s of %s of media", humanize.Comma(t.handled.Load()), ui.Counted(t.files, "file"))
	} else {
		text += fmt.Sprintf(", %s points/s", humanize.Comma(int64(t.pace.rate()/float64(max(1, t.tasks)))))
	}
	if ok && left > 0 {
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return text
}

// left is how long it will take at the pace of late.
func (t *transfer) left(now time.Time) (time.Duration, bool) {
	runs := t.ended.Load()
	done := t.arrived.Load() + t.compared.Load() + fileWork*t.handled.Load() + runWork*runs
	t.pace.add(now, done)
	rate := t.pace.rate()
	if rate <= 0 || done < leastWork || now.Sub(t.begin) < leastTime ||
		runs < leastRuns && float64(done) < leastShare*float64(t.all()) {
		return 0, false
	}
	return time.Duration(float64(max(0, t.all()-done)) / rate * float64(time.Second)), true
}

// pace is how much was done when, of the last while.
type pace struct{ marks []mark }

type mark struct {
	at   time.Time
	done int64
}

// paceMemory is long enough for several batches, and short enough for a server
// that has become slower.
const paceMemory = 20 * time.Second

func (p *pace) add(now time.Time, done int64) {
	p.marks = append(p.marks, mark{now, done})
	for len(p.marks) > 2 && now.Sub(p.marks[1].at) >= paceMemory {
		p.marks = p.marks[1:]
	}
}

// rate is per second; 0: not known.
func (p *pace) rate() float64 {
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	if took := last.at.Sub(first.at).Seconds(); took > 0 {
		return float64(last.done-first.done) / took
	}
	return 0
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
