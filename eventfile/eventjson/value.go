package eventjson

import (
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/event"
	pb "tbexport/proto"
)

// Value is a value of a summary.
type Value struct {
	Tag           string     `json:"tag"`
	Field         string     `json:"field"` // the member of the oneof, or "none"
	Plugin        string     `json:"plugin,omitempty"`
	DataClass     string     `json:"data_class,omitempty"`
	DisplayName   string     `json:"display_name,omitempty"`
	Description   string     `json:"description,omitempty"`
	PluginBytes   int        `json:"plugin_bytes,omitempty"`   // of the plugin's own content
	PluginContent []byte     `json:"plugin_content,omitempty"` // with Full
	Value         *Float     `json:"value,omitempty"`          // if it is one number
	Tensor        *Tensor    `json:"tensor,omitempty"`
	Image         *Image     `json:"image,omitempty"`
	Audio         *Audio     `json:"audio,omitempty"`
	Histogram     *Histogram `json:"histogram,omitempty"`
	Bytes         int        `json:"bytes,omitempty"`   // of a field that is not looked into
	Content       []byte     `json:"content,omitempty"` // of it, with Full
}

// Image is the old form of an image.
type Image struct {
	Width   int32  `json:"width"`
	Height  int32  `json:"height"`
	Bytes   int    `json:"bytes"`
	Encoded []byte `json:"encoded,omitempty"` // with Full
}

// Audio is the old form of a clip.
type Audio struct {
	SampleRate Float  `json:"sample_rate"`
	Channels   int64  `json:"channels"`
	Frames     int64  `json:"frames"`
	Type       string `json:"type"`
	Bytes      int    `json:"bytes"`
	Encoded    []byte `json:"encoded,omitempty"` // with Full
}

// Histogram is the old form of a histogram.
type Histogram struct {
	Min        Float   `json:"min"`
	Max        Float   `json:"max"`
	Num        Float   `json:"num"`
	Sum        Float   `json:"sum"`
	SumSquares Float   `json:"sum_squares"`
	Buckets    int     `json:"buckets"`
	Limits     []Float `json:"limits,omitempty"` // with Full
	Counts     []Float `json:"counts,omitempty"` // with Full
}

func newValue(v *event.Value, detail Detail) Value {
	value := Value{
		Tag: string(v.Tag), Field: v.Field.String(), Plugin: string(v.Plugin),
		PluginBytes: len(v.PluginContent), PluginContent: detail.bytes(v.PluginContent),
	}
	if v.DataClass != 0 {
		value.DataClass = pb.DataClass(v.DataClass).String()
	}
	switch v.Field {
	case event.FieldSimpleValue:
		f := Float(v.Simple)
		value.Value = &f
	case event.FieldTensor:
		value.tensor(v.Tensor, detail)
	}
	return value
}

// describe fills in what event.Value does not decode. Of a message that is
// broken, what stands before the break is there.
func (d *Value) describe(m *pb.Summary_Value, detail Detail) {
	d.DisplayName, d.Description = string(m.GetMetadata().GetDisplayName()),
		string(m.GetMetadata().GetSummaryDescription())
	switch x := m.GetValue().(type) {
	case *pb.Summary_Value_Image:
		var m pb.Image
		_ = proto.Unmarshal(x.Image, &m)
		d.Image = &Image{m.Width, m.Height, len(m.EncodedImageString), detail.bytes(m.EncodedImageString)}
	case *pb.Summary_Value_Audio:
		var m pb.Audio
		_ = proto.Unmarshal(x.Audio, &m)
		d.Audio = &Audio{Float(m.SampleRate), m.NumChannels, m.LengthFrames, string(m.ContentType),
			len(m.EncodedAudioString), detail.bytes(m.EncodedAudioString)}
	case *pb.Summary_Value_Histo:
		var m pb.HistogramProto
		_ = proto.Unmarshal(x.Histo, &m)
		d.Histogram = newHistogram(&m, detail)
	case *pb.Summary_Value_ObsoleteOldStyleHistogram:
		d.Bytes, d.Content = len(x.ObsoleteOldStyleHistogram), detail.bytes(x.ObsoleteOldStyleHistogram)
	}
}

func newHistogram(h *pb.HistogramProto, detail Detail) *Histogram {
	histogram := &Histogram{
		Min: Float(h.Min), Max: Float(h.Max), Num: Float(h.Num), Sum: Float(h.Sum), SumSquares: Float(h.SumSquares),
		Buckets: len(h.Bucket),
	}
	if detail == Full {
		histogram.Limits, histogram.Counts = floats(h.BucketLimit), floats(h.Bucket)
	}
	return histogram
}

func floats(xs []float64) (all []Float) {
	for _, x := range xs {
		all = append(all, Float(x))
	}
	return all
}
