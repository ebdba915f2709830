package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// audioSpec is the audio table: one row a clip of a value.
func audioSpec() Spec {
	return valuesSpec{
		name: "audio", unit: "clip", forms: []convert.Form{convert.FormAudio}, rows: appendClips, files: true,
		blobs:    true,
		metadata: map[string]string{"huggingface": `{"info":{"features":{"audio":{"_type":"Audio"}}}}`},
		fields: []arrow.Field{
			field("index", arrow.PrimitiveTypes.Int32), // of the clips of the value
			nullable("sample_rate", arrow.PrimitiveTypes.Float64),
			nullable("channels", arrow.PrimitiveTypes.Int32),
			nullable("frames", arrow.PrimitiveTypes.Int64),
			nullable("content_type", arrow.BinaryTypes.String),
			nullable("label", arrow.BinaryTypes.String), // Markdown
			digestField(),
			nullable("audio", blobType()), // as datasets has it
		},
	}.spec()
}

func appendClips(t *valuesTable, in *convert.Input, v *convert.Value) error {
	clips, err := v.Clips()
	if err != nil {
		return err
	}
	for i, c := range clips {
		path, err := t.extract(t.item(in.Run.Name, v, i), func() (extract.File, error) { return extract.Clip(c), nil })
		if err != nil {
			return err
		}
		t.begin(in.Run.Name, v, len(c.Bytes)+len(c.Label))
		appendInt32(t.columns[0], int32(i))
		if c.Known {
			appendFloat64(t.columns[1], c.SampleRate)
			appendInt32(t.columns[2], c.Channels)
			appendInt64(t.columns[3], c.Frames)
		} else {
			for _, b := range t.columns[1:4] {
				b.AppendNull()
			}
		}
		appendText(t.columns[4], c.ContentType)
		if c.Labelled {
			appendString(t.columns[5], c.Label)
		} else {
			t.columns[5].AppendNull()
		}
		appendBlob(t.columns[7], c.Bytes, path)
	}
	return nil
}
