package main

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	pb "tbexport/proto"
)

// dumpValue is a value of a summary in a line of dump.
type dumpValue struct {
	Tag         string         `json:"tag"`
	Field       string         `json:"field"`
	Plugin      string         `json:"plugin,omitempty"`
	DataClass   string         `json:"data_class,omitempty"`
	DisplayName string         `json:"display_name,omitempty"`
	Description string         `json:"description,omitempty"`
	PluginBytes int            `json:"plugin_bytes,omitempty"` // of the plugin's own content
	PluginData  []byte         `json:"plugin_content,omitempty"`
	Value       *jsonFloat     `json:"value,omitempty"`
	Tensor      *dumpTensor    `json:"tensor,omitempty"`
	Image       *dumpImage     `json:"image,omitempty"`
	Audio       *dumpAudio     `json:"audio,omitempty"`
	Histogram   *dumpHistogram `json:"histogram,omitempty"`
	Bytes       int            `json:"bytes,omitempty"`   // of a field that is not looked into
	Content     []byte         `json:"content,omitempty"` // with --full
}

type (
	dumpImage struct {
		Width   uint64 `json:"width"`
		Height  uint64 `json:"height"`
		Bytes   int    `json:"bytes"`
		Encoded []byte `json:"encoded,omitempty"` // with --full
	}
	dumpAudio struct {
		SampleRate jsonFloat `json:"sample_rate"`
		Channels   uint64    `json:"channels"`
		Frames     uint64    `json:"frames"`
		Type       string    `json:"type"`
		Bytes      int       `json:"bytes"`
		Encoded    []byte    `json:"encoded,omitempty"` // with --full
	}
	dumpHistogram struct {
		Min        jsonFloat   `json:"min"`
		Max        jsonFloat   `json:"max"`
		Num        jsonFloat   `json:"num"`
		Sum        jsonFloat   `json:"sum"`
		SumSquares jsonFloat   `json:"sum_squares"`
		Buckets    int         `json:"buckets"`
		Limits     []jsonFloat `json:"limits,omitempty"` // with --full
		Counts     []jsonFloat `json:"counts,omitempty"`
	}
)

func newDumpValue(v *eventfile.Value, full bool) dumpValue {
	value := dumpValue{Tag: string(v.Tag), Field: fieldName(v.Field), Plugin: string(v.Plugin), PluginBytes: len(v.PluginContent)}
	if v.DataClass != 0 {
		value.DataClass = pb.DataClass(v.DataClass).String()
	}
	if full {
		value.PluginData = v.PluginContent
	}
	switch v.Field {
	case eventfile.FieldSimpleValue:
		f := jsonFloat(v.Simple)
		value.Value = &f
	case eventfile.FieldTensor:
		value.tensor(v.Tensor, full)
	}
	return value
}

func fieldName(f eventfile.Field) string {
	return [...]string{"none", "simple_value", "obsolete_old_style_histogram", "image", "histo", "audio", "tensor"}[f]
}

// describe fills in what eventfile.Value does not decode. What it means is
// TensorFlow's summary.proto; of a broken one, what stands before the break.
func (d *dumpValue) describe(m *pb.Summary_Value, full bool) {
	d.DisplayName, d.Description = string(m.GetMetadata().GetDisplayName()), string(m.GetMetadata().GetSummaryDescription())
	switch x := m.GetValue().(type) {
	case *pb.Summary_Value_Image:
		d.Image = newDumpImage(x.Image, full)
	case *pb.Summary_Value_Audio:
		d.Audio = newDumpAudio(x.Audio, full)
	case *pb.Summary_Value_Histo:
		d.Histogram = newDumpHistogram(x.Histo, full)
	case *pb.Summary_Value_ObsoleteOldStyleHistogram:
		d.Bytes = len(x.ObsoleteOldStyleHistogram)
		if full {
			d.Content = x.ObsoleteOldStyleHistogram
		}
	}
}

func newDumpImage(b []byte, full bool) *dumpImage {
	image := new(dumpImage)
	for _, f := range fields(b) {
		switch f.num {
		case 1:
			image.Height = f.value
		case 2:
			image.Width = f.value
		case 4:
			image.Bytes = len(f.bytes)
			if full {
				image.Encoded = f.bytes
			}
		}
	}
	return image
}

func newDumpAudio(b []byte, full bool) *dumpAudio {
	audio := new(dumpAudio)
	for _, f := range fields(b) {
		switch f.num {
		case 1:
			audio.SampleRate = jsonFloat(math.Float32frombits(uint32(f.value)))
		case 2:
			audio.Channels = f.value
		case 3:
			audio.Frames = f.value
		case 4:
			audio.Bytes = len(f.bytes)
			if full {
				audio.Encoded = f.bytes
			}
		case 5:
			audio.Type = string(f.bytes)
		}
	}
	return audio
}

func newDumpHistogram(b []byte, full bool) *dumpHistogram {
	h := new(dumpHistogram)
	ends := map[int]*jsonFloat{1: &h.Min, 2: &h.Max, 3: &h.Num, 4: &h.Sum, 5: &h.SumSquares}
	var limits, counts []jsonFloat
	for _, f := range fields(b) {
		switch {
		case ends[int(f.num)] != nil:
			*ends[int(f.num)] = jsonFloat(math.Float64frombits(f.value))
		case f.num == 6:
			limits = append(limits, doubles(f)...)
		case f.num == 7:
			counts = append(counts, doubles(f)...)
		}
	}
	h.Buckets = len(counts)
	if full {
		h.Limits, h.Counts = limits, counts
	}
	return h
}

// doubles are the elements of a repeated double, packed or not.
func doubles(f field) (all []jsonFloat) {
	if f.bytes == nil {
		return []jsonFloat{jsonFloat(math.Float64frombits(f.value))}
	}
	for b := f.bytes; len(b) >= 8; b = b[8:] {
		x, _ := protowire.ConsumeFixed64(b)
		all = append(all, jsonFloat(math.Float64frombits(x)))
	}
	return all
}

// tensor fills in a tensor, and its value if it is one number.
func (d *dumpValue) tensor(b []byte, full bool) {
	var m pb.TensorProto
	if proto.Unmarshal(b, &m) != nil {
		d.Bytes = len(b)
		return
	}
	d.Tensor = newDumpTensor(&m, full)
	v := eventfile.Value{Field: eventfile.FieldTensor, Tensor: b}
	if number, err := v.Scalar(); err == nil {
		f := jsonFloat(number.Float)
		d.Value = &f
	}
}
