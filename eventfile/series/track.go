package series

import "math"

// track follows one series as its points come, to tell why later ones go back to
// the steps of earlier ones.
type track struct {
	begun    bool
	overlaps bool // steps go back at a wall time before the last one seen
	step     int64
	latest   float64 // wall time
	repeats  int64   // points that the next one has the step of
}

// goesBack takes in a point whose step is not above the last one.
func (t *track) goesBack(step int64, wallTime float64) {
	switch {
	case step == t.step:
		t.repeats++
	case wallTime < t.latest:
		t.overlaps = true
	}
}

// count says what the superseded points of the series are, counted by step.
func (t *track) count(superseded int64, counts *Counts) {
	repeats := min(t.repeats, superseded)
	counts.Repeated += repeats
	if t.overlaps {
		counts.TwoWriters += superseded - repeats
	}
}

// follow takes in a point of a series.
func (c *collection) follow(id int32, step int64, wallTime float64) {
	if int(id) >= len(c.tracks) {
		c.tracks = append(c.tracks, make([]track, int(id)+1-len(c.tracks))...)
	}
	t := &c.tracks[id]
	switch {
	case !t.begun:
		t.begun, t.latest = true, math.Inf(-1)
	case step <= t.step:
		t.goesBack(step, wallTime)
	}
	if wallTime > t.latest { // NaN never is
		t.latest = wallTime
	}
	t.step = step
}
