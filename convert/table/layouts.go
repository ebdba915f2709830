package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"tbexport/convert"
	"tbexport/eventfile/kinds"
)

// layoutsSpec is the layouts table: one row a chart of the page of custom scalars.
func layoutsSpec() Spec {
	text := arrow.BinaryTypes.String
	return valuesSpec{
		name: "layouts", unit: "chart", forms: []convert.Form{convert.FormLayouts}, rows: appendCharts,
		fields: []arrow.Field{
			field("category", text), field("chart", text),
			nullable("kind", text), // multiline or margin
			field("series", arrow.ListOfNonNullable(arrow.StructOf(nullable("value", text), nullable("lower", text),
				nullable("upper", text)))),
		},
	}.spec()
}

func appendCharts(t *valuesTable, in *convert.Input, v *convert.Value) error {
	charts, err := kinds.DecodeLayout(v.Value.Tensor)
	if err != nil {
		return err
	}
	for _, c := range charts {
		t.begin(in.Run.Name, v, 64*len(c.Series))
		appendString(t.columns[0], c.Category)
		appendString(t.columns[1], c.Title)
		appendText(t.columns[2], string(c.Kind))
		list := t.columns[3].(*array.ListBuilder)
		list.Append(true)
		series := list.ValueBuilder().(*array.StructBuilder)
		for _, s := range c.Series {
			series.Append(true)
			appendString(series.FieldBuilder(0), s.Value)
			if c.Kind == kinds.Margin {
				appendString(series.FieldBuilder(1), s.Lower)
				appendString(series.FieldBuilder(2), s.Upper)
			} else {
				series.FieldBuilder(1).AppendNull()
				series.FieldBuilder(2).AppendNull()
			}
		}
	}
	return nil
}
