package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// histogramsSpec is the histograms table: one row a histogram. The last five
// columns are null in the new form, which does not have them.
func histogramsSpec() Spec {
	number := arrow.PrimitiveTypes.Float64
	return valuesSpec{
		name: "histograms", unit: "histogram", forms: []convert.Form{convert.FormHistograms}, rows: appendHistogram,
		fields: []arrow.Field{
			// The lists are of equal length.
			field("left", numbersType()), field("right", numbersType()), field("count", numbersType()),
			nullable("min", number), nullable("max", number), nullable("num", number), nullable("sum", number),
			nullable("sum_squares", number),
		},
	}.spec()
}

func appendHistogram(t *valuesTable, in *convert.Input, v *convert.Value) error {
	h, err := v.Histogram()
	if err != nil {
		return err
	}
	t.begin(in.Run.Name, v, 24*len(h.Count))
	for i, list := range [][]float64{h.Left, h.Right, h.Count} {
		if list == nil {
			list = []float64{}
		}
		appendNumbers(t.columns[i], list)
	}
	for i, x := range []float64{h.Min, h.Max, h.Num, h.Sum, h.SumSquares} {
		if h.Old {
			appendFloat64(t.columns[3+i], x)
		} else {
			t.columns[3+i].AppendNull()
		}
	}
	return nil
}
