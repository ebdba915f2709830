package plan

import (
	"bytes"
	"io"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/memstore"
)

// TestStore: all that a plan wants of event files, it asks its store for.
func TestStore(t *testing.T) {
	var store memstore.Store
	content := eventfiletest.File(eventfiletest.Summary(0, 1, eventfiletest.Scalar("loss", 0.5)))
	at := time.UnixMilli(1600000000250)
	store.Write("a/events.out.tfevents.1.h", content, at)
	runs, _, err := store.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	planner := NewPlanner(Rules{}, Options{Store: &store, Files: true})
	if _, err := convert.Export(t.Context(), runs, planner, convert.Options{Store: &store}); err != nil {
		t.Fatal(err)
	}
	p := planner.Plan()
	r := p.Runs[0]
	if seconds := 1600000000.25; r.Start != seconds || r.End != seconds || !r.FileTimes {
		t.Errorf("%v to %v", r.Start, r.End)
	}
	if digest, err := r.Content(t.Context()); err != nil || len(digest) != 64 {
		t.Errorf("content %q, %v", digest, err)
	}
	file, err := r.Files[0].Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(io.NewSectionReader(file, 0, r.Files[0].Bytes)); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes of %d, %v", len(got), len(content), err)
	}
	points := 0
	for chunk, err := range p.PointsOf(t.Context(), r.Series[0], convert.ReadOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		points += len(chunk.Values)
	}
	if points != 1 {
		t.Errorf("%d points", points)
	}
}
