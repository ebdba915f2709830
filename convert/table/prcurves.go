package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// prCurvesSpec is the pr_curves table: one row a curve. The lists have one number
// a threshold.
func prCurvesSpec() Spec {
	var fields []arrow.Field
	for _, name := range []string{"threshold", "tp", "fp", "tn", "fn", "precision", "recall"} {
		fields = append(fields, field(name, numbersType()))
	}
	return valuesSpec{
		name: "pr_curves", unit: "PR curve", forms: []convert.Form{convert.FormPRCurves}, rows: appendPRCurve,
		fields: append(fields, field("shown", arrow.PrimitiveTypes.Int32)), // thresholds on TensorBoard's page
	}.spec()
}

func appendPRCurve(t *valuesTable, in *convert.Input, v *convert.Value) error {
	c, err := v.PRCurve()
	if err != nil {
		return err
	}
	t.begin(in.Run.Name, v, 56*len(c.Threshold))
	for i, list := range [][]float64{c.Threshold, c.TP, c.FP, c.TN, c.FN, c.Precision, c.Recall} {
		if list == nil {
			list = []float64{}
		}
		appendNumbers(t.columns[i], list)
	}
	appendInt32(t.columns[7], int32(c.Shown))
	return nil
}
