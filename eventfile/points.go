package eventfile

import "tbexport/eventfile/event"

// points reads what continues series of known patterns, as long as nothing else
// comes and at most so many points. It does what Next and event would do with
// these, and leaves everything else to them. It fails only where the run does.
func (w *Walker) points(most int) (n int, err error) {
	if w.session.version < 2 || w.events.hasToTell() {
		return 0, nil // every event may be a restart, or have a damage before it
	}
	var p event.Point
	var b batch
	for n < most && err == nil {
		payload, failure := w.events.next()
		if failure != nil {
			w.events.hold(payload, failure)
			break
		}
		t := w.tags.follow(payload, &p)
		if t == nil {
			w.events.hold(payload, nil)
			break
		}
		n++
		p.WallTime = w.options.WallTimeUnit.seconds(p.WallTime)
		b.add(&p, len(payload))
		err = t.point(Point(p))
	}
	w.count(n, &b)
	return n, err
}

// batch is what there is to count of some points.
type batch struct {
	bytes    int64 // of their payloads
	last     Position
	earliest float64 // wall times; 0: none, see RunStats
	latest   float64
}

func (b *batch) add(p *event.Point, bytes int) {
	b.bytes += int64(bytes)
	b.last = Position{p.Step, p.WallTime}
	if t := p.WallTime; tellsTime(t) {
		if t > b.latest {
			b.latest = t
		}
		if t < b.earliest || b.earliest == 0 {
			b.earliest = t
		}
	}
}

func (w *Walker) count(n int, b *batch) {
	if n == 0 {
		return
	}
	w.stats.Events += int64(n)
	w.stats.Points += int64(n)
	w.stats.Values += int64(n)
	w.stats.time(b.earliest)
	w.stats.time(b.latest)
	w.events.count(int64(n), b.bytes, b.last)
}
