// Package sinktest holds destinations of runs to what package convert promises
// of every Sink.
package sinktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/eventfile"
)

// Destination is what is tested.
type Destination struct {
	// New begins a sink whose output is to appear in dir, which is empty. All
	// that it writes goes through wrap, which may refuse bytes; a sink that
	// writes to no io.Writer leaves it alone.
	New func(t testing.TB, dir string, wrap func(io.Writer) io.Writer) convert.Sink
	// Points, if it is set, reads all points back from the output in dir, in the
	// order in which they stand there.
	Points func(t testing.TB, dir string) []Point
}

// Point is a point as a reader of the output finds it.
type Point struct {
	Run, Tag string
	Step     int64
	WallTime float64
	Value    float64
}

// Run tests a destination.
func Run(t *testing.T, d Destination) {
	runs := Logdir(t)
	for name, test := range map[string]func(*testing.T, Destination, []eventfile.Run){
		"Order":       order,
		"Points":      points,
		"Whole":       whole,
		"CommitTwice": commitTwice,
		"Abort":       abort,
		"Cancelled":   cancelled,
		"WriteErrors": writeErrors,
		"OneRun":      oneRun,
	} {
		t.Run(name, func(t *testing.T) { test(t, d, runs) })
	}
}

// order: the output does not depend on how many runs are read at a time.
func order(t *testing.T, d Destination, runs []eventfile.Run) {
	var first map[string]string
	var said convert.Result
	for _, jobs := range []int{1, 2, 8} {
		dir := t.TempDir()
		report := export(t, d, dir, runs, convert.Options{Jobs: jobs})
		if first == nil {
			first, said = Files(t, dir), report.Result
		}
		if got := Files(t, dir); !maps.Equal(got, first) {
			t.Errorf("%d jobs: another output than of one: %q, not %q", jobs, slices.Sorted(maps.Keys(got)),
				slices.Sorted(maps.Keys(first)))
		}
		if !reflect.DeepEqual(report.Result, said) {
			t.Errorf("%d jobs: %+v, not %+v as of one", jobs, report.Result, said)
		}
	}
}

// points: every point comes back, whatever its values and the names.
func points(t *testing.T, d Destination, runs []eventfile.Run) {
	if d.Points == nil {
		return
	}
	var want []Point
	_, err := convert.Each(t.Context(), runs, convert.Options{}, func(_ context.Context, in *convert.Input) error {
		for c, err := range in.Series() {
			if err != nil {
				return err
			}
			for i, step := range c.Steps {
				want = append(want,
					Point{Run: in.Run.Name, Tag: c.Tag, Step: step, WallTime: c.WallTimes[i], Value: c.Values[i]})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	export(t, d, dir, runs, convert.Options{})
	got := d.Points(t, dir)
	if len(got) != len(want) {
		t.Fatalf("%d points, not %d", len(got), len(want))
	}
	for i := range want {
		// As text, in which NaN is equal to itself.
		if g, w := fmt.Sprintf("%q", fmt.Sprint(got[i])), fmt.Sprintf("%q", fmt.Sprint(want[i])); g != w {
			t.Errorf("point %d is %.200s, not %.200s", i, g, w)
		}
	}
}

// whole: nothing is to be seen before Commit, and nothing is left beside the
// output after it.
func whole(t *testing.T, d Destination, runs []eventfile.Run) {
	dir := t.TempDir()
	sink := d.New(t, dir, unlimited)
	_, err := convert.Each(t.Context(), runs, convert.Options{}, func(ctx context.Context, in *convert.Input) error {
		err := sink.WriteRun(ctx, in)
		for name := range Files(t, dir) {
			if !strings.HasPrefix(name, ".") {
				t.Errorf("after run %q, before Commit, there is %s", in.Run.Name, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sink.Commit(); err != nil {
		t.Fatal(err)
	}
	committed := Files(t, dir)
	for name := range committed {
		if strings.HasPrefix(name, ".") {
			t.Errorf("after Commit there is %s", name)
		}
	}
	if err := sink.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
	if !maps.Equal(Files(t, dir), committed) {
		t.Error("Abort after Commit changed the output")
	}
}

// commitTwice: the second time changes nothing and says the same.
func commitTwice(t *testing.T, d Destination, runs []eventfile.Run) {
	dir := t.TempDir()
	sink := d.New(t, dir, unlimited)
	if _, err := convert.Each(t.Context(), runs, convert.Options{}, sink.WriteRun); err != nil {
		t.Fatal(err)
	}
	first, err := sink.Commit()
	if err != nil {
		t.Fatal(err)
	}
	output := Files(t, dir)
	second, err := sink.Commit()
	if err != nil || !reflect.DeepEqual(first, second) {
		t.Errorf("the second Commit: %+v, %v; the first one: %+v", second, err, first)
	}
	if !maps.Equal(Files(t, dir), output) {
		t.Error("the second Commit changed the output")
	}
}

// abort: it leaves nothing, however much was written, and can be called again.
func abort(t *testing.T, d Destination, runs []eventfile.Run) {
	for _, n := range []int{0, 1, len(runs)} {
		dir := t.TempDir()
		sink := d.New(t, dir, unlimited)
		if _, err := convert.Each(t.Context(), runs[:n], convert.Options{}, sink.WriteRun); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(sink.Abort(), sink.Abort()); err != nil {
			t.Errorf("after %d runs: %v", n, err)
		}
		empty(t, dir, fmt.Sprintf("Abort after %d runs", n))
	}
}

// cancelled: the end of the context ends an export at any run, and leaves nothing.
func cancelled(t *testing.T, d Destination, runs []eventfile.Run) {
	for at := range runs {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		sink := &cancelling{Sink: d.New(t, dir, unlimited), at: at, cancel: cancel}
		if _, err := convert.Export(ctx, runs, sink, convert.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at run %d: %v", at, err)
		}
		cancel()
		empty(t, dir, fmt.Sprintf("an export cancelled at run %d", at))
	}
}

// cancelling ends a context when a run comes.
type cancelling struct {
	convert.Sink
	at     int
	cancel func()
}

func (s *cancelling) WriteRun(ctx context.Context, in *convert.Input) error {
	if s.at--; s.at < 0 {
		s.cancel()
	}
	return s.Sink.WriteRun(ctx, in)
}

// writeErrors: wherever the output takes no more, the export fails with why,
// and leaves nothing.
func writeErrors(t *testing.T, d Destination, runs []eventfile.Run) {
	for room := 0; ; room += 1 + room/3 {
		dir := t.TempDir()
		f := full{room: room}
		sink := d.New(t, dir, f.wrap)
		_, err := convert.Export(t.Context(), runs, sink, convert.Options{Jobs: 1})
		if !f.refused {
			if err != nil {
				t.Errorf("%d bytes, none refused: %v", room, err)
			}
			if room == 0 && f.wrapped {
				t.Error("nothing was written")
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
		empty(t, dir, fmt.Sprintf("an output with room for %d bytes", room))
	}
}

// oneRun: each run can be the only one.
func oneRun(t *testing.T, d Destination, runs []eventfile.Run) {
	for i := range runs {
		export(t, d, t.TempDir(), runs[i:i+1], convert.Options{})
	}
}

func export(t testing.TB, d Destination, dir string, runs []eventfile.Run, o convert.Options) *convert.Report {
	t.Helper()
	report, err := convert.Export(t.Context(), runs, d.New(t, dir, unlimited), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Files gives the content of all files below a directory by their path.
func Files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// empty fails where anything is in a directory, hidden or not.
func empty(t testing.TB, dir, what string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("%s left %v, %v", what, entries, err)
	}
}

func unlimited(w io.Writer) io.Writer { return w }

var errFull = errors.New("there is no room left")

// full is room for a number of bytes, in all writers together.
type full struct {
	room             int
	wrapped, refused bool
}

func (f *full) wrap(w io.Writer) io.Writer {
	f.wrapped = true
	return &fullWriter{w, f}
}

type fullWriter struct {
	to   io.Writer
	full *full
}

func (w *fullWriter) Write(b []byte) (int, error) {
	if w.full.refused || len(b) > w.full.room {
		w.full.refused = true
		return 0, errFull
	}
	w.full.room -= len(b)
	return w.to.Write(b)
}
