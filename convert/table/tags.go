package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"google.golang.org/protobuf/proto"

	"tbexport/convert"
	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// tagsSpec is the tags table: one row a tag of a run.
func tagsSpec() Spec {
	text, whole := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64
	return valuesSpec{
		name: "tags", unit: "tag", tags: true, run: appendTags,
		fields: []arrow.Field{
			field("kind", text),      // of its first value
			nullable("plugin", text), // by the first metadata
			nullable("display_name", text), nullable("description", text),
			nullable("content", arrow.BinaryTypes.Binary), // the plugin's
			// Of all its values, in file order.
			field("points", whole), field("first_step", whole), field("last_step", whole),
		},
	}.spec()
}

func appendTags(t *valuesTable, in *convert.Input, emit func(arrow.Record) error) error {
	for _, s := range in.Tags {
		var m pb.SummaryMetadata
		if err := proto.Unmarshal(s.Metadata, &m); err != nil {
			m.Reset() // its event was decoded: it does
		}
		content := m.GetPluginData().GetContent()
		t.begin(in.Run.Name, &convert.Value{Tag: s.Name}, len(content))
		appendString(t.columns[0], s.Kind.String())
		appendText(t.columns[1], tensor.UTF8(m.GetPluginData().GetPluginName()))
		appendText(t.columns[2], tensor.UTF8(m.DisplayName))
		appendText(t.columns[3], tensor.UTF8(m.SummaryDescription))
		if len(content) > 0 {
			appendBytes(t.columns[4], content)
		} else {
			t.columns[4].AppendNull()
		}
		appendInt64(t.columns[5], s.Values)
		appendInt64(t.columns[6], s.FirstStep)
		appendInt64(t.columns[7], s.LastStep)
		if err := t.flushIfFull(emit); err != nil {
			return err
		}
	}
	return nil
}
