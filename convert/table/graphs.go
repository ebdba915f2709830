package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// graphsSpec is the graphs table: one row a graph or a run's metadata, its bytes
// as they are.
func graphsSpec() Spec {
	return valuesSpec{
		name: "graphs", unit: "graph", forms: []convert.Form{convert.FormGraphs}, rows: appendGraph, tagNull: true,
		files: true, blobs: true,
		fields: []arrow.Field{
			field("what", arrow.BinaryTypes.String), // graph_def, meta_graph_def, run_metadata, keras_model, ...
			field("bytes", arrow.BinaryTypes.Binary),
		},
	}.spec()
}

func appendGraph(t *valuesTable, in *convert.Input, v *convert.Value) error {
	what, bytes, err := v.Graph()
	if err != nil {
		return err
	}
	item := t.item(in.Run.Name, v, 0)
	if v.NoTag {
		item.What = what
	}
	if _, err := t.extract(item, func() (extract.File, error) { return extract.Graph(bytes), nil }); err != nil {
		return err
	}
	t.begin(in.Run.Name, v, len(bytes))
	appendString(t.columns[0], what)
	appendBytes(t.columns[1], bytes)
	return nil
}
