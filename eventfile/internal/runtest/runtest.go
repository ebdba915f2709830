// Package runtest writes runs and reads them with all collectors, for tests.
package runtest

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/inventory"
	"tbexport/eventfile/series"
)

// Find lists the runs of a directory.
func Find(t testing.TB, dir string) []eventfile.Run {
	t.Helper()
	runs, problems, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	return runs
}

// Write writes files into a new directory and returns them as a run.
func Write(t testing.TB, name string, files ...[]byte) eventfile.Run {
	t.Helper()
	return WriteTo(t, t.TempDir(), name, files...)
}

// WriteTo does so in a directory, over the files of a run before it.
func WriteTo(t testing.TB, dir, name string, files ...[]byte) eventfile.Run {
	t.Helper()
	run := eventfile.Run{Name: name}
	for i, content := range files {
		path := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%010d.host", i))
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		run.Files = append(run.Files, path)
	}
	return run
}

// Options are those of the walk and of the series.
type Options struct {
	eventfile.WalkOptions
	series.Options
}

// Stats is all that is counted of a run.
type Stats struct {
	*eventfile.RunStats
	series.Counts
	HParams hparams.Counts
}

// Reader reads runs, one after another.
type Reader struct {
	Walker    *eventfile.Walker
	Series    *series.Collector
	Inventory *inventory.Collector
	HParams   hparams.Collector
	Stats     *eventfile.RunStats
}

// NewReader returns a reader of the file system that is to be closed.
func NewReader(o Options) *Reader { return NewReaderOf(dirstore.New(), o) }

// NewReaderOf returns a reader of a store.
func NewReaderOf(store eventfile.Store, o Options) *Reader {
	return &Reader{
		Walker:    eventfile.NewWalker(store, o.WalkOptions),
		Series:    series.NewCollector(o.Options),
		Inventory: inventory.NewCollector(inventory.Options{Tags: o.Tags}),
	}
}

// Open walks over a run.
func (r *Reader) Open(ctx context.Context, run eventfile.Run) (err error) {
	r.Inventory.Reset()
	r.HParams.Reset()
	if err := r.Series.Reset(); err != nil {
		return err
	}
	if r.Stats, err = r.Walker.Walk(ctx, run, r.Series, r.Inventory, &r.HParams); err != nil {
		return err
	}
	return r.Series.Finish()
}

// Continue walks over what of a run is after a state.
func (r *Reader) Continue(ctx context.Context, from eventfile.State, run eventfile.Run) (err error) {
	r.Stats, err = r.Walker.Continue(ctx, from, run, r.Series, r.Inventory, &r.HParams)
	return err
}

// Counted is all that was counted of the run.
func (r *Reader) Counted() *Stats { return &Stats{r.Stats, r.Series.Counts(), r.HParams.Counts()} }

// Close closes the reader.
func (r *Reader) Close() error { return r.Series.Close() }

// All opens a run and takes all of its chunks, joined series by series in the
// order they came.
func All(t testing.TB, o Options, run eventfile.Run) ([]series.Chunk, *Stats) {
	t.Helper()
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	r := NewReader(o)
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	chunks := Drain(t, r.Series)
	return chunks, r.Counted()
}

// Drain takes all chunks of a collector, joined series by series.
func Drain(t testing.TB, c *series.Collector) (joined []series.Chunk) {
	t.Helper()
	for c, err := range c.Chunks() {
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Steps); n == 0 || n != len(c.WallTimes) || n != len(c.Values) {
			t.Fatalf("chunk of %d steps, %d wall times, %d values", n, len(c.WallTimes), len(c.Values))
		}
		if n := len(joined); n == 0 || joined[n-1].Tag != c.Tag {
			joined = append(joined, series.Chunk{Tag: c.Tag, Origin: c.Origin})
		}
		s := &joined[len(joined)-1]
		if !SameFloat(s.Origin, c.Origin) {
			t.Fatalf("series %q: origin %v, then %v", c.Tag, s.Origin, c.Origin)
		}
		s.Steps = append(s.Steps, c.Steps...)
		s.WallTimes = append(s.WallTimes, c.WallTimes...)
		s.Values = append(s.Values, c.Values...)
	}
	return joined
}

// Text gives series as one line each, for comparison in a test's table.
func Text(chunks []series.Chunk) (lines string) {
	for _, s := range chunks {
		lines += fmt.Sprintf("%s:", s.Tag)
		for i := range s.Steps {
			lines += fmt.Sprintf(" %d=%v", s.Steps[i], s.Values[i])
		}
		lines += "\n"
	}
	return lines
}

// SameFloat compares bit for bit.
func SameFloat(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// SameSeries says in what two lists of joined series differ.
func SameSeries(got, want []series.Chunk) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d series, not %d", len(got), len(want))
	}
	for i := range got {
		g, w := &got[i], &want[i]
		if g.Tag != w.Tag || len(g.Steps) != len(w.Steps) {
			return fmt.Errorf("series %d is %q of %d points, not %q of %d", i, g.Tag, len(g.Steps), w.Tag, len(w.Steps))
		}
		if !SameFloat(g.Origin, w.Origin) {
			return fmt.Errorf("series %q: origin %v, not %v", g.Tag, g.Origin, w.Origin)
		}
		for j := range g.Steps {
			if g.Steps[j] != w.Steps[j] || !SameFloat(g.WallTimes[j], w.WallTimes[j]) ||
				!SameFloat(g.Values[j], w.Values[j]) {
				return fmt.Errorf("series %q, point %d: %d %v %v, not %d %v %v", g.Tag, j,
					g.Steps[j], g.WallTimes[j], g.Values[j], w.Steps[j], w.WallTimes[j], w.Values[j])
			}
		}
	}
	return nil
}
