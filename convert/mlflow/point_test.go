package mlflow

import (
	"math"
	"slices"
	"testing"

	"tbexport/convert/plan"
)

func TestMilliseconds(t *testing.T) {
	for seconds, want := range map[float64]int64{
		0: 0, 1.0004: 1000, 1.0005: 1001, 1700000000.123456: 1700000000123, -1: 0, math.Inf(-1): 0,
		math.Inf(1): math.MaxInt64, 1e300: math.MaxInt64, 9e15: 9e18, 9.3e15: math.MaxInt64,
	} {
		if got := milliseconds(seconds); got != want {
			t.Errorf("%v s are %d ms, want %d", seconds, got, want)
		}
	}
	if got := milliseconds(math.NaN()); got != 0 {
		t.Errorf("NaN is %d ms", got)
	}
}

func TestStoredValuesAreWhatComesBack(t *testing.T) {
	for _, value := range []float64{0, 1, -1.5, 1e-320, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1)} {
		back := max(-math.MaxFloat64, min(math.MaxFloat64, value)) // as the server clips it
		if stored(value) != stored(back) {
			t.Errorf("%v is %v, and came back as %v", value, stored(value), stored(back))
		}
	}
	if math.Signbit(stored(math.Copysign(0, -1))) {
		t.Error("zero kept its sign")
	}
	if !math.IsNaN(stored(math.Float64frombits(0x7ff8000000000123))) || math.Float64bits(stored(math.NaN())) != math.Float64bits(math.NaN()) {
		t.Error("NaN is not always the same")
	}
}

func TestDigestTellsSetsApart(t *testing.T) {
	points := []point{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, math.NaN()}, {1, 1, 1}, {2, 1, 0}, {1, 2, 0}}
	sum := func(points []point) (d plan.Digest) {
		for _, p := range points {
			p.addTo(&d)
		}
		return d
	}
	all := sum(points)
	backward := slices.Clone(points)
	slices.Reverse(backward)
	if sum(backward) != all {
		t.Error("the order matters")
	}
	seen := map[plan.Digest]int{}
	for i := range points {
		without := slices.Delete(slices.Clone(points), i, i+1)
		changed := append(without, point{points[i].time, points[i].step, 42})
		seen[sum(without)]++
		seen[sum(changed)]++
	}
	seen[all]++
	if len(seen) != 2*len(points)+1 {
		t.Errorf("%d sets have %d digests", 2*len(points)+1, len(seen))
	}
}

func TestDistinct(t *testing.T) {
	nan := math.NaN()
	got := distinct([]point{{2, 0, 1}, {1, 0, 1}, {2, 0, 1}, {1, 0, nan}, {1, 0, nan}, {1, 0, 0}})
	if len(got) != 4 || got[0].time != 1 || !math.IsNaN(got[0].value) || got[3].time != 2 {
		t.Errorf("got %v", got)
	}
}

func TestComparePoints(t *testing.T) {
	a, b, c := point{1000, 1, 1}, point{2000, 2, 2}, point{3000, 3, 3}
	for _, x := range []struct {
		expected, got     []point
		notThere, notHere int64
		first             string
	}{
		{[]point{a, b}, []point{b, a}, 0, 0, ""},
		{[]point{a, b, c}, []point{a, c}, 1, 0, "step 2, 1970-01-01T00:00:02.000Z, value 2"},
		{[]point{a}, []point{a, b}, 0, 1, ""},
		{[]point{a}, []point{a, a}, 0, 1, ""},
		{nil, []point{a}, 0, 1, ""},
	} {
		d := comparePoints(x.expected, x.got)
		if d.NotThere != x.notThere || d.NotHere != x.notHere || d.Expected != x.first {
			t.Errorf("%v and %v: %+v", x.expected, x.got, d)
		}
	}
}
