package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
)

// imagesSpec is the images table: one row a picture of a value.
func imagesSpec() Spec {
	return valuesSpec{
		name: "images", unit: "image", forms: []convert.Form{convert.FormImages}, rows: appendImages,
		metadata: map[string]string{"huggingface": `{"info":{"features":{"image":{"_type":"Image"}}}}`},
		fields: []arrow.Field{
			field("index", arrow.PrimitiveTypes.Int32), // of the pictures of the value
			field("width", arrow.PrimitiveTypes.Int32), field("height", arrow.PrimitiveTypes.Int32),
			nullable("format", arrow.BinaryTypes.String),
			digestField(),
			nullable("image", blobType()), // as datasets has it
		},
	}.spec()
}

func appendImages(t *valuesTable, in *convert.Input, v *convert.Value) error {
	pictures, err := decodeImages(v.Value)
	if err != nil {
		return err
	}
	for i, p := range pictures {
		t.begin(in.Run.Name, v, len(p.Bytes))
		appendInt32(t.columns[0], int32(i))
		appendInt32(t.columns[1], p.Width)
		appendInt32(t.columns[2], p.Height)
		appendText(t.columns[3], p.Format)
		appendBlob(t.columns[5], p.Bytes)
	}
	return nil
}

func decodeImages(v *event.Value) ([]kinds.Picture, error) {
	if v.Field == event.FieldImage {
		p, err := kinds.DecodeOldImage(v.Message)
		return []kinds.Picture{p}, err
	}
	return kinds.DecodeImage(v.Tensor)
}
