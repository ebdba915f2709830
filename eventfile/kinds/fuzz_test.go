package kinds

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// seeds are tensors of every kind.
func seeds(f *testing.F) {
	f.Add(texts(f, nil, "text"))
	f.Add(texts(f, []int64{3}, "3", "4", string(pngHeader(3, 4))))
	f.Add(texts(f, []int64{1, 2}, string(wav(8000, 1, 4)), "label"))
	f.Add(floats(f, float64s, []int64{2, 3}, 1, 2, 3, 4, 5, 6))
	f.Add(floats(f, float32s, []int64{6, 1}, 1, 2, 3, 4, 5, 6))
	f.Add(floats(f, float32s, []int64{1, 2, 3}, 1, 2, 3, 4, 5, 6))
	f.Add(texts(f, nil, string(encode(f, &pb.Layout{Category: []*pb.Category{{Chart: []*pb.Chart{{Title: []byte("t"),
		Content: &pb.Chart_Margin{Margin: &pb.MarginChartContent{Series: []*pb.MarginChartContent_Series{{Value: []byte("v")}}}}}}}}}))))
}

func FuzzText(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := DecodeText(b)
		n := int64(1)
		for _, d := range text.Shape {
			n *= d
		}
		if err == nil && n != int64(len(text.Texts)) {
			t.Errorf("%d texts of %v", len(text.Texts), text.Shape)
		}
	})
}

func FuzzHistogram(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := DecodeHistogram(b); err == nil && (len(h.Left) != len(h.Right) || len(h.Left) != len(h.Count)) {
			t.Errorf("%+v", h)
		}
	})
}

func FuzzOldHistogram(f *testing.F) {
	f.Add(encode(f, &pb.HistogramProto{Min: 1, Bucket: []float64{1, 2}, BucketLimit: []float64{3, 4}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pb.HistogramProto
		h, err := DecodeOldHistogram(b)
		if err == nil && (len(h.Left) != len(h.Right) || len(h.Left) != len(h.Count)) {
			t.Errorf("%+v", h)
		}
		if bad := proto.Unmarshal(b, &m); err == nil && bad != nil {
			t.Error(bad)
		}
	})
}

// FuzzCheck holds the checks against the decoders.
func FuzzCheck(f *testing.F) {
	seeds(f)
	for _, m := range []*pb.HistogramProto{{}, {Min: 1, BucketLimit: []float64{1, 2}, Bucket: []float64{3, 4}}, {Bucket: []float64{1}}} {
		f.Add(encode(f, m))
	}
	f.Add([]byte("\x32\x07\x00\x00\x00\x00\x00\x00\x00\x3a\x07\x00\x00\x00\x00\x00\x00\x00")) // packed doubles of 7 bytes
	f.Add([]byte("\x31\x00\x00\x00\x00\x00\x00\x00\x00\x39\x00\x00\x00\x00\x00\x00\x00\x00\x30\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, want := DecodeOldHistogram(b)
		if got := CheckOldHistogram(b); (got == nil) != (want == nil) {
			t.Errorf("checked: %v, decoded: %v", got, want)
		}
		for plugin, decode := range map[string]func([]byte) error{
			"histograms": func(b []byte) error { _, err := DecodeHistogram(b); return err },
			"pr_curves":  func(b []byte) error { _, err := DecodePRCurve(b); return err },
			"mesh":       func(b []byte) error { _, err := DecodeMesh(b); return err },
		} {
			want := decode(b)
			if got := Check(plugin, b); (got == nil) != (want == nil || errors.Is(want, ErrOtherForm)) {
				t.Errorf("%s: checked: %v, decoded: %v", plugin, got, want)
			}
		}
	})
}

func FuzzImage(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		pictures, _ := DecodeImage(b)
		for _, p := range pictures {
			if len(p.Bytes) > len(b) {
				t.Errorf("%d bytes of %d", len(p.Bytes), len(b))
			}
		}
	})
}

// FuzzPicture: any bytes may stand for a picture.
func FuzzPicture(f *testing.F) {
	f.Add(pngHeader(3, 4))
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x01\x00\x01"))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8L\x08\x00\x00\x00\x2f12345678"))
	f.Add([]byte("BM............\x28\x00\x00\x00\x05\x00\x00\x00\xfe\xff\xff\xff"))
	f.Add([]byte("GIF89a\x01\x00\x01\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if format, width, height, ok := pictureHeader(b); width < 0 || height < 0 || ok && format == "" {
			t.Errorf("%s of %dx%d, %v", format, width, height, ok)
		}
	})
}

func FuzzAudio(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		clips, _ := DecodeAudio(b)
		for _, c := range clips {
			if len(c.Bytes) > len(b) || c.Frames > int64(len(b)) {
				t.Errorf("%+v of %d bytes", c, len(b))
			}
		}
	})
}

// FuzzClip: any bytes may stand for sound.
func FuzzClip(f *testing.F) {
	f.Add(wav(8000, 1, 4))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := Clip{Bytes: b}
		c.wav()
		if c.Frames < 0 || c.Frames > int64(len(b)) || c.Channels < 0 {
			t.Errorf("%+v", c)
		}
	})
}

func FuzzPRCurve(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := DecodePRCurve(b); err == nil && (len(c.Recall) != len(c.Threshold) || c.Shown > len(c.TP)) {
			t.Errorf("%+v", c)
		}
	})
}

func FuzzMesh(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = DecodeMeshContent(b)
		p, err := DecodeMesh(b)
		if err != nil {
			return
		}
		for _, m := range JoinMeshes(p, MeshPoints{}, p) {
			if len(m.Vertices)%3 != 0 || len(m.Vertices) != len(m.Colors) {
				t.Errorf("%+v", m)
			}
		}
	})
}

func FuzzGraph(f *testing.F) {
	seeds(f)
	f.Add(encode(f, &pb.TaggedRunMetadata{Tag: []byte("t"), RunMetadata: []byte("m")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if g, err := DecodeGraph(b); err == nil && len(g) > len(b) {
			t.Errorf("%d bytes of %d", len(g), len(b))
		}
		if tag, metadata, err := DecodeTaggedRunMetadata(b); err == nil && len(tag)+len(metadata) > len(b) {
			t.Errorf("%d bytes of %d", len(tag)+len(metadata), len(b))
		}
	})
}

func FuzzLayout(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if charts, err := DecodeLayout(b); err == nil && len(charts) > len(b) {
			t.Errorf("%d charts in %d bytes", len(charts), len(b))
		}
	})
}
