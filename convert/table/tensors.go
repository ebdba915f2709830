package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/eventfile/tensor"
)

// tensorsSpec is the tensors table: one row a tensor that is no other kind.
func tensorsSpec() Spec {
	return valuesSpec{
		name: "tensors", unit: "tensor", forms: []convert.Form{convert.FormTensors}, rows: appendTensor, files: true,
		fields: []arrow.Field{
			nullable("plugin", arrow.BinaryTypes.String),
			field("dtype", arrow.BinaryTypes.String), // TensorFlow's name
			field("shape", shapeType()),
			nullable("values", numbersType()),           // of real numbers and bools
			nullable("strings", textsType()),            // of strings
			nullable("bytes", arrow.BinaryTypes.Binary), // see tensor.Tensor.Bytes
		},
	}.spec()
}

func appendTensor(t *valuesTable, in *convert.Input, v *convert.Value) error {
	x, err := tensor.Decode(v.Value.Tensor)
	if err != nil {
		return err
	}
	if _, err := t.extract(t.item(in.Run.Name, v, 0),
		func() (extract.File, error) { return extract.Tensor(&x, v.Value.Tensor) }); err != nil {
		return err
	}
	bytes, values, texts := x.Bytes(), x.Floats(), x.Strings()
	t.begin(in.Run.Name, v, len(bytes)+8*len(values)+len(v.Value.Tensor))
	appendText(t.columns[0], tensor.UTF8([]byte(v.Plugin)))
	appendString(t.columns[1], x.DType.String())
	appendShape(t.columns[2], x.Shape)
	if values == nil && x.Real() {
		values = []float64{}
	}
	appendNumbers(t.columns[3], values)
	if texts == nil && x.IsString() {
		texts = []string{}
	}
	appendTexts(t.columns[4], texts)
	if bytes == nil && x.IsString() {
		t.columns[5].AppendNull()
	} else {
		appendBytes(t.columns[5], bytes)
	}
	return nil
}
