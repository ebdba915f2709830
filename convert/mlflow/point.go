package mlflow

import (
	"cmp"
	"math"
	"slices"

	"tbexport/convert/plan"
)

// point is a scalar as far as a tracking server can tell it from others: the
// time in whole milliseconds, never negative; every NaN the same, no negative
// zero, and the largest float64 no other than infinity, as which it is sent
// and as which the server returns it. Two points that are equal are one there.
type point struct {
	time  int64 // milliseconds since 1970
	step  int64
	value float64
}

// newPoint gives the point that the server keeps of a scalar.
func newPoint(step int64, wallTime, value float64) point {
	return point{milliseconds(wallTime), step, stored(value)}
}

// milliseconds rounds a wall time. What the server does not take becomes the
// nearest time that it does; NaN is 0.
func milliseconds(seconds float64) int64 {
	ms := math.Round(seconds * 1000)
	switch {
	case !(ms > 0):
		return 0
	case ms >= math.MaxInt64:
		return math.MaxInt64
	}
	return int64(ms)
}

// stored is the value that a scalar sent, or one that came back, stands for.
func stored(value float64) float64 {
	switch {
	case math.IsNaN(value):
		return math.NaN()
	case value >= math.MaxFloat64:
		return math.Inf(1)
	case value <= -math.MaxFloat64:
		return math.Inf(-1)
	case value == 0:
		return 0
	}
	return value
}

// compare orders points as the server's histories are: by time, step, value.
func (p point) compare(q point) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.step, q.step), cmp.Compare(p.value, q.value))
}

// after says whether the server takes p for a later value than q
// (mlflow/store/tracking, _update_latest_metrics). It sorts NaN as a zero.
func (p point) after(q point) bool {
	zero := func(x float64) float64 {
		if math.IsNaN(x) {
			return 0
		}
		return x
	}
	return cmp.Or(cmp.Compare(p.step, q.step), cmp.Compare(p.time, q.time),
		cmp.Compare(zero(p.value), zero(q.value))) > 0
}

// distinct sorts points and drops those that are equal to another.
func distinct(points []point) []point {
	if !slices.IsSortedFunc(points, point.compare) {
		slices.SortFunc(points, point.compare)
	}
	return slices.CompactFunc(points, func(p, q point) bool { return p.compare(q) == 0 })
}

func (p point) addTo(d *plan.Digest) {
	d.Add(uint64(p.time), uint64(p.step), math.Float64bits(p.value))
}
