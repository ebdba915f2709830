package chart

import (
	"math"
	"strings"
	"testing"
)

func labels(ticks []tick) string {
	var all []string
	for _, t := range ticks {
		all = append(all, t.label)
	}
	return strings.Join(all, " ")
}

func TestNumberTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      string
	}{
		{0, 1, 4, "0 0.5 1.0"},
		{0, 599, 6, "0 100 200 300 400 500"},
		{-0.3, 0.3, 6, "-0.3 -0.2 -0.1 0 0.1 0.2 0.3"},
		{0.1, 2.5, 4, "1 2"},
		{0, 3e38, 3, "0 1e38 2e38 3e38"},
		{1e-12, 5e-12, 4, "1e-12 2e-12 3e-12 4e-12 5e-12"},
		{1e9, 1e9 + 10, 2, "1.000000000e9 1.000000005e9 1.000000010e9"},
		{817152, 8171520, 4, "2,000,000 4,000,000 6,000,000 8,000,000"},
	} {
		if got := labels(numberTicks(c.low, c.high, c.most)); got != c.want {
			t.Errorf("%v to %v: got %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

// TestWholeTicks: there is no step between two steps.
func TestWholeTicks(t *testing.T) {
	for _, c := range []struct {
		first, last float64
		want        string
	}{
		{0, 1, "0 1"}, {0, 2, "0 1 2"}, {7, 7, "7"}, {0, 0, "-1 0 1"}, {0, 4000, "0 1,000 2,000 3,000 4,000"},
	} {
		chart := Chart{Whole: true, Lines: []Line{{X: []float64{c.first, c.last}, Y: []float64{0, 1}}}}
		b, _ := chart.bounds(false)
		if got := labels(chart.xTicks(b, 5)); got != c.want {
			t.Errorf("%v to %v: got %q, want %q", c.first, c.last, got, c.want)
		}
	}
}

// TestXName: an axis of times says the day, if they are times.
func TestXName(t *testing.T) {
	c := Chart{XLabel: "time, UTC", Time: true}
	if got := c.xName(bounds{left: 1700000000.25, right: 1700000010}); got != "time, UTC, from 2023-11-14" {
		t.Errorf("got %q", got)
	}
	if got := c.xName(bounds{left: -1e300, right: 1e300}); got != "time, UTC" {
		t.Errorf("got %q", got)
	}
}

// TestTicksEnd: there are ticks within the axis, and not too many, for every
// axis that widen can give.
func TestTicksEnd(t *testing.T) {
	numbers := []float64{-math.MaxFloat64, -1e300, -1e18, -3, -1e-300, 0, 5e-324, 1e-12, 1, 1 + 1e-16, 1e15, 1e15 + 1, 1.7e9, 1e300, math.MaxFloat64}
	for _, low := range numbers {
		for _, high := range numbers {
			if high < low {
				continue
			}
			c := Chart{Lines: []Line{{X: []float64{low, high}, Y: []float64{low, high}}}}
			b, ok := c.bounds(false)
			if !ok || !(b.low < b.high) || math.IsInf(b.high-b.low, 0) {
				t.Fatalf("%v to %v: bounds %+v", low, high, b)
			}
			for _, ticks := range [][]tick{numberTicks(b.low, b.high, 5), timeTicks(b.left, b.right, 5)} {
				for _, tick := range ticks {
					if !(tick.at >= b.low && tick.at <= b.high) {
						t.Errorf("%v to %v: a tick at %v", low, high, tick.at)
					}
				}
				if len(ticks) > 12 {
					t.Errorf("%v to %v: %d ticks", low, high, len(ticks))
				}
			}
		}
	}
}

func TestLogTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{1e-8, 1e-2, "1e-8 1e-7 1e-6 1e-5 0.0001 0.001 0.01"},
		{0.1, 5, "0.1 0.2 0.5 1 2 5"},
		{31, 36, "31 32 33 34 35 36"},
		{1e-307, 1e300, "1e-307 1e-239 1e-171 1e-103 1e-35 1e33 1e101 1e169 1e237"},
	} {
		chart := Chart{Log: true}
		got := labels(chart.yTicks(bounds{0, 1, math.Log10(c.low), math.Log10(c.high) + 1e-9}, 6))
		if got != c.want {
			t.Errorf("%v to %v: got %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

func TestTimeTicks(t *testing.T) {
	const begin = 1700000000.25 // 2023-11-14 22:13:20.25
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{0.5, "22:13:20.300 22:13:20.400 22:13:20.500 22:13:20.600 22:13:20.700"},
		{10, "22:13:22 22:13:24 22:13:26 22:13:28 22:13:30"},
		{300, "22:14 22:15 22:16 22:17 22:18"},
		{4000, "22:15 22:30 22:45 23:00 23:15"},
		{2 * 86400, "11-15 00:00 11-15 12:00 11-16 00:00 11-16 12:00"},
		{12 * 86400, "2023-11-16 2023-11-23"},
		{500 * 86400, "2023-12-19 2024-12-18"},
	} {
		if got := labels(timeTicks(begin, begin+c.seconds, 5)); got != c.want {
			t.Errorf("%v seconds: got %q, want %q", c.seconds, got, c.want)
		}
	}
	if got := labels(timeTicks(1e18, 1e18+1000, 5)); got == "" {
		t.Error("no ticks beyond the year 9999")
	}
}
