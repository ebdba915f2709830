package mlflow

import (
	"math"

	"tbexport/convert/plan"
)

// tally takes the points of one series as the server keeps them. It is the
// plan.Tally of the Rules.
type tally struct {
	// duplicates are points equal to another of the series, once their time is
	// in milliseconds; the server keeps one of each.
	duplicates int64
	badTimes   int64 // wall times that are negative, not finite or too large, and become the nearest that MLflow takes
	negZero    int64 // zeros that lose their sign on the server

	digest plan.Digest
	last   point // in the order of point.compare
	latest point // as MLflow has it: that with the highest step, then time, then value
	// mixed: points came out of the server's order over a chunk's end, so
	// digest counts duplicates too.
	mixed  bool
	points []point // of one chunk
}

// tallyOf is that of a series of a plan for MLflow.
func tallyOf(s *plan.Series) *tally { return s.Tally.(*tally) }

// Points is how many points are to be sent: those of one chunk that are equal
// are one.
func (t *tally) Points() int64 { return t.digest.Points }

// Digest tells the points apart from others that the server could keep.
func (t *tally) Digest() plan.Digest { return t.digest }

// Add takes a chunk.
func (t *tally) Add(steps []int64, wallTimes, values []float64) {
	t.points = t.points[:0]
	for i, value := range values {
		if value == 0 && math.Signbit(value) {
			t.negZero++
		}
		if !(wallTimes[i] >= 0 && wallTimes[i]*1000 < math.MaxInt64) {
			t.badTimes++
		}
		t.points = append(t.points, newPoint(steps[i], wallTimes[i], value))
	}
	t.add(t.points)
}

// add takes the points of a chunk. It sorts them.
func (t *tally) add(points []point) {
	kept := distinct(points)
	if len(kept) == 0 {
		return
	}
	t.duplicates += int64(len(points) - len(kept))
	first := t.digest.Points == 0
	if !first && t.last.compare(kept[0]) >= 0 {
		t.mixed = true
	}
	for _, q := range kept {
		if t.digest.Points == 0 || q.after(t.latest) {
			t.latest = q
		}
		q.addTo(&t.digest)
	}
	if last := kept[len(kept)-1]; first || last.compare(t.last) > 0 {
		t.last = last
	}
}
