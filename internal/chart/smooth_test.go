package chart

import (
	"fmt"
	"math"
	"testing"
)

// TestSmooth: the numbers are of the closed form, the weighted mean of the
// finite values so far with weights w^0, w^1, ... backwards, in exact fractions
// of Python and rounded once. TensorBoard's own function gives the same to 13
// digits (classicSmoothing of data_transformer.ts).
func TestSmooth(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	mixed := []float64{3, 1, nan, 4, 4, 4, inf, 1.5, -9, -inf, 2.6, 5.25}
	for _, c := range []struct {
		name   string
		ys     []float64
		weight float64
		want   []float64
	}{
		{"0.6", mixed, 0.6, []float64{3, 1.75, nan, 2.8979591836734695, 3.4044117647058822, 3.662734212352533, inf,
			2.7553034371643395, -2.082238141641866, -inf, -0.1773480461589735, 2.015691962831055}},
		{"0.9", mixed, 0.9, []float64{3, 1.9473684210526316, nan, 2.7047970479704797, 3.08141901715615, 3.3057312397743646, inf,
			2.9203515459099068, 0.6354597087883895, -inf, 0.9803986351690129, 1.6773859303955727}},
		{"0.999", mixed, 0.999, []float64{3, 1.9994997498749374, nan, 2.667000444777963, 3.0007506251873437, 3.2010005997993596, inf,
			2.9167909222943886, 1.209278210003723, -inf, 1.3837277876532004, 1.815034797564885}},
		{"0", mixed, 0, mixed},
		{"constant, then not", []float64{0.1, 0.1, 0.2}, 0.6, []float64{0.1, 0.1, 0.1510204081632653}},
		{"constant", []float64{0.1, 0.1, 0.1}, 0.7, []float64{0.1, 0.1, 0.1}},
		{"one point", []float64{0.1}, 0.9, []float64{0.1}},
		{"none", nil, 0.9, nil},
		{"only NaN", []float64{nan, nan}, 0.9, []float64{nan, nan}},
		{"only infinities", []float64{inf, inf}, 0.9, []float64{inf, inf}},
		{"single-point parts", []float64{nan, 5, nan, 7, inf, nan}, 0.6, []float64{nan, 5, nan, 6.25, inf, nan}},
		{"constant parts", []float64{2, 2, nan, 2, 5}, 0.5, []float64{2, 2, nan, 2, 3.6}},
		{"NaN first", []float64{nan, 7}, 0.6, []float64{nan, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := smooth(c.ys, c.weight)
			if len(got) != len(c.want) {
				t.Fatalf("got %v", got)
			}
			for i, want := range c.want {
				near := math.Abs(got[i]-want) <= 1e-12 || got[i] == want || math.IsNaN(got[i]) && math.IsNaN(want)
				if !near {
					t.Errorf("point %d: got %v, want %v", i, got[i], want)
				}
			}
		})
	}
}

// TestSmoothConstant: rounding must not make a constant series waver.
func TestSmoothConstant(t *testing.T) {
	ys := make([]float64, 1000)
	for i := range ys {
		ys[i] = 0.1
	}
	if got := smooth(ys, 0.77); fmt.Sprint(got) != fmt.Sprint(ys) {
		t.Error("a constant series changed")
	}
}
