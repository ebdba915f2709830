package table_test

import (
	"context"
	"slices"
	"testing"

	"tbexport/convert"
	"tbexport/convert/table"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"

	"github.com/apache/arrow/go/v15/arrow"
)

// TestCurvesNames: the columns of two series are never called the same.
func TestCurvesNames(t *testing.T) {
	file := func(tag string) []byte { return eventfiletest.Curve(tag, 2) }
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"a/tfevents": file("b/c"), "a/b/tfevents": file("c"), "a/b/c/tfevents": file("x"), "tfevents": file("c"),
	})
	runs, _, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	curves := table.NewCurves(options())
	rows := int64(0)
	emit := func(r arrow.Record) error { rows += r.NumRows(); return nil }
	_, err = convert.Each(t.Context(), runs, convert.Options{}, func(_ context.Context, in *convert.Input) error { return curves.Add(in, emit) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := curves.Finish(emit); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range curves.Schema().Fields() {
		names = append(names, f.Name)
	}
	want := []string{"step", "wall_time", "./c", "a/b/c (run a)", "a/b/c (run a/b)", "a/b/c/x"}
	if !slices.Equal(names, want) || rows != 2 {
		t.Errorf("%d rows of %q, want 2 of %q", rows, names, want)
	}
}
