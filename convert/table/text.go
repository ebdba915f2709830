package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// textSpec is the text table: one row a text of a value.
func textSpec() Spec {
	return valuesSpec{
		name: "text", unit: "text", forms: []convert.Form{convert.FormText}, rows: appendTextRows, files: true,
		fields: []arrow.Field{
			field("index", arrow.PrimitiveTypes.Int64), // in row-major order; 0 for a value of rank 0
			field("shape", shapeType()),                // of the value
			textField(),
		},
	}.spec()
}

func appendTextRows(t *valuesTable, in *convert.Input, v *convert.Value) error {
	text, err := v.RawText()
	if err != nil {
		return err
	}
	for i, s := range text.Texts {
		if _, err := t.extract(t.item(in.Run.Name, v, i),
			func() (extract.File, error) { return extract.Text(s), nil }); err != nil {
			return err
		}
		t.begin(in.Run.Name, v, len(s)+8*len(text.Shape))
		appendInt64(t.columns[0], int64(i))
		appendShape(t.columns[1], text.Shape)
		if column := t.columns[2].(*texts); !t.silent && t.rows == 1 && len(text.Texts) == 1 && len(s) >= hugePayload {
			column.lend(s, v.Keep())
		} else {
			column.append(s)
		}
	}
	return nil
}
