package kinds

import (
	"slices"
	"testing"

	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// TestHeader: what headers say of every kind, and of what is not of its plugin's own form.
func TestHeader(t *testing.T) {
	picture, clip := string(pngHeader(640, 480)), string(wav(8000, 2, 16))
	zeros := make([]float64, 60)
	for name, c := range map[string]struct {
		plugin string
		tensor []byte
		want   Header
	}{
		"text":             {"text", texts(t, nil, "a"), Header{Ranked: true, Counts: Texts, Count: 1}},
		"texts":            {"text", texts(t, []int64{2, 1}, "a", "b"), Header{Shape: []int64{2, 1}, Ranked: true, Counts: Texts, Count: 2}},
		"numbers":          {"text", floats(t, float32s, []int64{1}, 1), Header{Shape: []int64{1}, Ranked: true}},
		"histogram":        {"histograms", floats(t, float64s, []int64{2, 3}, zeros[:6]...), Header{Shape: []int64{2, 3}, Ranked: true, Counts: Buckets, Count: 2}},
		"no bucket":        {"histograms", floats(t, float64s, []int64{0, 3}), Header{Shape: []int64{0, 3}, Ranked: true, Counts: Buckets}},
		"vector":           {"histograms", floats(t, float64s, []int64{3}, zeros[:3]...), Header{Shape: []int64{3}, Ranked: true}},
		"pictures":         {"images", texts(t, []int64{4}, "1", "1", picture, "no picture"), Header{Shape: []int64{4}, Ranked: true, Counts: Pictures, Count: 2, Width: 640, Height: 480, Format: "png"}},
		"no picture":       {"images", texts(t, []int64{2}, "1", "1"), Header{Shape: []int64{2}, Ranked: true, Counts: Pictures}},
		"a matrix of them": {"images", texts(t, []int64{1, 1}, picture), Header{Shape: []int64{1, 1}, Ranked: true}},
		"clips": {"audio", texts(t, []int64{2, 2}, clip, "label", clip, ""), Header{Shape: []int64{2, 2}, Ranked: true, Counts: Clips, Count: 2,
			Clip: ClipHeader{Known: true, SampleRate: 8000, Channels: 2, Frames: 16}}},
		"curve":      {"pr_curves", floats(t, float32s, []int64{6, 10}, zeros...), Header{Shape: []int64{6, 10}, Ranked: true, Counts: Thresholds, Count: 10}},
		"mesh":       {"mesh", floats(t, float32s, []int64{2, 10, 3}, zeros...), Header{Shape: []int64{2, 10, 3}, Ranked: true, Counts: Meshes, Count: 2, Points: 10}},
		"layout":     {"custom_scalars", texts(t, nil, string(encode(t, &pb.Layout{Category: []*pb.Category{{Chart: []*pb.Chart{{}, {}}}}}))), Header{Ranked: true, Counts: Charts, Count: 2}},
		"other":      {"mine", floats(t, float32s, []int64{2, 3}, zeros[:6]...), Header{Shape: []int64{2, 3}, Ranked: true}},
		"lies":       {"mine", floats(t, float32s, []int64{-1, 3}), Header{}},
		"very large": {"text", texts(t, []int64{1 << 62, 1 << 62}), Header{Shape: []int64{1 << 62, 1 << 62}, Ranked: true, Counts: Texts, Count: 1<<63 - 1}},
		"no tensor":  {"text", []byte{0xff}, Header{}},
	} {
		var h Header
		if h.Tensor(c.plugin, c.tensor); !h.Equal(&c.want) {
			t.Errorf("%s: got %+v, want %+v", name, h, c.want)
		}
	}
	var h Header
	h.OldHistogram(encode(t, &pb.HistogramProto{Bucket: []float64{1, 2}, BucketLimit: []float64{3, 4}}))
	if want := (Header{Counts: Buckets, Count: 2}); !h.Equal(&want) {
		t.Errorf("old histogram: %+v", h)
	}
	h.OldImage(encode(t, &pb.Image{Width: 1, EncodedImageString: []byte(picture)}))
	if want := (Header{Counts: Pictures, Count: 1, Width: 640, Height: 480, Format: "png"}); !h.Equal(&want) {
		t.Errorf("old image: %+v", h)
	}
	h.OldAudio(encode(t, &pb.Audio{SampleRate: 8000, NumChannels: 1, LengthFrames: 5}))
	if want := (Header{Counts: Clips, Count: 1, Clip: ClipHeader{true, 8000, 1, 5}}); !h.Equal(&want) {
		t.Errorf("old audio: %+v", h)
	}
}

// FuzzHeader: where a value decodes and has one shape, its header says of it what it holds.
func FuzzHeader(f *testing.F) {
	seeds(f)
	f.Add([]byte("\b\a\x12\x04\x12\x02\b0B\x010\x12\x04\x12\x0200")) // two shapes, which are one of [48,0]
	f.Fuzz(func(t *testing.T, b []byte) {
		var h Header
		whole, _ := tensor.Decode(b)
		check := func(plugin string, counts Counted, err error, n int) {
			h.Tensor(plugin, b)
			if err != nil || !h.Ranked || len(h.Shape) == 0 || !slices.Equal(h.Shape, whole.Shape) {
				return // the value is damaged, or a second shape in it, which a header does not look for, adds to the first
			}
			if h.Counts != counts || h.Count != int64(n) {
				t.Errorf("%s: %+v, want %d", plugin, h, n)
			}
		}
		text, err := DecodeText(b)
		check("text", Texts, err, len(text.Texts))
		pictures, err := DecodeImage(b)
		check("images", Pictures, err, len(pictures))
		clips, err := DecodeAudio(b)
		check("audio", Clips, err, len(clips))
		histogram, err := DecodeHistogram(b)
		check("histograms", Buckets, err, len(histogram.Count))
		curve, err := DecodePRCurve(b)
		check("pr_curves", Thresholds, err, len(curve.Threshold))
		mesh, err := DecodeMesh(b)
		check("mesh", Meshes, err, mesh.batch)
		layout, err := DecodeLayout(b)
		check("custom_scalars", Charts, err, len(layout))
		h.OldImage(b)
		h.OldAudio(b)
		h.OldHistogram(b)
	})
}
