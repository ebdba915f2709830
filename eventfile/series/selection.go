package series

// Selection says which points of a series are wanted. The zero value wants all.
type Selection struct {
	FirstStep, LastStep *int64   // both inclusive; nil: no bound
	Since, Until        *float64 // wall times in seconds since the epoch, both inclusive; nil: no bound
	// Sample is the most points wanted of a series: its first, its last and
	// others evenly by index, of those that are otherwise wanted; of one, the
	// last. 0: all.
	Sample int
}

func (s *Selection) bounded() bool {
	return s.FirstStep != nil || s.LastStep != nil || s.Since != nil || s.Until != nil
}

// wants says whether a point lies within the bounds. A wall time that is NaN
// lies within none.
func (s *Selection) wants(step int64, wallTime float64) bool {
	return (s.FirstStep == nil || step >= *s.FirstStep) &&
		(s.LastStep == nil || step <= *s.LastStep) &&
		(s.Since == nil || wallTime >= *s.Since) &&
		(s.Until == nil || wallTime <= *s.Until)
}

// narrow takes the points out of the segment that are not wanted.
func (s *Selection) narrow(seg *segment) {
	if !s.bounded() {
		return
	}
	w := 0
	for i, step := range seg.steps {
		if s.wants(step, seg.wallTimes[i]) {
			seg.move(i, w)
			w++
		}
	}
	seg.steps, seg.wallTimes, seg.payloads = seg.steps[:w], seg.wallTimes[:w], seg.payloads[:w]
}

// sampler picks n of total points, given one after another.
type sampler struct {
	n, total int64
	seen     int64 // points given so far
	picked   int64
}

// pick takes the points out of the segment that are not sampled.
func (s *sampler) pick(seg *segment) {
	w := 0
	for i := range seg.steps {
		if s.picked < s.n && s.seen == s.index(s.picked) {
			seg.move(i, w)
			w++
			s.picked++
		}
		s.seen++
	}
	seg.steps, seg.wallTimes, seg.payloads = seg.steps[:w], seg.wallTimes[:w], seg.payloads[:w]
}

// index is the place of the k-th point picked.
func (s *sampler) index(k int64) int64 {
	if s.n == 1 {
		return s.total - 1
	}
	// k*(total-1)/(n-1), in parts that cannot overflow.
	q, r := (s.total-1)/(s.n-1), (s.total-1)%(s.n-1)
	return k*q + k*r/(s.n-1)
}
