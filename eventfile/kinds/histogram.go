package kinds

import "math"

// Histogram is a histogram of a summary's histo field (TensorFlow's
// HistogramProto).
type Histogram struct {
	Min, Max, Num, Sum, SumSquares float64 // of the values that were counted

	// Limits are the upper ends of the buckets, Counts how many values are in
	// each.
	Limits, Counts []float64
}

// DecodeHistogram decodes a HistogramProto.
func DecodeHistogram(b []byte) Histogram {
	var h Histogram
	numbers := [...]*float64{1: &h.Min, 2: &h.Max, 3: &h.Num, 4: &h.Sum, 5: &h.SumSquares}
	for _, f := range fields(b) {
		switch {
		case f.num >= 1 && int(f.num) < len(numbers):
			*numbers[f.num] = math.Float64frombits(f.value)
		case f.num == 6:
			h.Limits = append(h.Limits, f.doubles()...)
		case f.num == 7:
			h.Counts = append(h.Counts, f.doubles()...)
		}
	}
	return h
}
