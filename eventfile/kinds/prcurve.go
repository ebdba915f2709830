package kinds

import "math"

// PRCurve is a precision-recall curve: for each threshold, how many examples are what.
type PRCurve struct {
	// One number a threshold, from 0 to 1.
	Threshold, TP, FP, TN, FN, Precision, Recall []float64

	// Shown is how many thresholds TensorBoard's page shows: not those at the end without a positive prediction.
	Shown int
}

// prRows is how many rows the tensor has.
const prRows = 6

// DecodePRCurve decodes a tensor of the plugin pr_curves: real numbers [6, T].
func DecodePRCurve(b []byte) (PRCurve, error) {
	t, err := realTensor(b)
	if err == nil && (len(t.Shape) != 2 || t.Shape[0] != prRows) {
		err = ErrOtherForm
	}
	if err != nil {
		return PRCurve{}, err
	}
	all := t.Floats()
	n := len(all) / prRows
	row := func(i int) []float64 { return all[i*n : (i+1)*n : (i+1)*n] }
	c := PRCurve{
		Threshold: thresholds(n),
		TP:        row(0), FP: row(1), TN: row(2), FN: row(3), Precision: row(4), Recall: row(5),
		Shown: n,
	}
	// As the page counts: in whole examples, and never nothing.
	for c.Shown > 1 && math.Trunc(c.TP[c.Shown-1])+math.Trunc(c.FP[c.Shown-1]) == 0 {
		c.Shown--
	}
	return c, nil
}

// thresholds are n numbers evenly from 0 to 1, to the bit as numpy's linspace gives them.
func thresholds(n int) []float64 {
	all := make([]float64, n)
	step := 1 / float64(n-1)
	for i := range all {
		all[i] = float64(i) * step
	}
	if n > 1 {
		all[n-1] = 1
	} else if n == 1 {
		all[0] = 0
	}
	return all
}
