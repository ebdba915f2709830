package eventfile

// peek gives the record that Next would read, unless it would have to tell
// more than an event. Next reads it all the same, unless take does so first.
func (r *Reader) peek() (payload []byte, ok bool) {
	if r.damage != nil || r.open > 0 {
		return nil, false
	}
	if !r.peeked {
		r.payload, r.err = r.records.Next()
		r.peeked = true
	}
	return r.payload, r.err == nil
}

// take counts the record just peeked at as an event that was read.
func (r *Reader) take(p *point) {
	r.peeked = false
	r.count(p.step, p.wallTime, len(r.payload))
}

// points reads what continues series of known shapes, as long as nothing else
// comes and at most so many points. It does what Next and event would do with
// these, and leaves everything else to them. It fails only where the run does.
func (r *RunReader) points(most int) (n int, err error) {
	if r.session.version < 2 || r.eventwise {
		return 0, nil // every event may be a restart
	}
	for p := &r.peeked; n < most; n++ {
		payload, ok := r.events.peek()
		if !ok {
			break
		}
		id, ok := r.tags.follow(payload, p)
		if !ok {
			break
		}
		r.events.take(p)
		r.stats.Events++
		r.stats.time(p.wallTime)
		if err := r.point(id, p.step, p.wallTime, p.value, r.tags.tags[id].shape.dtype()); err != nil {
			return n, err
		}
	}
	return n, nil
}
