package rows

// merge calls f for the points of all streams by step, and at one step in the
// order of the streams.
func merge(streams []*stream, f func(*point) error) error {
	h := make(heap, 0, len(streams))
	for i, s := range streams {
		if err := s.fill(); err != nil {
			return err
		}
		if len(s.window) > 0 {
			h = append(h, entry{s.window[0].step, i, s})
		}
	}
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
	for len(h) > 0 {
		s := h[0].stream
		if err := f(&s.window[0]); err != nil {
			return err
		}
		s.window = s.window[1:]
		if err := s.fill(); err != nil {
			return err
		}
		if len(s.window) > 0 {
			h[0].step = s.window[0].step
		} else {
			h[0] = h[len(h)-1]
			h = h[:len(h)-1]
		}
		h.down(0)
	}
	return nil
}

// entry is a stream by its next point.
type entry struct {
	step   int64
	order  int
	stream *stream
}

// heap has the entry that comes first at 0.
type heap []entry

func (h heap) before(i, j int) bool {
	return h[i].step < h[j].step || h[i].step == h[j].step && h[i].order < h[j].order
}

// down moves entry i to its place.
func (h heap) down(i int) {
	for {
		first := 2*i + 1
		if first >= len(h) {
			return
		}
		if second := first + 1; second < len(h) && h.before(second, first) {
			first = second
		}
		if !h.before(first, i) {
			return
		}
		h[i], h[first] = h[first], h[i]
		i = first
	}
}
