package eventfile_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// TestFirstMetadataRules reads runs of one or two files, each a list of
// events, and says what becomes of a tag whose values disagree.
func TestFirstMetadataRules(t *testing.T) {
	plain := func(f float64) *pb.Summary_Value { return build.Tensor(t, "x", "", build.Double(f)) }
	ruled := func(plugin string, f float64) *pb.Summary_Value {
		return build.Tensor(t, "x", plugin, build.Double(f))
	}
	simple := func(f float32) *pb.Summary_Value { return build.Scalar("x", f) }
	with := func(v *pb.Summary_Value, plugin string, class pb.DataClass) *pb.Summary_Value {
		v.Metadata = build.Metadata(plugin)
		v.Metadata.DataClass = class
		return v
	}
	image := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Image{Image: []byte("i")}}
	audio := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Audio{Audio: []byte("a")}}
	histo := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_Histo{Histo: []byte("h")}}
	oldHisto := &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_ObsoleteOldStyleHistogram{ObsoleteOldStyleHistogram: []byte("h")}}
	only := &pb.Summary_Value{Tag: []byte("x")}
	vector := build.Tensor(t, "x", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2}})

	for _, c := range []struct {
		name  string
		files [][]*pb.Summary_Value // one event each
		want  string
		other map[eventfile.Kind]int64
	}{
		{"metadata on the first value only", [][]*pb.Summary_Value{{ruled("scalars", 1), plain(2), plain(3)}}, "x: 0=1 1=2 2=3\n", nil},
		{"metadata in the first file only", [][]*pb.Summary_Value{{ruled("scalars", 1)}, {plain(2)}}, "x: 0=1 0=2\n", nil},
		{"metadata late: what stands before has none", [][]*pb.Summary_Value{{plain(1), ruled("scalars", 2), plain(3)}}, "x: 1=2 2=3\n", map[eventfile.Kind]int64{"tensors": 1}},
		{"a value without any before the metadata", [][]*pb.Summary_Value{{only}, {ruled("scalars", 2)}}, "x: 0=2\n", map[eventfile.Kind]int64{"metadata": 1}},
		{"only metadata, then values without", [][]*pb.Summary_Value{{with(&pb.Summary_Value{Tag: []byte("x")}, "scalars", 0), plain(2)}}, "x: 1=2\n", map[eventfile.Kind]int64{"scalars": 1}},
		{"the plugin changes: the first rules", [][]*pb.Summary_Value{{ruled("text", 1)}, {ruled("scalars", 2)}}, "", map[eventfile.Kind]int64{"text": 2}},
		{"the plugin changes from scalars", [][]*pb.Summary_Value{{ruled("scalars", 1)}, {ruled("text", 2)}}, "x: 0=1 0=2\n", nil},
		{"metadata without a plugin rules, too", [][]*pb.Summary_Value{{with(plain(1), "", 0), ruled("scalars", 2)}}, "", map[eventfile.Kind]int64{"tensors": 2}},
		{"simple_value makes a scalar tag", [][]*pb.Summary_Value{{simple(1), plain(2), ruled("text", 3)}}, "x: 0=1 1=2 2=3\n", nil},
		{"simple_value over a contradicting plugin", [][]*pb.Summary_Value{{with(simple(1), "text", 0), plain(2)}}, "x: 0=1 1=2\n", nil},
		{"simple_value under a plugin with a data class", [][]*pb.Summary_Value{{with(simple(1), "mine", pb.DataClass_DATA_CLASS_TENSOR), plain(2)}}, "x: 0=1\n", map[eventfile.Kind]int64{"mine": 1}},
		{"simple_value of any tag is a point", [][]*pb.Summary_Value{{ruled("text", 1), simple(2)}}, "x: 1=2\n", map[eventfile.Kind]int64{"text": 1}},
		{"an image first", [][]*pb.Summary_Value{{image, plain(2)}}, "", map[eventfile.Kind]int64{"images": 2}},
		{"audio first", [][]*pb.Summary_Value{{audio, plain(2)}}, "", map[eventfile.Kind]int64{"audio": 2}},
		{"a histogram first", [][]*pb.Summary_Value{{histo, plain(2), oldHisto}}, "", map[eventfile.Kind]int64{"histograms": 3}},
		{"an old histogram first", [][]*pb.Summary_Value{{oldHisto, plain(2)}}, "", map[eventfile.Kind]int64{"histograms": 2}},
		{"an image of a scalar tag", [][]*pb.Summary_Value{{ruled("scalars", 1), image, audio, histo}}, "x: 0=1\n", map[eventfile.Kind]int64{"images": 1, "audio": 1, "histograms": 1}},
		{"a vector of a scalar tag", [][]*pb.Summary_Value{{vector, plain(2)}}, "x: 1=2\n", map[eventfile.Kind]int64{"scalars": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var files [][]byte
			for _, values := range c.files {
				var payloads []any
				for step, v := range values {
					payloads = append(payloads, build.Summary(1, int64(step), v))
				}
				files = append(files, build.File(t, payloads...))
			}
			series, stats := runtest.All(t, runtest.Options{}, runtest.Write(t, "run", files...))
			if got := runtest.Text(series); got != c.want {
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
	run := runtest.Write(t, "run", build.File(t,
		build.Summary(1, 1, build.Scalar("a\xff", 1), build.Scalar("a\xfe", 2), build.Scalar("b", 3)),
		build.Summary(1, 2, build.Scalar("a\xfe", 4), build.Scalar("a\xff", 5), build.Scalar("a\ufffd", 6)),
		build.Summary(1, 3, build.Scalar("c\ufffd", 7), build.Scalar("c\xff", 8), build.Scalar("c\xff", 9))))
	var asked []string
	chunks, stats := runtest.All(t, runtest.Options{Options: series.Options{Tags: func(tag string) bool { asked = append(asked, tag); return true }}}, run)
	if got, want := runtest.Text(chunks), "a\ufffd: 1=1 1=2 2=4 2=5 2=6\nb: 1=3\nc\ufffd: 3=7 3=8 3=9\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if stats.RenamedTags != 3 || stats.Series != 3 {
		t.Errorf("%d tags renamed, %d series", stats.RenamedTags, stats.Series)
	}
	if fmt.Sprintf("%q", slices.Compact(asked)) != fmt.Sprintf("%q", []string{"a\ufffd", "b", "c\ufffd"}) {
		t.Errorf("the selection was asked of %q", asked)
	}
}

// TestTagsInChangingOrder looks tags up in orders that the guess of the next
// tag gets wrong.
func TestTagsInChangingOrder(t *testing.T) {
	run := runtest.Write(t, "run", build.File(t,
		build.Summary(1, 1, build.Scalar("a", 1), build.Scalar("b", 2), build.Scalar("c", 3)),
		build.Summary(1, 2, build.Scalar("c", 4), build.Scalar("b", 5), build.Scalar("a", 6)),
		build.Summary(1, 3, build.Scalar("a", 7), build.Scalar("a", 8), build.Scalar("", 9)),
		build.Summary(1, 4, build.Scalar("", 10), build.Scalar("d", 11), build.Scalar("b", 12))))
	series, _ := runtest.All(t, runtest.Options{}, run)
	if got, want := runtest.Text(series), ": 3=9 4=10\na: 1=1 2=6 3=7 3=8\nb: 1=2 2=5 4=12\nc: 1=3 2=4\nd: 4=11\n"; got != want {
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
		payloads = append(payloads, build.Summary(1, 1, build.Scalar(name(i), float32(i))))
	}
	for i := range n {
		payloads = append(payloads, build.Summary(1, 2, build.Scalar(name(n-1-i), float32(i))))
	}
	r := runtest.NewReader(runtest.Options{Options: series.Options{MaxPoints: 64 << 10, TempDir: t.TempDir()}})
	defer r.Close()
	if err := r.Open(t.Context(), runtest.Write(t, "run", build.File(t, payloads...))); err != nil {
		t.Fatal(err)
	}
	all := runtest.Drain(t, r.Series)
	if len(all) != n || r.Stats.Series != n {
		t.Fatalf("%d series, by the statistics %d", len(all), r.Stats.Series)
	}
	for i, s := range all {
		if s.Tag != name(i) || len(s.Values) != 2 || s.Values[0] != float64(i) || s.Values[1] != float64(n-1-i) {
			t.Fatalf("series %d: %+v", i, s)
		}
	}
}
