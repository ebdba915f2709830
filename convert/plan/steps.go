package plan

// Steps are what is known of the steps of values, as they come.
type Steps struct {
	First, Last int64
	// Repeats are how many repeat the step before them, or go back.
	Repeats int64

	n int64
}

func (s *Steps) add(step int64) {
	if s.n == 0 {
		s.First = step
	} else if step <= s.Last {
		s.Repeats++
	}
	s.Last = step
	s.n++
}
