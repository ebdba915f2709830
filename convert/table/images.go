package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// imagesSpec is the images table: one row a picture of a value.
func imagesSpec() Spec {
	return valuesSpec{
		name: "images", unit: "image", forms: []convert.Form{convert.FormImages}, rows: appendImages, files: true,
		blobs:    true,
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
	pictures, err := v.Pictures()
	if err != nil {
		return err
	}
	for i, p := range pictures {
		path, err := t.extract(t.item(in.Run.Name, v, i),
			func() (extract.File, error) { return extract.Picture(p), nil })
		if err != nil {
			return err
		}
		t.begin(in.Run.Name, v, len(p.Bytes))
		appendInt32(t.columns[0], int32(i))
		appendInt32(t.columns[1], p.Width)
		appendInt32(t.columns[2], p.Height)
		appendText(t.columns[3], p.Format)
		appendBlob(t.columns[5], p.Bytes, path)
	}
	return nil
}
