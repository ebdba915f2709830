package rows

import (
	"math"

	"tbexport/convert/plan"
)

// Tally counts the points of a series as they are, and sees whether its steps
// grow. It is what plan.Rules.NewTally is to make for destinations that want
// Ascending.
type Tally struct {
	digest      plan.Digest
	last        int64
	first       int64
	extraPoints int64
}

// NewTally makes the tally of a series.
func NewTally() plan.Tally { return new(Tally) }

// Add takes points.
func (t *Tally) Add(steps []int64, wallTimes, values []float64) {
	for i, step := range steps {
		if t.digest.Points == 0 {
			t.first = step
		} else if step <= t.last {
			t.extraPoints++
		}
		t.last = step
		t.digest.Add(math.Float64bits(wallTimes[i]), uint64(step), math.Float64bits(values[i]))
	}
}

// Points is how many points there are.
func (t *Tally) Points() int64 { return t.digest.Points }

// Digest tells the points apart from any others.
func (t *Tally) Digest() plan.Digest { return t.digest }

// Ascending reports whether the steps of a run, planned with Tallies, can be
// those of its rows: none is negative or beyond what float64 counts exactly,
// and in no series or media they repeat or go back.
func Ascending(r *plan.Run) bool { return Repeats(r) == 0 && inRange(r) }

// Repeats is how many values of a run repeat the step before, or go back.
func Repeats(r *plan.Run) (n int64) {
	for _, s := range r.Series {
		n += s.Tally.(*Tally).extraPoints
	}
	for _, m := range r.Media {
		n += m.Steps.Repeats
	}
	return n
}

func inRange(r *plan.Run) bool {
	for _, s := range r.Series {
		t := s.Tally.(*Tally)
		if t.first < 0 || t.last > 1<<53 {
			return false
		}
	}
	for _, m := range r.Media {
		if m.Steps.First < 0 || m.Steps.Last > 1<<53 {
			return false
		}
	}
	return true
}
