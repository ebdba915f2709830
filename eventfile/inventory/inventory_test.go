package inventory_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/inventory"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// check holds the inventory of a run to its points, read the other way.
func check(t *testing.T, run eventfile.Run) {
	t.Helper()
	r := runtest.NewReader(runtest.Options{})
	defer r.Close()
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	chunks := runtest.Drain(t, r.Series)
	want, o := r.Counted(), r.Inventory.Inventory()
	if back := want.SupersededByStep > 0 || want.SupersededBySession > 0; o.GoesBack != back {
		t.Errorf("%s: GoesBack is %v, but %d and %d points are superseded", run.Name, o.GoesBack, want.SupersededByStep, want.SupersededBySession)
	}
	others := make(map[eventfile.Kind]int64)
	i := 0
	for _, tag := range o.Tags {
		if !tag.Scalar {
			others[tag.Kind] += tag.Values
			continue
		}
		if i == len(chunks) {
			t.Fatalf("%s: more series than %d", run.Name, len(chunks))
		}
		checkSeries(t, run.Name, tag, chunks[i])
		i++
	}
	if i != len(chunks) {
		t.Errorf("%s: %d series, want %d", run.Name, i, len(chunks))
	}
	for kind, n := range others {
		if kind != eventfile.HParams && n != want.NotExported[kind] {
			t.Errorf("%s: %d values of kind %s, want %d", run.Name, n, kind, want.NotExported[kind])
		}
	}
}

func checkSeries(t *testing.T, run string, got *inventory.Tag, c series.Chunk) {
	t.Helper()
	n := len(c.Steps)
	want := inventory.Tag{
		Name: c.Tag, Kind: "scalars", Scalar: true, DType: got.DType, Values: int64(n),
		FirstStep: c.Steps[0], LastStep: c.Steps[n-1], MinStep: slices.Min(c.Steps), MaxStep: slices.Max(c.Steps),
		FirstTime: c.WallTimes[0], LastTime: c.WallTimes[n-1], First: c.Values[0], Last: c.Values[n-1],
		Min: math.NaN(), Max: math.NaN(), Means: got.Means,
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
	if got.DType == "" || len(got.Means) == 0 || len(got.Means) > 32 {
		t.Errorf("%s %s: dtype %q, %d means", run, c.Tag, got.DType, len(got.Means))
	}
}

func TestInventoryOfLogs(t *testing.T) {
	for _, run := range append(runtest.Find(t, build.Testdata(t, "logs")), runtest.Find(t, build.Testdata(t, "damaged"))...) {
		check(t, run)
	}
}

func TestInventoryOfRandomRuns(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	for i := range 200 {
		var files [][]byte
		for _, events := range runtest.Random(rnd) {
			var payloads []any
			for _, e := range events {
				payloads = append(payloads, e)
			}
			files = append(files, build.File(t, payloads...))
		}
		check(t, runtest.WriteTo(t, dir, fmt.Sprint("random ", i), files...))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBrief: all is the same but for the numbers.
func TestBrief(t *testing.T) {
	for _, run := range runtest.Find(t, build.Testdata(t, "logs")) {
		whole, brief := inventory.NewCollector(inventory.Options{}), inventory.NewCollector(inventory.Options{Brief: true})
		if _, err := eventfile.NewWalker(dirstore.New(), eventfile.WalkOptions{}).Walk(t.Context(), run, whole, brief); err != nil {
			t.Fatal(err)
		}
		got, want := brief.Inventory(), whole.Inventory()
		if got.GoesBack != want.GoesBack || len(got.Tags) != len(want.Tags) {
			t.Fatalf("%s: %+v, want %+v", run.Name, got, want)
		}
		for i, tag := range want.Tags {
			tag.First, tag.Last, tag.NotFinite, tag.Means, tag.Content = 0, 0, 0, nil, nil
			tag.Min, tag.Max = math.NaN(), math.NaN()
			if fmt.Sprint(*got.Tags[i]) != fmt.Sprint(*tag) {
				t.Errorf("%s: %+v, want %+v", run.Name, *got.Tags[i], *tag)
			}
		}
	}
}

func TestInventoryOfTags(t *testing.T) {
	run := runtest.Write(t, "run", build.File(t,
		build.Summary(1, 5, build.Scalar("b", 1), build.Tensor(t, "a", "scalars", build.Double(2))),
		build.Summary(2, 6, build.Scalar("b", float32(math.Inf(1))), build.Tensor(t, "b", "", build.Double(2))),
		build.Summary(3, 7, build.Tensor(t, "a", "", &pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{1, 2}}),
			&pb.Summary_Value{Tag: []byte("image"), Value: &pb.Summary_Value_Image{}}),
		[]byte{0x2a, 0x80}))
	wanted := func(tag string) bool { return tag != "image" }
	r := runtest.NewReader(runtest.Options{Options: series.Options{Tags: wanted}})
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tag := range r.Inventory.Inventory().Tags {
		got = append(got, fmt.Sprintf("%s %s %v %s %d", tag.Name, tag.Kind, tag.Scalar, tag.DType, tag.Values))
	}
	want := []string{"a scalars true float64 1", "a scalars false float16 1", "b scalars true mixed 3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Stats.NotExported["images"] != 1 {
		t.Errorf("images: %d; the choice of tags is no choice of kinds", r.Stats.NotExported["images"])
	}
}

// TestContent: headers and bytes of every kind, and what of a run has no tag.
func TestContent(t *testing.T) {
	strings := func(shape []int64, all ...string) *pb.TensorProto {
		p := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorShape: &pb.TensorShapeProto{}}
		for _, n := range shape {
			p.TensorShape.Dim = append(p.TensorShape.Dim, &pb.TensorShapeProto_Dim{Size: n})
		}
		for _, s := range all {
			p.StringVal = append(p.StringVal, []byte(s))
		}
		return p
	}
	run := runtest.Write(t, "run", build.File(t,
		build.Summary(1, 5, build.Tensor(t, "text", "text", strings([]int64{2, 1}, "a", "b"))),
		build.Summary(2, 6, build.Tensor(t, "text", "", strings([]int64{3}, "a", "b", "c"))),
		build.Summary(3, 7, build.Tensor(t, "text", "", strings([]int64{3}, "a", "b", "d"))),
		build.Summary(3, 7, build.Tensor(t, "image", "images", strings([]int64{3}, "1", "2", "GIF89a\x05\x00\x06\x00"))),
		&pb.Event{What: &pb.Event_GraphDef{GraphDef: []byte("graph")}}))
	r := runtest.NewReader(runtest.Options{})
	defer r.Close()
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	in := r.Inventory.Inventory()
	var got []string
	for _, tag := range in.Tags {
		h := tag.Content.Header
		got = append(got, fmt.Sprintf("%s %v %d of %d, %dx%d %s, %d bytes, %v", tag.Name, h.Shape, h.Counts, h.Count, h.Width, h.Height, h.Format, tag.Content.Bytes, tag.Content.Varies))
	}
	want := []string{"image [3] 2 of 1, 5x6 gif, 26 bytes, false", "text [3] 1 of 3, 0x0 , 52 bytes, true"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := in.Untagged; len(got) != 1 || got[eventfile.Graphs] != (inventory.Untagged{Values: 1, Bytes: 5}) {
		t.Errorf("untagged: %v", got)
	}
}
