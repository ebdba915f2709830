package eventfile

// points reads what continues series of known shapes, as long as nothing else
// comes and at most so many points. It does what Next and event would do with
// these, and leaves everything else to them. It fails only where the run does.
func (r *RunReader) points(most int) (n int, err error) {
	if r.session.version < 2 || r.events.hasToTell() || r.eventwise {
		return 0, nil // every event may be a restart, or have a damage before it
	}
	var p point
	var b batch
	for n < most {
		payload, err := r.events.next()
		if err != nil {
			r.events.hold(payload, err)
			break
		}
		id, ok := r.tags.follow(payload, &p)
		if !ok {
			r.events.hold(payload, nil)
			break
		}
		n++
		b.add(&p, len(payload))
		switch t := &r.tags.tags[id]; {
		case !t.wanted:
			b.unwanted++
		case r.options.Outline:
			b.outlined++
			r.outline.point(id, p.step, p.wallTime, p.value, t.shape.dtype())
		default:
			if err := r.point(id, p.step, p.wallTime, p.value, t.shape.dtype()); err != nil {
				return n, err
			}
		}
	}
	r.count(n, &b)
	return n, nil
}

// batch is what there is to count of some points.
type batch struct {
	bytes    int64 // of their payloads
	unwanted int64
	outlined int64
	last     Position
	earliest float64 // wall times; 0: none, see RunStats
	latest   float64
}

func (b *batch) add(p *point, bytes int) {
	b.bytes += int64(bytes)
	b.last = Position{p.step, p.wallTime}
	if t := p.wallTime; tellsTime(t) {
		if t > b.latest {
			b.latest = t
		}
		if t < b.earliest || b.earliest == 0 {
			b.earliest = t
		}
	}
}

func (r *RunReader) count(n int, b *batch) {
	if n == 0 {
		return
	}
	r.stats.Events += int64(n)
	r.stats.Points += b.unwanted + b.outlined
	r.stats.Unselected += b.unwanted
	r.stats.time(b.earliest)
	r.stats.time(b.latest)
	r.events.count(int64(n), b.bytes, b.last)
}
