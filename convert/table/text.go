package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// textSpec is the text table: one row a text of a value.
func textSpec() Spec {
	return valuesSpec{
		name: "text", unit: "text", forms: []convert.Form{convert.FormText}, rows: appendTextRows,
		fields: []arrow.Field{
			field("index", arrow.PrimitiveTypes.Int64), // in row-major order; 0 for a value of rank 0
			field("shape", shapeType()),                // of the value
			field("text", arrow.BinaryTypes.String),
		},
	}.spec()
}

func appendTextRows(t *valuesTable, in *convert.Input, v *convert.Value) error {
	text, err := v.Text()
	if err != nil {
		return err
	}
	for i, s := range text.Texts {
		t.begin(in.Run.Name, v, len(s)+8*len(text.Shape))
		appendInt64(t.columns[0], int64(i))
		appendShape(t.columns[1], text.Shape)
		appendString(t.columns[2], s)
	}
	return nil
}
