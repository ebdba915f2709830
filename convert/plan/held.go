package plan

import (
	"iter"
	"slices"
)

// hold keeps the points of a source, in the order of Plan.Points, unless with them
// there would be more than Options.Hold. Of a source all are kept or none.
func (p *Planner) hold(s *Series, c *Chunk) {
	source := s.Source
	if source.notHeld || len(c.Values) == 0 {
		return
	}
	n := heldAs(c)
	if p.held+n > p.options.Hold {
		for _, c := range source.held {
			p.held -= heldAs(c)
		}
		source.held, source.notHeld = nil, true
		return
	}
	p.held += n
	source.held = append(source.held,
		&Chunk{s, slices.Clone(c.Steps), slices.Clone(c.WallTimes), slices.Clone(c.Values)})
}

// heldAs is how many points take as much memory as a chunk: its own, and what stands around them.
func heldAs(c *Chunk) int64 { return int64(len(c.Values)) + 6 }

// held are the points of the logs of a run; not ok: they are to be read again.
func (r *Run) held() (points iter.Seq2[*Chunk, error], ok bool) {
	for _, s := range r.Sources {
		if s.notHeld {
			return nil, false
		}
	}
	return func(yield func(*Chunk, error) bool) {
		for _, s := range r.Sources {
			for _, c := range s.held {
				if c.Series.Points > 0 && !yield(c, nil) {
					return
				}
			}
		}
	}, true
}
