package eventfile

import (
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// Check looks whether a value of the tag decodes as what it is, and gives how many
// bytes of it do not. Walks and readers that check values agree in it.
func (t *Tag) Check(v *event.Value) (bytes int64, sound bool) {
	if t.Plugin == string(Scalars) && v.Field == event.FieldTensor {
		_, err := v.Scalar()
		return int64(len(v.Tensor)), err == nil || err == tensor.ErrNotScalar && v.Sound()
	}
	if v.Field == event.FieldSimpleValue && !v.HasMetadata {
		return 0, true
	}
	if !v.Sound() {
		return int64(max(len(v.Tensor), len(v.Message), 1)), false
	}
	if bytes, sound = t.checkContent(v); !sound {
		return bytes, false
	}
	var err error
	switch v.Field {
	case event.FieldImage:
		_, err = kinds.DecodeOldImage(v.Message)
	case event.FieldAudio:
		_, err = kinds.DecodeOldAudio(v.Message)
	case event.FieldHisto:
		err = kinds.CheckOldHistogram(v.Message)
	case event.FieldTensor:
		if err = kinds.Check(t.Plugin, v.Tensor); err == nil && v.HasMetadata && string(v.Plugin) != t.Plugin {
			err = kinds.Check(string(v.Plugin), v.Tensor)
		}
		return int64(len(v.Tensor)), err == nil
	}
	return int64(len(v.Message)), err == nil
}

// checkContent checks what the plugin keeps beside the value.
func (t *Tag) checkContent(v *event.Value) (bytes int64, sound bool) {
	var err error
	switch {
	case !v.HasMetadata: // TF1's writer strips it from all values but the first
	case t.Plugin == string(HParams):
		err = proto.Unmarshal(v.PluginContent, new(pb.HParamsPluginData))
	case t.Plugin == string(Meshes):
		_, err = kinds.DecodeMeshContent(v.PluginContent)
	}
	return int64(len(v.PluginContent)), err == nil
}
