package ui

import (
	"fmt"
	"math"
	"testing"
)

func TestSparkline(t *testing.T) {
	nan := math.NaN()
	unicode := Screen{Unicode: true}
	long := make([]float64, 32)
	for i := range long {
		long[i] = float64(i)
	}
	for _, c := range []struct {
		screen Screen
		means  []float64
		want   string
	}{
		{unicode, []float64{0, 1, 2, 3, 4, 5, 6, 7}, "▁▂▃▄▅▆▇█"},
		{Screen{}, []float64{7, 0}, "#_"},
		{unicode, []float64{5, 5}, "▅▅"},
		{unicode, []float64{nan, 1, nan}, " ▅ "},
		{unicode, []float64{-math.MaxFloat64, math.MaxFloat64}, "▁█"},
		{unicode, []float64{nan}, " "},
		{unicode, nil, ""},
		{unicode, long, "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██"},
	} {
		if got := Sparkline(c.screen, c.means); got != c.want {
			t.Errorf("%v: got %q, want %q", c.means, got, c.want)
		}
	}
	if got := halve([]float64{nan, 2, 4, nan, nan, nan, 7}); fmt.Sprint(got) != "[2 4 NaN 7]" {
		t.Errorf("halved: %v", got)
	}
}
