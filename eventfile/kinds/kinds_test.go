package kinds

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	pb "tbexport/proto"
)

const (
	float32s = pb.DataType_DT_FLOAT
	float64s = pb.DataType_DT_DOUBLE
)

// decoders are those of tensors.
var decoders = map[string]func([]byte) (any, error){
	"text":      func(b []byte) (any, error) { return DecodeText(b) },
	"histogram": func(b []byte) (any, error) { return DecodeHistogram(b) },
	"image":     func(b []byte) (any, error) { return DecodeImage(b) },
	"audio":     func(b []byte) (any, error) { return DecodeAudio(b) },
	"pr curve":  func(b []byte) (any, error) { return DecodePRCurve(b) },
	"mesh":      func(b []byte) (any, error) { return DecodeMesh(b) },
	"graph":     func(b []byte) (any, error) { return DecodeGraph(b) },
	"layout":    func(b []byte) (any, error) { return DecodeLayout(b) },
}

// TestOtherForm: a sound tensor that is not what the plugin writes is no damage.
func TestOtherForm(t *testing.T) {
	number := floats(t, float32s, nil, 1)
	for _, test := range []struct {
		kind, name string
		tensor     []byte
	}{
		{"text", "a number", number},
		{"histogram", "text", texts(t, []int64{0, 3})},
		{"histogram", "a vector", floats(t, float32s, []int64{3}, 1, 2, 3)},
		{"histogram", "[k, 2]", floats(t, float32s, []int64{1, 2}, 1, 2)},
		{"histogram", "complex", encode(t, &pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX64, TensorShape: shape(0, 3)})},
		{"image", "numbers", number},
		{"image", "a width only", texts(t, []int64{1}, "3")},
		{"image", "rank 2", texts(t, []int64{1, 2}, "3", "4")},
		{"image", "no width", texts(t, []int64{3}, "\x89PNG", "4", "")},
		{"image", "a height of 40 digits", texts(t, []int64{3}, "3", strings.Repeat("9", 40), "")},
		{"audio", "numbers", number},
		{"audio", "[n, 3]", texts(t, []int64{1, 3}, "a", "b", "c")},
		{"audio", "rank 0", texts(t, nil, "a")},
		{"pr curve", "[5, T]", floats(t, float32s, []int64{5, 1}, 1, 2, 3, 4, 5)},
		{"pr curve", "rank 3", floats(t, float32s, []int64{6, 1, 1}, 1, 2, 3, 4, 5, 6)},
		{"mesh", "rank 2", floats(t, float32s, []int64{1, 3}, 1, 2, 3)},
		{"mesh", "two dimensions", floats(t, float32s, []int64{1, 1, 2}, 1, 2)},
		{"graph", "two strings", texts(t, []int64{2}, "a", "b")},
		{"layout", "a number", number},
	} {
		if got, err := decoders[test.kind](test.tensor); !errors.Is(err, ErrOtherForm) {
			t.Errorf("%s of %s: %v, %v", test.kind, test.name, got, err)
		}
	}
}

// TestDamage: bytes that are no protocol buffer, and a shape that contradicts its content, are damage for every kind.
func TestDamage(t *testing.T) {
	for kind, decode := range decoders {
		for name, b := range map[string][]byte{
			"undecodable": []byte("\x08\x07\x42\x7f"),
			"shape":       encode(t, &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorShape: shape(2), StringVal: make([][]byte, 3)}),
			"numbers":     encode(t, &pb.TensorProto{Dtype: float32s, TensorShape: shape(2, 3), TensorContent: make([]byte, 20)}),
		} {
			if got, err := decode(b); err == nil || errors.Is(err, ErrOtherForm) {
				t.Errorf("%s, %s: %v, %v", kind, name, got, err)
			}
		}
	}
	broken := []byte("\x08\x07\x22\x7f")
	for name, decode := range map[string]func([]byte) error{
		"image":     func(b []byte) error { _, err := DecodeOldImage(b); return err },
		"audio":     func(b []byte) error { _, err := DecodeOldAudio(b); return err },
		"histogram": func(b []byte) error { _, err := DecodeOldHistogram(b); return err },
		"mesh":      func(b []byte) error { _, err := DecodeMeshContent(b); return err },
		"metadata":  func(b []byte) error { _, _, err := DecodeTaggedRunMetadata(b); return err },
	} {
		if err := decode(broken); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := DecodeOldHistogram(encode(t, &pb.HistogramProto{Bucket: []float64{1, 2}, BucketLimit: []float64{1}})); err == nil {
		t.Error("a histogram of 1 edge and 2 counts")
	}
	if _, err := DecodeLayout(texts(t, nil, "\x12\x7f")); err == nil {
		t.Error("a layout that is none")
	}
	if _, err := DecodeMesh(floats(t, float32s, []int64{1 << 40, 0, 3})); err == nil {
		t.Error("10^12 meshes of nothing")
	}
}

func TestVersion(t *testing.T) {
	for content, want := range map[string]int64{"": 0, "\x08\x00": 0, "\x08\x01": 1, "\x12\x01a\x08\x02": 2} {
		if got, ok := Version([]byte(content)); got != want || !ok {
			t.Errorf("%q: %d, %v, want %d", content, got, ok, want)
		}
	}
	if _, ok := Version([]byte("{}")); ok {
		t.Error("JSON has a version")
	}
}

func TestText(t *testing.T) {
	long := strings.Repeat("0123456789", 5_000_000)
	for _, test := range []struct {
		dims []int64
		in   []string
		want []string
	}{
		{nil, []string{"# a"}, []string{"# a"}},
		{[]int64{1}, []string{""}, []string{""}},
		{[]int64{0}, nil, nil},
		{[]int64{2, 2}, []string{"a", "b", "c", "d"}, []string{"a", "b", "c", "d"}},
		{[]int64{1, 2, 1}, []string{"a", "b"}, []string{"a", "b"}},
		{[]int64{3}, []string{"same"}, []string{"same", "same", "same"}},
		{nil, []string{"\xc3(\xff\xfeé"}, []string{"\uFFFD(\uFFFD\uFFFDé"}},
		{nil, []string{long}, []string{long}},
	} {
		got, err := DecodeText(texts(t, test.dims, test.in...))
		if err != nil || !slices.Equal(got.Texts, test.want) || !slices.Equal(got.Shape, test.dims) {
			t.Errorf("%v: %v of %v, %v", test.dims, len(got.Texts), got.Shape, err)
		}
	}
}

func TestHistogram(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []float64
		want Histogram
	}{
		{"no bucket", nil, Histogram{}},
		{"one", []float64{1, 2, 3}, Histogram{Left: []float64{1}, Right: []float64{2}, Count: []float64{3}}},
		{"constant", []float64{5, 5, 0, 5, 5, 9}, Histogram{Left: []float64{5, 5}, Right: []float64{5, 5}, Count: []float64{0, 9}}},
		{"edges that go back", []float64{3, 2, 1, 2, 1, 0.5}, Histogram{Left: []float64{3, 2}, Right: []float64{2, 1}, Count: []float64{1, 0.5}}},
	} {
		for _, d := range []pb.DataType{float32s, float64s} {
			got, err := DecodeHistogram(floats(t, d, []int64{int64(len(test.in) / 3), 3}, test.in...))
			if err != nil || !same(got.Left, test.want.Left) || !same(got.Right, test.want.Right) || !same(got.Count, test.want.Count) || got.Old {
				t.Errorf("%s: %+v, %v", test.name, got, err)
			}
		}
	}
}

func TestOldHistogram(t *testing.T) {
	for _, test := range []struct {
		name string
		in   *pb.HistogramProto
		left []float64
	}{
		{"no bucket", &pb.HistogramProto{Min: 1}, nil},
		{"one", &pb.HistogramProto{Min: 1, BucketLimit: []float64{2}, Bucket: []float64{3}}, []float64{1}},
		{"the last is the biggest float", &pb.HistogramProto{Min: -1, BucketLimit: []float64{0, math.MaxFloat64}, Bucket: []float64{1, 2}}, []float64{-1, 0}},
		{"the smallest is above the first edge", &pb.HistogramProto{Min: 3, BucketLimit: []float64{2, 4}, Bucket: []float64{0, 1}}, []float64{2, 2}},
		{"edges that go back", &pb.HistogramProto{Min: 3, BucketLimit: []float64{4, 2}, Bucket: []float64{0, 0.5}}, []float64{3, 4}},
		{"NaN", &pb.HistogramProto{Min: math.NaN(), BucketLimit: []float64{4}, Bucket: []float64{1}}, []float64{4}},
	} {
		test.in.Max, test.in.Num, test.in.Sum, test.in.SumSquares = 4, 5, 6, 7
		got, err := DecodeOldHistogram(encode(t, test.in))
		if err != nil || !same(got.Left, test.left) || !same(got.Right, test.in.BucketLimit) || !same(got.Count, test.in.Bucket) || !got.Old ||
			!same([]float64{got.Min, got.Max, got.Num, got.Sum, got.SumSquares}, []float64{test.in.Min, 4, 5, 6, 7}) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}

func TestPRCurve(t *testing.T) {
	for _, test := range []struct {
		name       string
		tp, fp     []float64
		thresholds []float64
		shown      int
	}{
		{"none", nil, nil, nil, 0},
		{"one", []float64{0}, []float64{0}, []float64{0}, 1},
		{"all are shown", []float64{3, 2, 1}, []float64{1, 1, 0}, []float64{0, 0.5, 1}, 3},
		{"the end is cut", []float64{3, 0, 1, 0, 0}, []float64{1, 0, 0, 0, 0.5}, []float64{0, 0.25, 0.5, 0.75, 1}, 3},
		{"nothing but the first", []float64{0, 0}, []float64{0, 0}, []float64{0, 1}, 1},
	} {
		n := len(test.tp)
		rest := make([]float64, 4*n)
		for i := range rest {
			rest[i] = float64(i)
		}
		for _, d := range []pb.DataType{float32s, float64s} {
			c, err := DecodePRCurve(floats(t, d, []int64{6, int64(n)}, slices.Concat(test.tp, test.fp, rest)...))
			if err != nil || !same(c.TP, test.tp) || !same(c.FP, test.fp) || !same(slices.Concat(c.TN, c.FN, c.Precision, c.Recall), rest) ||
				!same(c.Threshold, test.thresholds) || c.Shown != test.shown {
				t.Errorf("%s: %+v, %v", test.name, c, err)
			}
		}
	}
	if last := thresholds(128); last[127] != 1 || last[1] != 0.007874015748031496 || last[86] != 86*(1.0/127) {
		t.Errorf("thresholds %v", last)
	}
}

func TestMesh(t *testing.T) {
	content, err := DecodeMeshContent(encode(t, &pb.MeshPluginData{Name: []byte("m\xff"), ContentType: pb.MeshPluginData_FACE, JsonConfig: []byte("{}"),
		Shape: []int32{1, 2, 3}, Components: 6}))
	if want := (MeshContent{Name: "m\uFFFD", Part: Faces, Config: "{}"}); err != nil || content != want {
		t.Errorf("%+v, %v, want %+v", content, err, want)
	}
	if content, err = DecodeMeshContent([]byte("\x18\x09")); err != nil || content.Part != NoMeshPart {
		t.Errorf("a part that nobody knows: %+v, %v", content, err)
	}
	points := func(dims []int64, all ...float64) MeshPoints {
		p, err := DecodeMesh(floats(t, float32s, dims, all...))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	vertices := points([]int64{2, 2, 3}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	faces := points([]int64{1, 1, 3}, 0, 1, 2)
	want := []Mesh{
		{[]float64{0, 1, 2, 3, 4, 5}, []float64{0, 1, 2}, nil},
		{[]float64{6, 7, 8, 9, 10, 11}, nil, nil},
	}
	if got := JoinMeshes(vertices, faces, MeshPoints{}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := JoinMeshes(MeshPoints{}, faces, MeshPoints{}); len(got) != 1 || got[0].Vertices != nil || len(got[0].Faces) != 3 {
		t.Errorf("faces and no vertices: %v", got)
	}
	if got := JoinMeshes(points([]int64{3, 0, 3}), MeshPoints{}, MeshPoints{}); len(got) != 3 || got[2].Vertices == nil || len(got[2].Vertices) != 0 {
		t.Errorf("meshes without a vertex: %v", got)
	}
	if got := JoinMeshes(points([]int64{0, 5, 3}), MeshPoints{}, MeshPoints{}); len(got) != 0 {
		t.Errorf("no meshes: %v", got)
	}
}

func TestGraph(t *testing.T) {
	for _, dims := range [][]int64{nil, {1}} {
		if got, err := DecodeGraph(texts(t, dims, "\x0a\xff")); err != nil || string(got) != "\x0a\xff" {
			t.Errorf("%q, %v", got, err)
		}
	}
	tag, metadata, err := DecodeTaggedRunMetadata(encode(t, &pb.TaggedRunMetadata{Tag: []byte("t"), RunMetadata: []byte("m")}))
	if err != nil || string(tag) != "t" || string(metadata) != "m" {
		t.Errorf("%q, %q, %v", tag, metadata, err)
	}
	if what, ok := GraphOf("graph_keras_model"); what != "keras_model" || !ok {
		t.Errorf("%q, %v", what, ok)
	}
	if what, ok := GraphOf("text"); ok {
		t.Errorf("text is %q", what)
	}
}

func TestLayout(t *testing.T) {
	multiline := &pb.Chart{Title: []byte("lines"), Content: &pb.Chart_Multiline{Multiline: &pb.MultilineChartContent{Tag: [][]byte{[]byte("loss.*"), []byte("\xff")}}}}
	margin := &pb.Chart{Title: []byte("band"), Content: &pb.Chart_Margin{Margin: &pb.MarginChartContent{
		Series: []*pb.MarginChartContent_Series{{Value: []byte("v"), Lower: []byte("l"), Upper: []byte("u")}}}}}
	b := encode(t, &pb.Layout{Category: []*pb.Category{
		{Title: []byte("a"), Chart: []*pb.Chart{multiline, margin}}, {Title: []byte("empty")}, {Title: []byte("b"), Chart: []*pb.Chart{{}}},
	}})
	want := []Chart{
		{"a", "lines", Multiline, []ChartSeries{{Value: "loss.*"}, {Value: "\uFFFD"}}},
		{"a", "band", Margin, []ChartSeries{{"v", "l", "u"}}},
		{"b", "", "", nil},
	}
	if got, err := DecodeLayout(texts(t, nil, string(b))); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}
