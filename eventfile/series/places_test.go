package series_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

func tensor(t *testing.T, tag, plugin, content string) *pb.Summary_Value {
	return build.Tensor(t, tag, plugin, &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte(content)}})
}

// walkPlaces collects the places of a run of files in memory.
func walkPlaces(t *testing.T, store *runtest.Memory, o series.PlacesOptions, files ...string) *series.Places {
	t.Helper()
	o.TempDir = t.TempDir()
	p := series.NewPlaces(o)
	w := eventfile.NewWalker(store, eventfile.WalkOptions{})
	if _, err := w.Walk(t.Context(), eventfile.Run{Name: "run", Files: files}, p); err != nil {
		t.Fatal(err)
	}
	return p
}

// read gives the values of a kind as text, read from their places.
func read(t *testing.T, store *runtest.Memory, p *series.Places, kind eventfile.Kind) (text string) {
	t.Helper()
	values := eventfile.NewValueReader(store)
	for place, err := range p.Of(kind) {
		if err != nil {
			t.Fatal(err)
		}
		v, err := values.Value(t.Context(), place.Place)
		if err != nil {
			t.Fatal(err)
		}
		if string(v.Tag) != place.Tag {
			t.Errorf("the value of %q is of %q", place.Tag, v.Tag)
		}
		text += fmt.Sprintf("%s %d=%s ", place.Tag, place.Step, v.Tensor[len(v.Tensor)-1:])
	}
	if err := values.Close(); err != nil {
		t.Error(err)
	}
	return text
}

func TestPlaces(t *testing.T) {
	image := &pb.Summary_Value{Tag: []byte("b"), Value: &pb.Summary_Value_Image{Image: []byte("i")}}
	store := &runtest.Memory{Files: map[string][]byte{
		"1": build.File(t, build.Version("brain.Event:2"),
			build.Summary(1, 1, build.Scalar("loss", 1), tensor(t, "b", "text", "p"), tensor(t, "a", "text", "q")),
			build.Summary(2, 2, tensor(t, "b", "", "r"), image),
			&pb.Event{Step: 3, What: &pb.Event_GraphDef{GraphDef: []byte("graph")}}),
		"2": build.File(t, build.Version("brain.Event:2"), build.Session(pb.SessionLog_START, 2),
			build.Summary(3, 2, tensor(t, "b", "", "s")), build.Summary(3, 3, tensor(t, "m", "mine", "t"))),
	}}
	p := walkPlaces(t, store, series.PlacesOptions{}, "1", "2")
	for range 2 { // again and again
		for kind, want := range map[eventfile.Kind]string{"text": "a 1=q b 1=p b 2=r b 2=s ", "mine": "m 3=t ", "audio": ""} {
			if got := read(t, store, p, kind); got != want {
				t.Errorf("%s: got %q, not %q", kind, got, want)
			}
		}
	}
	if c := p.Counts("text"); c != (series.Counts{Written: 4, SupersededByStep: 1, SupersededBySession: 1, Repeated: 1}) {
		t.Errorf("counts %+v", c)
	}
	if n := count(p, eventfile.Images); n != 1 {
		t.Errorf("%d images, not 1", n)
	}
	graphs := 0
	for place, err := range p.Of(eventfile.Graphs) {
		if err != nil {
			t.Fatal(err)
		}
		graphs++
		e, err := eventfile.NewValueReader(store).Event(t.Context(), place.Place)
		if err != nil || e.What != event.WhatGraphDef || place.Tag != "" || place.Step != 3 {
			t.Errorf("%+v: %v, %v", place, e, err)
		}
	}
	if graphs != 1 {
		t.Errorf("%d graphs, not 1", graphs)
	}
	only := func(k eventfile.Kind) bool { return k == "text" }
	p = walkPlaces(t, store, series.PlacesOptions{Kinds: only, Options: series.Options{
		Restarts: series.SessionRestarts, Select: series.Selection{Sample: 1}, Tags: func(tag string) bool { return tag == "b" }}}, "1", "2")
	if got, want := read(t, store, p, "text"), "b 2=s "; got != want || count(p, eventfile.Images) != 0 {
		t.Errorf("got %q, not %q", got, want)
	}
	if c := p.Counts("text"); c != (series.Counts{Written: 1, Dropped: 1, SampledOut: 1, SupersededByStep: 1, SupersededBySession: 1, Repeated: 1}) {
		t.Errorf("counts %+v", c)
	}
}

// count is the number of values of a kind.
func count(p *series.Places, kind eventfile.Kind) (n int) {
	for range p.Of(kind) {
		n++
	}
	return n
}

// TestPlacesAreLikePoints: what becomes of the points of a run becomes of as many
// values in their places.
func TestPlacesAreLikePoints(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		store := &runtest.Memory{Files: make(map[string][]byte)}
		o := runtest.RandomOptions(rnd)
		o.TempDir = t.TempDir()
		run := eventfile.Run{Name: "run"}
		for i, events := range runtest.Random(rnd) {
			var payloads []any
			for _, e := range events {
				for _, v := range e.GetSummary().GetValue() {
					e.GetSummary().Value = append(e.GetSummary().Value, copied(t, v))
				}
				payloads = append(payloads, e)
			}
			path := fmt.Sprint("file ", i)
			store.Files[path] = build.File(t, payloads...)
			run.Files = append(run.Files, path)
		}
		wanted := o.Tags
		points := series.NewCollector(o)
		o.Tags = func(tag string) bool { return wanted == nil || wanted(tag[len("copy/"):]) }
		places := series.NewPlaces(series.PlacesOptions{Options: o, Kinds: func(k eventfile.Kind) bool { return k == "mine" }})
		w := eventfile.NewWalker(store, eventfile.WalkOptions{})
		if _, err := w.Walk(t.Context(), run, points, copies{places}); err != nil {
			t.Fatal(err)
		}
		want := runtest.Drain(t, points)
		var got []series.Chunk
		values := eventfile.NewValueReader(store)
		for p, err := range places.Of("mine") {
			if err != nil {
				t.Fatal(err)
			}
			v, err := values.Value(t.Context(), p.Place)
			if err != nil {
				t.Fatal(err)
			}
			number, err := v.Scalar()
			if err != nil {
				t.Fatal(err)
			}
			tag := p.Tag[len("copy/"):]
			if n := len(got); n == 0 || got[n-1].Tag != tag {
				got = append(got, series.Chunk{Tag: tag, Origin: p.WallTime})
			}
			c := &got[len(got)-1]
			c.Steps, c.WallTimes, c.Values = append(c.Steps, p.Step), append(c.WallTimes, p.WallTime), append(c.Values, number.Float)
		}
		// NaN of a float32 that became a float64 has the same bits.
		if err := runtest.SameSeries(got, want); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		a, b := points.Counts(), places.Counts("mine")
		if a.Unselected = b.Unselected; a != b {
			t.Fatalf("seed %d: %+v of points, %+v of places", seed, a, b)
		}
		if err := errors.Join(points.Close(), places.Close(), values.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// copied is a value of another tag: of a number a tensor of the kind "mine", of
// all else an image.
func copied(t *testing.T, v *pb.Summary_Value) *pb.Summary_Value {
	c := &pb.Summary_Value{Value: &pb.Summary_Value_Image{}}
	if x, ok := v.Value.(*pb.Summary_Value_SimpleValue); ok {
		c = build.Tensor(t, "", "mine", build.Double(float64(x.SimpleValue)))
	}
	c.Tag, c.Metadata = append([]byte("copy/"), v.Tag...), build.Metadata("mine")
	c.Metadata.DataClass = pb.DataClass_DATA_CLASS_TENSOR
	return c
}

// copies passes on what is of tags that begin with "copy/".
type copies struct{ *series.Places }

func (c copies) Wants(t *eventfile.Tag) bool {
	return len(t.Name) >= 5 && t.Name[:5] == "copy/" && c.Places.Wants(t)
}

// TestPlacesFar packs places that have no room in 64 bits.
func TestPlacesFar(t *testing.T) {
	var values []*pb.Summary_Value
	for range 1<<16 + 2 {
		values = append(values, &pb.Summary_Value{Tag: []byte("a")})
	}
	store := &runtest.Memory{Files: map[string][]byte{"1": build.File(t, build.Summary(1, 1, values...))}}
	p := walkPlaces(t, store, series.PlacesOptions{}, "1")
	n := 0
	for place, err := range p.Of(eventfile.Metadata) {
		if err != nil || place.Ordinal != n || place.Offset != 0 || place.Path != "1" {
			t.Fatalf("place %d: %+v, %v", n, place, err)
		}
		n++
	}
	if n != len(values) {
		t.Errorf("%d places", n)
	}
}

// TestValueThatIsGone: what does not stand any more where it did is an error.
func TestValueThatIsGone(t *testing.T) {
	content := build.File(t, build.Summary(1, 1, tensor(t, "a", "text", "x")), build.Summary(1, 2, tensor(t, "a", "text", "y")))
	store := &runtest.Memory{Files: map[string][]byte{"1": content}}
	p := walkPlaces(t, store, series.PlacesOptions{}, "1")
	var last eventfile.Place
	for place := range p.Of("text") {
		last = place.Place
	}
	content[len(content)-8] ^= 1
	var d *tfrecord.Damage
	if _, err := eventfile.NewValueReader(store).Value(t.Context(), last); !errors.As(err, &d) || d.Cause != tfrecord.DataCRC {
		t.Errorf("other bytes: %v", err)
	}
	store.Files["1"] = content[:last.Offset+5]
	if _, err := eventfile.NewValueReader(store).Value(t.Context(), last); !errors.As(err, &d) || d.Cause != tfrecord.Truncated {
		t.Errorf("a file cut off: %v", err)
	}
	last.Offset, last.Ordinal = 0, 1
	if _, err := eventfile.NewValueReader(store).Value(t.Context(), last); err == nil || err.Error() != "1: offset 0: there is no value 1" {
		t.Errorf("another record: %v", err)
	}
	delete(store.Files, "1")
	if _, err := eventfile.NewValueReader(store).Value(t.Context(), last); err == nil {
		t.Error("a file that is gone")
	}
}

// TestValuesOpenOnce opens a file once for all of its places.
func TestValuesOpenOnce(t *testing.T) {
	var payloads []any
	for i := range 50 {
		payloads = append(payloads, build.Summary(1, int64(i), tensor(t, "a", "text", "x")))
	}
	store := &runtest.Memory{Files: map[string][]byte{"1": build.File(t, payloads...), "2": build.File(t, payloads...)}}
	p := walkPlaces(t, store, series.PlacesOptions{Options: series.Options{MaxPoints: 7}}, "1", "2")
	store.Opens.Store(0)
	store.Bytes.Store(0)
	read(t, store, p, "text")
	if n := store.Opens.Load(); n != 2 {
		t.Errorf("%d files opened", n)
	}
	// A record that is shorter than the one before is read with some bytes behind it.
	if n, all := store.Bytes.Load(), int64(len(store.Files["1"])+len(store.Files["2"])); n < all || n > all+16 {
		t.Errorf("%d bytes read of %d", n, all)
	}
}
