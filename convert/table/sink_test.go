package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
)

var (
	_ convert.Sink = new(FileSink)
	_ convert.Sink = new(DirSink)
)

// lines is an encoder that writes a header, a line for each row, and an end,
// with "-" before the rows of each record.
type lines struct {
	to     io.Writer
	fail   string // "encode" or "close"
	closed int
}

var errEncoder = errors.New("the encoder fails")

func newLines(to io.Writer, s *arrow.Schema) *lines {
	for _, f := range s.Fields() {
		fmt.Fprintf(to, "%s ", f.Name)
	}
	fmt.Fprintln(to)
	return &lines{to: to}
}

func (l *lines) Encode(r arrow.Record) error {
	if l.fail == "encode" {
		return errEncoder
	}
	fmt.Fprintln(l.to, "-")
	for row := range int(r.NumRows()) {
		for _, c := range r.Columns() {
			fmt.Fprintf(l.to, "%s ", c.ValueStr(row))
		}
		fmt.Fprintln(l.to)
	}
	return nil
}

func (l *lines) Close() error {
	l.closed++
	if l.fail == "close" {
		return errEncoder
	}
	_, err := fmt.Fprintln(l.to, "end")
	return err
}

// point is one of a run; its wall time is 1000 + its place in the run unless
// given.
type point struct {
	tag      string
	step     int64
	value    float32
	wallTime float64
}

// logdir writes runs, given by name, and finds them.
func logdir(t *testing.T, runs map[string][]point) []eventfile.Run {
	t.Helper()
	files := make(eventfiletest.Tree)
	for name, points := range runs {
		var events []eventfiletest.Event
		for i, p := range points {
			if p.wallTime == 0 {
				p.wallTime = float64(1000 + i)
			}
			events = append(events, eventfiletest.Summary(p.wallTime, p.step, eventfiletest.Scalar(p.tag, p.value)))
		}
		files[name+"/tfevents"] = eventfiletest.File(events...)
	}
	found, _, err := dirstore.New(dirstore.Logdir{Path: eventfiletest.Logdir(t, files)}).Find(t.Context())
	if err != nil || len(found) != len(runs) {
		t.Fatal(found, err)
	}
	return found
}

// twoRuns have a series that falls back and one in common.
func twoRuns() map[string][]point {
	return map[string][]point{
		"a": {{"loss", 1, 0.5, 0}, {"acc", 1, 0.25, 0}, {"loss", 2, 0.75, 0}, {"loss", 1, 1.5, 0}},
		"b": {{"loss", 7, 8, 0}},
	}
}

// entries are the files below a directory.
func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func create(t *testing.T, path string) *output.File {
	t.Helper()
	f, err := output.Create(path, output.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sameText(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Rows end with a space, which no line of a test should.
	if text := strings.ReplaceAll(string(got), " \n", "\n"); text != strings.TrimLeft(want, "\n") {
		t.Errorf("got\n%s\nnot%s", text, want)
	}
}

// openLines makes encoders of lines, and keeps them, by what is in their file.
func openLines(made map[Part]*lines) Open {
	return func(w io.Writer, schema *arrow.Schema, of Part) (Encoder, error) {
		e := newLines(w, schema)
		if made != nil {
			made[of] = e
		}
		return e, nil
	}
}

func TestFileSinkOfScalars(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	// Records of at most three rows: a run's series, and runs, share them.
	o := Options{MaxRows: 3, Scalars: ScalarsOptions{RelativeTime: true}}
	made := make(map[Part]*lines)
	sink := NewFileSink(NewScalars(o), create(t, path), openLines(made))
	report, err := convert.Export(t.Context(), logdir(t, twoRuns()), sink, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameText(t, path, `
run tag step wall_time value relative_time
-
a acc 1 1001 0.25 0
a loss 1 1000 0.5 0
a loss 2 1002 0.75 2
-
a loss 1 1003 1.5 3
b loss 7 1000 8 0
end
`)
	if e := made[Part{Table: "scalars"}]; e == nil || e.closed != 1 || len(made) != 1 {
		t.Errorf("encoders, and how often they were closed: %+v", made)
	}
	if n := report.Result.Rows["scalars"]; n != 5 {
		t.Errorf("%d rows", n)
	}
}

// TestFileSinkEmpty makes a file of no rows, and of no record.
func TestFileSinkEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		want  string
	}{
		"scalars": {NewScalars(Options{}), "run tag step wall_time value\nend\n"},
		"wide":    {NewWide(nil, Options{}), "run step wall_time\nend\n"},
		"hparams": {NewHParams(Options{}), "run name type value number bool\nend\n"},
		"runs": {NewRuns(Options{}), "run experiment group status start_time end_time duration files points last_step\n-\n" +
			"a (null) (null) (null) (null) (null) (null) 1 0 (null)\nend\n"},
	} {
		path := filepath.Join(t.TempDir(), "out")
		s := NewFileSink(c.table, create(t, path), openLines(nil))
		if _, err := convert.Export(t.Context(), logdir(t, map[string][]point{"a": nil}), s, convert.Options{}); err != nil {
			t.Fatal(err)
		}
		if c.table.Name() != name {
			t.Errorf("%s has the name %s", name, c.table.Name())
		}
		sameText(t, path, c.want)
	}
}

func TestDirSink(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d, err := output.CreateDir(dir, output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var tables []Table
	for _, spec := range Usual() {
		table, err := spec.New(t.Context(), Source{}, Options{MaxRows: 2})
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	sink, err := NewDirSink(d, tables, ".txt", openLines(nil))
	if err != nil {
		t.Fatal(err)
	}
	report, err := convert.Export(t.Context(), logdir(t, twoRuns()), sink, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := entries(t, dir); !slices.Equal(got, []string{".tbexport.json", "hparams.txt", "runs.txt", "scalars.txt"}) {
		t.Errorf("%q", got)
	}
	sameText(t, filepath.Join(dir, "scalars.txt"), `
run tag step wall_time value
-
a acc 1 1001 0.25
a loss 1 1000 0.5
-
a loss 2 1002 0.75
a loss 1 1003 1.5
-
b loss 7 1000 8
end
`)
	sameText(t, filepath.Join(dir, "hparams.txt"), "run name type value number bool\nend\n")
	if got := report.Result.Rows; got["scalars"] != 5 || got["hparams"] != 0 || got["runs"] != 2 || len(got) != 3 {
		t.Errorf("rows: %v", got)
	}
}

// TestNewDirSinkFails leaves nothing where a file has no place.
func TestNewDirSinkFails(t *testing.T) {
	parent := t.TempDir()
	d, err := output.CreateDir(filepath.Join(parent, "out"), output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewDirSink(d, []Table{NewHParams(Options{}), NewRuns(Options{})}, "."+strings.Repeat("x", 250), openLines(nil))
	if err == nil || !strings.Contains(err.Error(), "file name too long") {
		t.Errorf("error: %v", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestSinksAbort leaves nothing where an encoder fails, and ends it.
func TestSinksAbort(t *testing.T) {
	runs := logdir(t, map[string][]point{"a": {{"loss", 1, 1, 0}, {"loss", 2, 2, 0}}})
	for _, fail := range []string{"encode", "close"} {
		for kind, newSink := range map[string]func(dir string, open Open) (convert.Sink, error){
			"a file": func(dir string, open Open) (convert.Sink, error) {
				return NewFileSink(NewScalars(Options{MaxRows: 1}), create(t, filepath.Join(dir, "out")), open), nil
			},
			"tables": func(dir string, open Open) (convert.Sink, error) {
				return NewDirSink(createDir(t, dir), []Table{NewScalars(Options{MaxRows: 1}), NewRuns(Options{})}, "", open)
			},
			"partitions": func(dir string, open Open) (convert.Sink, error) {
				return NewPartitionSink(createDir(t, dir), NewScalars(Options{MaxRows: 1}), "part", open), nil
			},
		} {
			dir := t.TempDir()
			var e *lines
			sink, err := newSink(dir, func(w io.Writer, _ *arrow.Schema, _ Part) (Encoder, error) {
				e = &lines{to: w, fail: fail}
				return e, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := convert.Export(t.Context(), runs, sink, convert.Options{}); !errors.Is(err, errEncoder) {
				t.Errorf("%s, %s: %v", kind, fail, err)
			}
			if left := entries(t, dir); len(left) > 0 {
				t.Errorf("%s, %s: left behind: %q", kind, fail, left)
			}
			if e.closed != 1 {
				t.Errorf("%s, %s: the encoder was closed %d times", kind, fail, e.closed)
			}
		}
	}
}

// TestAbortWritesNothing: what an encoder writes at its end goes nowhere, also
// where the output is a stream that nobody can take back.
func TestAbortWritesNothing(t *testing.T) {
	var out strings.Builder
	sink := NewFileSink(NewScalars(Options{MaxRows: 1}), output.Stream(&out), openLines(nil))
	if _, err := convert.Each(t.Context(), logdir(t, twoRuns()), convert.Options{}, sink.WriteRun); err != nil {
		t.Fatal(err)
	}
	before := out.String()
	if err := sink.Abort(); err != nil || out.String() != before || before == "" {
		t.Errorf("%v; %q after Abort, %q before", err, out.String(), before)
	}
}

// TestSinkStopsWhenCancelled within a run, before a record is encoded.
func TestSinkStopsWhenCancelled(t *testing.T) {
	sink := NewFileSink(NewScalars(Options{MaxRows: 1}), output.Stream(io.Discard), openLines(nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := convert.NewInput(eventfile.Run{Name: "a"}, new(convert.RunStats), nil, func(yield func(*convert.Chunk, error) bool) {
		yield(&convert.Chunk{Tag: "loss", Steps: []int64{1, 2}, WallTimes: []float64{1, 2}, Values: []float64{1, 2}}, nil)
	})
	if err := sink.WriteRun(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}

func createDir(t *testing.T, dir string) *output.Dir {
	t.Helper()
	d, err := output.CreateDir(filepath.Join(dir, "out"), output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTables: every table of the list has a name of its own, by which it is found.
func TestTables(t *testing.T) {
	for _, spec := range append(Usual(), Wide()) {
		table, err := spec.New(t.Context(), Source{}, Options{})
		if err != nil || table.Name() != spec.Name {
			t.Errorf("%s makes a table %v, %v", spec.Name, table, err)
		}
		if _, ok := Find(spec.Name); ok != (spec.Name != "wide") {
			t.Errorf("%s is found: %v", spec.Name, ok)
		}
	}
	if spec, ok := Find("no such"); ok || spec.New != nil {
		t.Errorf("found %+v", spec)
	}
}
