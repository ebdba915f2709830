package kinds

import (
	"math"
	"math/bits"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// Header is what a value holds, as far as its headers say it: numbers, texts, pictures and sound are not decoded, and
// may contradict it. What is not said is zero.
type Header struct {
	Shape  []int64 // of the tensor, none negative
	Ranked bool    // there is a tensor, and it says its shape

	Counts Counted // what Count counts
	Count  int64
	Points int64 // of one mesh: vertices, faces or colours

	Width, Height int32 // of the first picture, as in Picture
	Format        string
	Clip          ClipHeader // of the first clip
}

// Counted is what the header of a value counts.
type Counted uint8

// What a header counts: nothing, where the value is not of the form of its plugin, or of one that has nothing to count.
const (
	NothingCounted Counted = iota
	Texts
	Pictures
	Clips
	Charts     // of a layout
	Buckets    // of a histogram
	Thresholds // of a PR curve
	Meshes     // of a batch
)

// ClipHeader is that of a Clip.
type ClipHeader struct {
	Known      bool
	SampleRate float64
	Channels   int32
	Frames     int64
}

// Reset forgets all but the memory of the shape.
func (h *Header) Reset() { *h = Header{Shape: h.Shape[:0]} }

// Equal reports whether two headers say the same.
func (h *Header) Equal(o *Header) bool {
	return slices.Equal(h.Shape, o.Shape) && h.Ranked == o.Ranked && h.Counts == o.Counts && h.Count == o.Count &&
		h.Points == o.Points &&
		h.Width == o.Width && h.Height == o.Height && h.Format == o.Format && h.Clip == o.Clip
}

// Tensor reads the header of a tensor of a plugin; of one that is not of the plugin's own form, no more than its shape.
// It gives the type of the elements.
func (h *Header) Tensor(plugin string, b []byte) tensor.DType {
	head := tensor.HeadOf(b, h.Shape)
	*h = Header{Shape: head.Shape, Ranked: head.Ranked}
	for _, size := range h.Shape {
		if size < 0 {
			h.Shape, h.Ranked = h.Shape[:0], false
			return head.DType
		}
	}
	if plugin == "custom_scalars" && head.IsString() {
		if charts, err := DecodeLayout(b); err == nil {
			h.Counts, h.Count = Charts, int64(len(charts))
		}
		return head.DType
	}
	if !h.Ranked {
		return head.DType
	}
	switch strings, rank := head.IsString(), len(h.Shape); {
	case plugin == "images" && strings && rank == 1 && h.Shape[0] >= 2:
		h.images(b)
	case plugin == "audio" && strings && (rank == 1 || rank == 2 && h.Shape[1] == 2):
		h.audio(b)
	case plugin == "text" && strings:
		h.Counts, h.Count = Texts, product(h.Shape)
	case strings:
	case plugin == "histograms" && rank == 2 && h.Shape[1] == 3:
		h.Counts, h.Count = Buckets, h.Shape[0]
	case plugin == "pr_curves" && rank == 2 && h.Shape[0] == prRows:
		h.Counts, h.Count = Thresholds, h.Shape[1]
	case plugin == "mesh" && rank == 3 && h.Shape[2] == 3:
		h.Counts, h.Count, h.Points = Meshes, h.Shape[0], h.Shape[1]
	}
	return head.DType
}

// product is that of a shape, or the largest number where that is less.
func product(shape []int64) int64 {
	n := int64(1)
	for _, size := range shape {
		high, low := bits.Mul64(uint64(n), uint64(size))
		if high > 0 || low > math.MaxInt64 {
			low = math.MaxInt64
		}
		n = int64(low)
	}
	return n
}

// images looks at the first picture of a vector of width, height and pictures.
func (h *Header) images(b []byte) {
	h.Counts, h.Count = Pictures, h.Shape[0]-2
	n := 0
	var size [2]int32
	tensor.EachString(b, func(s []byte) bool {
		if n++; n < 3 {
			size[n-1], _ = declaredSize(s) // what is none is 0
			return true
		}
		p := newPicture(s, size[0], size[1])
		h.Width, h.Height, h.Format = p.Width, p.Height, p.Format
		return false
	})
}

// audio looks at the first clip.
func (h *Header) audio(b []byte) {
	h.Counts, h.Count = Clips, h.Shape[0]
	tensor.EachString(b, func(s []byte) bool {
		c := Clip{Bytes: s}
		c.wav()
		h.clip(&c)
		return false
	})
}

func (h *Header) clip(c *Clip) {
	h.Clip = ClipHeader{c.Known, c.SampleRate, c.Channels, c.Frames}
	if math.IsNaN(c.SampleRate) {
		h.Clip.SampleRate = 0 // it equals itself
	}
}

// OldImage reads the header of a Summary.Image.
func (h *Header) OldImage(b []byte) {
	h.Reset()
	if p, err := DecodeOldImage(b); err == nil {
		h.Counts, h.Count = Pictures, 1
		h.Width, h.Height, h.Format = p.Width, p.Height, p.Format
	}
}

// OldAudio reads the header of a Summary.Audio.
func (h *Header) OldAudio(b []byte) {
	h.Reset()
	if c, err := DecodeOldAudio(b); err == nil {
		h.Counts, h.Count = Clips, 1
		h.clip(&c)
	}
}

// OldHistogram counts the buckets of a HistogramProto.
func (h *Header) OldHistogram(b []byte) {
	h.Reset()
	h.Counts = Buckets
	// A broken message has the buckets in front of the break.
	_ = each(b, func(num protowire.Number, typ protowire.Type, body []byte) {
		switch {
		case num == 7 && typ == protowire.BytesType:
			h.Count += int64(len(body) / 8)
		case num == 7 && typ == protowire.Fixed64Type:
			h.Count++
		}
	})
}
