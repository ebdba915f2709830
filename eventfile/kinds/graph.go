package kinds

import "google.golang.org/protobuf/encoding/protowire"

// What a graph is.
const (
	GraphDef          = "graph_def"
	MetaGraphDef      = "meta_graph_def"
	TaggedRunMetadata = "tagged_run_metadata"
)

// GraphOf says what tensors of a plugin are, if it is one of those that keep graphs.
func GraphOf(plugin string) (what string, ok bool) {
	switch plugin {
	case "graphs":
		return GraphDef, true
	case "graph_keras_model":
		return "keras_model", true
	case "graph_run_metadata":
		return "run_metadata", true
	case "graph_run_metadata_graph":
		return "run_metadata_graph", true
	case "graph_tagged_run_metadata":
		return TaggedRunMetadata, true
	}
	return "", false
}

// DecodeGraph gives what a tensor of such a plugin holds: the bytes of one string, as they are.
func DecodeGraph(b []byte) ([]byte, error) {
	t, err := stringTensor(b, 0, 1)
	if err == nil && t.Len() != 1 {
		err = ErrOtherForm
	}
	if err != nil {
		return nil, err
	}
	return t.RawStrings()[0], nil
}

// DecodeTaggedRunMetadata decodes the field tagged_run_metadata of an event: a tag, and an encoded RunMetadata. Both
// are parts of what was decoded.
func DecodeTaggedRunMetadata(b []byte) (tag, metadata []byte, err error) {
	err = each(b, func(num protowire.Number, typ protowire.Type, body []byte) {
		switch {
		case num == 1 && typ == protowire.BytesType:
			tag = body
		case num == 2 && typ == protowire.BytesType:
			metadata = body
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return tag, metadata, nil
}
