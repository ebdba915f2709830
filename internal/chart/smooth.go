package chart

import (
	"math"
)

// smooth gives ys as TensorBoard shows them at a smoothing of weight, from 0
// up to but not including 1: an exponential moving average from 0, divided by
// 1-weight^n so that its beginning is not drawn to 0 (classicSmoothing in
// tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts). Numbers that are not finite stay as they are and do
// not count; a constant series stays as it is.
func smooth(ys []float64, weight float64) []float64 {
	smooth := make([]float64, len(ys))
	if constant(ys) {
		copy(smooth, ys)
		return smooth
	}
	last, n := 0.0, 0.0
	for i, y := range ys {
		if !isFinite(y) {
			smooth[i] = y
			continue
		}
		last = last*weight + (1-weight)*y
		n++
		smooth[i] = last / (1 - math.Pow(weight, n))
	}
	return smooth
}

func constant(ys []float64) bool {
	for _, y := range ys {
		if y != ys[0] {
			return false
		}
	}
	return true
}
