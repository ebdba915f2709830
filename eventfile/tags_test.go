package eventfile

import (
	"fmt"
	"maps"
	"testing"

	pb "tbexport/proto"
)

// TestFirstMetadataRules reads runs of one or two files, each a list of
// events, and says what becomes of a tag whose values disagree.
func TestFirstMetadataRules(t *testing.T) {
	plain := func(f float64) *pb.Summary_Value { return tensorValue(t, "x", "", doubleTensor(f)) }
	ruled := func(plugin string, f float64) *pb.Summary_Value {
		return tensorValue(t, "x", plugin, doubleTensor(f))
	}
	simple := func(f float32) *pb.Summary_Value { return scalarValue("x", f) }
	with := func(v *pb.Summary_Value, plugin string, class pb.DataClass) *pb.Summary_Value {
		v.Metadata = metadata(plugin)
		v.Metadata.DataClass = class
		return v
	}
	image := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Image{Image: []byte("i")}}
	audio := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Audio{Audio: []byte("a")}}
	histo := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Histo{Histo: []byte("h")}}
	oldHisto := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_ObsoleteOldStyleHistogram{ObsoleteOldStyleHistogram: []byte("h")}}
	only := &pb.Summary_Value{Tag: []byte("x")}
	vector := tensorValue(t, "x", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2}})

	for _, c := range []struct {
		name  string
		files [][]*pb.Summary_Value // one event each
		want  string
		other map[string]int64
	}{
		{"metadata on the first value only", [][]*pb.Summary_Value{{ruled("scalars", 1), plain(2), plain(3)}}, "x: 0=1 1=2 2=3\n", nil},
		{"metadata in the first file only", [][]*pb.Summary_Value{{ruled("scalars", 1)}, {plain(2)}}, "x: 0=1 0=2\n", nil},
		{"metadata late: what stands before has none", [][]*pb.Summary_Value{{plain(1), ruled("scalars", 2), plain(3)}}, "x: 1=2 2=3\n", map[string]int64{"tensors": 1}},
		{"a value without any before the metadata", [][]*pb.Summary_Value{{only}, {ruled("scalars", 2)}}, "x: 0=2\n", map[string]int64{"metadata": 1}},
		{"only metadata, then values without", [][]*pb.Summary_Value{{with(&pb.Summary_Value{Tag: []byte("x")}, "scalars", 0), plain(2)}}, "x: 1=2\n", map[string]int64{"scalars": 1}},
		{"the plugin changes: the first rules", [][]*pb.Summary_Value{{ruled("text", 1)}, {ruled("scalars", 2)}}, "", map[string]int64{"text": 2}},
		{"the plugin changes from scalars", [][]*pb.Summary_Value{{ruled("scalars", 1)}, {ruled("text", 2)}}, "x: 0=1 0=2\n", nil},
		{"metadata without a plugin rules, too", [][]*pb.Summary_Value{{with(plain(1), "", 0), ruled("scalars", 2)}}, "", map[string]int64{"tensors": 2}},
		{"simple_value makes a scalar tag", [][]*pb.Summary_Value{{simple(1), plain(2), ruled("text", 3)}}, "x: 0=1 1=2 2=3\n", nil},
		{"simple_value over a contradicting plugin", [][]*pb.Summary_Value{{with(simple(1), "text", 0), plain(2)}}, "x: 0=1 1=2\n", nil},
		{"simple_value under a plugin with a data class", [][]*pb.Summary_Value{{with(simple(1), "mine", pb.DataClass_DATA_CLASS_TENSOR), plain(2)}}, "x: 0=1\n", map[string]int64{"mine": 1}},
		{"simple_value of any tag is a point", [][]*pb.Summary_Value{{ruled("text", 1), simple(2)}}, "x: 1=2\n", map[string]int64{"text": 1}},
		{"an image first", [][]*pb.Summary_Value{{image, plain(2)}}, "", map[string]int64{"images": 2}},
		{"audio first", [][]*pb.Summary_Value{{audio, plain(2)}}, "", map[string]int64{"audio": 2}},
		{"a histogram first", [][]*pb.Summary_Value{{histo, plain(2), oldHisto}}, "", map[string]int64{"histograms": 3}},
		{"an old histogram first", [][]*pb.Summary_Value{{oldHisto, plain(2)}}, "", map[string]int64{"histograms": 2}},
		{"an image of a scalar tag", [][]*pb.Summary_Value{{ruled("scalars", 1), image, audio, histo}}, "x: 0=1\n", map[string]int64{"images": 1, "audio": 1, "histograms": 1}},
		{"a vector of a scalar tag", [][]*pb.Summary_Value{{vector, plain(2)}}, "x: 1=2\n", map[string]int64{"scalars": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var files [][]byte
			for _, values := range c.files {
				var payloads []any
				for step, v := range values {
					payloads = append(payloads, summary(1, int64(step), v))
				}
				files = append(files, records(t, payloads...))
			}
			series, stats := readAll(t, RunOptions{}, writeRun(t, "run", files...))
			if got := text(series); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if !maps.Equal(stats.NotExported, c.other) {
				t.Errorf("not exported: %v, not %v", stats.NotExported, c.other)
			}
		})
	}
}

// TestTagsNotUTF8 keeps tags whose bytes are not text, replaced, and makes one
// series of those that then read the same.
func TestTagsNotUTF8(t *testing.T) {
	run := writeRun(t, "run", records(t,
		summary(1, 1, scalarValue("a\xff", 1), scalarValue("a\xfe", 2), scalarValue("b", 3)),
		summary(1, 2, scalarValue("a\xfe", 4), scalarValue("a\xff", 5), scalarValue("a\ufffd", 6)),
		summary(1, 3, scalarValue("c\ufffd", 7), scalarValue("c\xff", 8), scalarValue("c\xff", 9))))
	var asked []string
	series, stats := readAll(t, RunOptions{Tags: func(tag string) bool { asked = append(asked, tag); return true }}, run)
	if got, want := text(series), "a\ufffd: 1=1 1=2 2=4 2=5 2=6\nb: 1=3\nc\ufffd: 3=7 3=8 3=9\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if stats.RenamedTags != 3 || stats.Series != 3 {
		t.Errorf("%d tags renamed, %d series", stats.RenamedTags, stats.Series)
	}
	if fmt.Sprintf("%q", asked) != fmt.Sprintf("%q", []string{"a\ufffd", "b", "c\ufffd"}) {
		t.Errorf("the selection was asked of %q", asked)
	}
}

// TestTagsInChangingOrder looks tags up in orders that the guess of the next
// tag gets wrong.
func TestTagsInChangingOrder(t *testing.T) {
	run := writeRun(t, "run", records(t,
		summary(1, 1, scalarValue("a", 1), scalarValue("b", 2), scalarValue("c", 3)),
		summary(1, 2, scalarValue("c", 4), scalarValue("b", 5), scalarValue("a", 6)),
		summary(1, 3, scalarValue("a", 7), scalarValue("a", 8), scalarValue("", 9)),
		summary(1, 4, scalarValue("", 10), scalarValue("d", 11), scalarValue("b", 12))))
	series, _ := readAll(t, RunOptions{}, run)
	if got, want := text(series), ": 3=9 4=10\na: 1=1 2=6 3=7 3=8\nb: 1=2 2=5 4=12\nc: 1=3 2=4\nd: 4=11\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestManyTags reads 250,000 tags twice, the second time in reverse, through
// the temporary file.
func TestManyTags(t *testing.T) {
	n := 250_000
	if testing.Short() {
		n = 10_000
	}
	name := func(i int) string { return fmt.Sprintf("layer/%06d/weights", i) }
	var payloads []any
	for i := range n {
		payloads = append(payloads, summary(1, 1, scalarValue(name(i), float32(i))))
	}
	for i := range n {
		payloads = append(payloads, summary(1, 2, scalarValue(name(n-1-i), float32(i))))
	}
	r := NewRunReader(RunOptions{MaxPoints: 64 << 10, TempDir: t.TempDir()})
	defer r.Close()
	if err := r.Open(t.Context(), writeRun(t, "run", records(t, payloads...))); err != nil {
		t.Fatal(err)
	}
	series := drain(t, r)
	if len(series) != n || r.Stats().Series != n {
		t.Fatalf("%d series, by the statistics %d", len(series), r.Stats().Series)
	}
	for i, s := range series {
		if s.Tag != name(i) || len(s.Values) != 2 || s.Values[0] != float64(i) || s.Values[1] != float64(n-1-i) {
			t.Fatalf("series %d: %+v", i, s)
		}
	}
}
