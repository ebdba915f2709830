package eventfile

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	pb "tbexport/proto"
)

// checkOutline holds the outline of a run to its points, read the other way.
func checkOutline(t *testing.T, run Run) {
	t.Helper()
	series, want := readAll(t, RunOptions{}, run)
	none, got := readAll(t, RunOptions{Outline: true}, run)
	if len(none) > 0 {
		t.Errorf("%s: points in spite of Outline", run.Name)
	}
	o := got.Outline
	if back := want.SupersededByStep > 0 || want.SupersededBySession > 0; o.GoesBack != back {
		t.Errorf("%s: GoesBack is %v, but %d and %d points are superseded", run.Name, o.GoesBack, want.SupersededByStep, want.SupersededBySession)
	}
	if got.Points != want.Points || got.Events != want.Events || fmt.Sprint(got.NotExported) != fmt.Sprint(want.NotExported) {
		t.Errorf("%s: counts %+v, want %+v", run.Name, got, want)
	}
	checkNoValues(t, run, o)
	others := make(map[string]int64)
	i := 0
	for _, tag := range o.Tags {
		if !tag.Scalar {
			others[tag.Kind] += tag.Values
			continue
		}
		if i == len(series) {
			t.Fatalf("%s: more series than %d", run.Name, len(series))
		}
		checkSeries(t, run.Name, tag, series[i])
		i++
	}
	if i != len(series) {
		t.Errorf("%s: %d series, want %d", run.Name, i, len(series))
	}
	for kind, n := range others {
		if kind != pluginHParams && n != want.NotExported[kind] {
			t.Errorf("%s: %d values of kind %s, want %d", run.Name, n, kind, want.NotExported[kind])
		}
	}
}

// checkNoValues holds the outline without what takes the values to the whole one.
func checkNoValues(t *testing.T, run Run, whole *Outline) {
	t.Helper()
	_, stats := readAll(t, RunOptions{Outline: true, NoValues: true}, run)
	got := stats.Outline
	if got.GoesBack != whole.GoesBack || len(got.Tags) != len(whole.Tags) {
		t.Fatalf("%s: without values %+v, want %+v", run.Name, got, whole)
	}
	for i, tag := range got.Tags {
		want := *whole.Tags[i]
		want.First, want.Last, want.NotFinite, want.Course = 0, 0, 0, nil
		want.Min, want.Max = math.NaN(), math.NaN()
		if fmt.Sprint(*tag) != fmt.Sprint(want) {
			t.Errorf("%s: without values %+v, want %+v", run.Name, *tag, want)
		}
	}
}

func checkSeries(t *testing.T, run string, got *TagOutline, c Chunk) {
	t.Helper()
	n := len(c.Steps)
	want := TagOutline{
		Tag: c.Tag, Kind: "scalars", Scalar: true, DType: got.DType, Values: int64(n),
		FirstStep: c.Steps[0], LastStep: c.Steps[n-1], MinStep: slices.Min(c.Steps), MaxStep: slices.Max(c.Steps),
		FirstTime: c.WallTimes[0], LastTime: c.WallTimes[n-1], First: c.Values[0], Last: c.Values[n-1],
		Min: math.NaN(), Max: math.NaN(), Course: got.Course,
	}
	for _, v := range c.Values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			want.NotFinite++
		case math.IsNaN(want.Min):
			want.Min, want.Max = v, v
		case v < want.Min:
			want.Min = v
		case v > want.Max:
			want.Max = v
		}
	}
	if g, w := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\ngot  %s\nwant %s", run, g, w)
	}
	if got.DType == "" || len(got.Course) == 0 || len(got.Course) > courseMeans {
		t.Errorf("%s %s: dtype %q, course of %d", run, c.Tag, got.DType, len(got.Course))
	}
}

func TestOutlineOfLogs(t *testing.T) {
	runs, _, err := Find(Logdir{Name: "logs", Path: filepath.Join("..", "testdata", "logs")},
		Logdir{Name: "damaged", Path: filepath.Join("..", "testdata", "damaged")})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range runs {
		checkOutline(t, run)
	}
}

func TestOutlineOfRandomRuns(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	for i := range 200 {
		var files [][]byte
		for _, events := range randomRun(rnd) {
			var payloads []any
			for _, e := range events {
				payloads = append(payloads, e)
			}
			files = append(files, records(t, payloads...))
		}
		checkOutline(t, writeRunTo(t, dir, fmt.Sprint("random ", i), files...))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOutlineOfTags(t *testing.T) {
	run := writeRun(t, "run", records(t,
		summary(1, 5, scalarValue("b", 1), tensorValue(t, "a", "scalars", doubleTensor(2))),
		summary(2, 6, scalarValue("b", float32(math.Inf(1))), tensorValue(t, "b", "", doubleTensor(2))),
		summary(3, 7, tensorValue(t, "a", "", &pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{1, 2}}),
			&pb.Summary_Value{Tag: []byte("image"), Value: &pb.Summary_Value_Image{}}),
		[]byte{0x2a, 0x80}))
	wanted := func(tag string) bool { return tag != "image" }
	_, stats := readAll(t, RunOptions{Outline: true, Tags: wanted}, run)
	var got []string
	for _, tag := range stats.Outline.Tags {
		got = append(got, fmt.Sprintf("%s %s %v %s %d", tag.Tag, tag.Kind, tag.Scalar, tag.DType, tag.Values))
	}
	want := []string{"a scalars true float64 1", "a scalars false float16 1", "b scalars true mixed 3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if stats.NotExported["images"] != 1 {
		t.Errorf("images: %d; the choice of tags is no choice of kinds", stats.NotExported["images"])
	}
}

func TestOutlineCountsHParams(t *testing.T) {
	start := startData("", param("lr", 0.1), param("layers", 3.0))
	run := writeRun(t, "run", records(t, hparamsEvent(hparamsValue(t, tagSessionStart, start))))
	_, stats := readAll(t, RunOptions{Outline: true}, run)
	if o := stats.Outline; o.HParams != 2 || len(o.Tags) != 1 || o.Tags[0].Kind != "hparams" {
		t.Errorf("got %d hparams, tags %v", o.HParams, o.Tags)
	}
}

func TestTypeName(t *testing.T) {
	for d, want := range map[pb.DataType]string{
		pb.DataType_DT_INVALID: "", pb.DataType_DT_FLOAT: "float32", pb.DataType_DT_DOUBLE: "float64",
		pb.DataType_DT_HALF: "float16", pb.DataType_DT_BFLOAT16: "bfloat16", pb.DataType_DT_UINT8: "uint8", 77: "77",
	} {
		if got := TypeName(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	if d := tensorType([]byte{0x12, 0x00, 0x08, 0x02}); d != pb.DataType_DT_DOUBLE {
		t.Errorf("a type behind the shape: %v", d)
	}
	if d := tensorType([]byte{0x12, 0x7f}); d != pb.DataType_DT_INVALID {
		t.Errorf("a broken tensor: %v", d)
	}
}

// TestCourse: the means are those of the stretches, whatever their length became.
func TestCourse(t *testing.T) {
	for n := range 300 {
		var c course
		var xs []float64
		for i := range n {
			x := float64(i * i % 17)
			if i%5 == 3 {
				x = math.NaN()
			}
			c.add(x, x == x)
			xs = append(xs, x)
		}
		got := c.means()
		length := 1
		for (n+length-1)/length > courseMeans {
			length *= 2
		}
		if want := (n + length - 1) / length; len(got) != want {
			t.Fatalf("%d points: %d means, want %d", n, len(got), want)
		}
		for i, part := range slices.Collect(slices.Chunk(xs, length)) {
			finite := slices.DeleteFunc(slices.Clone(part), math.IsNaN)
			want := math.NaN()
			if len(finite) > 0 {
				want = 0
				for _, x := range finite {
					want += x / float64(len(finite))
				}
			}
			if math.Abs(got[i]-want) > 1e-9 || math.IsNaN(got[i]) != math.IsNaN(want) {
				t.Errorf("%d points, mean %d: %v, want %v", n, i, got[i], want)
			}
		}
	}
}

func TestCourseOfExtremes(t *testing.T) {
	var c course
	for range 100 {
		c.add(math.MaxFloat64, true)
	}
	for _, m := range c.means() {
		if m < math.MaxFloat64*(1-1e-15) || math.IsInf(m, 0) {
			t.Errorf("the mean of the largest float64 is %v", m)
		}
	}
}
