package eventfile

import (
	"encoding/binary"
	"math"

	pb "tbexport/proto"
)

// point is an event of the shape that nearly all have: a wall time, a step,
// and a summary of one value with a tag and a simple_value.
type point struct {
	wallTime float64
	step     int64
	tag      []byte
	value    float32
}

// walkPoint is walkEvent for that shape, of so few bytes that every length is
// one; false for every other.
//
//	09 <8: wall time>  10 <step>  2a <tag+9>  0a <tag+7>  0a <tag> ...  15 <4: value>
func walkPoint(b []byte, p *point) bool {
	if len(b) < 9+2+11 || b[0] != keyWallTime || b[9] != keyStep {
		return false
	}
	step, n := uvarint(b[10:])
	if n <= 0 {
		return false
	}
	s := b[10+n:]
	tag := len(s) - 11
	if tag < 1 || tag+9 >= 0x80 || s[0] != keySummary || int(s[1]) != tag+9 || s[2] != keySummaryValue || int(s[3]) != tag+7 ||
		s[4] != keyTag || int(s[5]) != tag || s[6+tag] != keySimple {
		return false
	}
	p.wallTime, p.step = math.Float64frombits(binary.LittleEndian.Uint64(b[1:])), int64(step)
	p.tag, p.value = s[6:6+tag:6+tag], math.Float32frombits(binary.LittleEndian.Uint32(s[7+tag:]))
	return true
}

// fill makes e, which is empty, the event that p is.
func (p *point) fill(e *Event) {
	e.WallTime, e.Step, e.What = p.wallTime, p.step, WhatSummary
	v := e.addValue()
	v.Tag, v.Field, v.Simple = p.tag, FieldSimpleValue, p.value
}

// peekPoint looks whether the next call of Next would return a point and
// nothing would have to be told of it. Next returns it all the same, unless
// takePoint does so first.
func (r *Reader) peekPoint(p *point) bool {
	if r.damage != nil || r.open > 0 {
		return false
	}
	if !r.peeked {
		r.payload, r.err = r.records.Next()
		r.peeked = true
	}
	return r.err == nil && walkPoint(r.payload, p)
}

// takePoint counts the point just peeked at as read.
func (r *Reader) takePoint(p *point) {
	r.peeked = false
	r.count(p.step, p.wallTime, len(r.payload))
}

// points reads what continues series that are known, as long as nothing else
// comes and at most so many points. It does what Next and event would do with
// these, and leaves everything else to them. It fails only where the run does.
func (r *RunReader) points(most int) (n int, err error) {
	if r.session.version < 2 || r.eventwise {
		return 0, nil // every event may be a restart
	}
	p := &r.peeked
	for n < most && r.events.peekPoint(p) {
		id, known := r.tags.follow(p.tag)
		if !known {
			break
		}
		r.events.takePoint(p)
		n++
		r.stats.Events++
		r.stats.time(p.wallTime)
		if err := r.point(id, p.step, p.wallTime, float64(p.value), pb.DataType_DT_FLOAT); err != nil {
			return n, err
		}
	}
	return n, nil
}
