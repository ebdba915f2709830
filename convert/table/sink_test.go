package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"google.golang.org/protobuf/proto"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/eventfile"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

var (
	_ convert.Sink = new(ScalarsSink)
	_ convert.Sink = new(PartitionSink)
	_ convert.Sink = new(WideSink)
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
	root := t.TempDir()
	for name, points := range runs {
		path := filepath.Join(root, name, "tfevents")
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := tfrecord.NewWriter(f)
		for i, p := range points {
			if p.wallTime == 0 {
				p.wallTime = float64(1000 + i)
			}
			b, err := proto.Marshal(&pb.Event{WallTime: p.wallTime, Step: p.step, What: &pb.Event_Summary{Summary: &pb.Summary{
				Value: []*pb.Summary_Value{{Tag: []byte(p.tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: p.value}}}}}})
			if err == nil {
				err = w.Write(b)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	found, _, err := eventfile.Find(eventfile.Logdir{Path: root})
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
	f, err := output.Create(path, false, false)
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

func TestScalarsSink(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	file := create(t, path)
	// Records of at most three rows: a run's series, and runs, share them.
	b := NewScalarsBuilder(ScalarsOptions{RelativeTime: true}, 3)
	e := newLines(file, ScalarsSchema(ScalarsOptions{RelativeTime: true}))
	if _, err := convert.Export(t.Context(), logdir(t, twoRuns()), NewScalarsSink(b, e, file), convert.Options{}); err != nil {
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
	if e.closed != 1 {
		t.Errorf("the encoder was closed %d times", e.closed)
	}
}

// TestScalarsSinkEmpty makes a file of no rows, and of no record.
func TestScalarsSinkEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	file := create(t, path)
	s := NewScalarsSink(NewScalarsBuilder(ScalarsOptions{}, 3), newLines(file, ScalarsSchema(ScalarsOptions{})), file)
	if _, err := convert.Export(t.Context(), logdir(t, map[string][]point{"a": nil}), s, convert.Options{}); err != nil {
		t.Fatal(err)
	}
	sameText(t, path, "run tag step wall_time value\nend\n")
}

// sinks makes each kind of sink, writing below dir with encoders that fail at
// a call.
var sinks = map[string]func(t *testing.T, dir, fail string) (convert.Sink, *lines){
	"scalars": func(t *testing.T, dir, fail string) (convert.Sink, *lines) {
		file := create(t, filepath.Join(dir, "out"))
		e := &lines{to: file, fail: fail}
		return NewScalarsSink(NewScalarsBuilder(ScalarsOptions{}, 1), e, file), e
	},
	"wide": func(t *testing.T, dir, fail string) (convert.Sink, *lines) {
		file := create(t, filepath.Join(dir, "out"))
		e := &lines{to: file, fail: fail}
		s, err := NewWideSink([]string{"acc", "loss"}, false, func(*arrow.Schema) (Encoder, error) { return e, nil }, file)
		if err != nil {
			t.Fatal(err)
		}
		return s, e
	},
	"partition": func(t *testing.T, dir, fail string) (convert.Sink, *lines) {
		d, err := output.CreateDir(filepath.Join(dir, "out"), output.DirOptions{})
		if err != nil {
			t.Fatal(err)
		}
		e := &lines{fail: fail}
		b := NewScalarsBuilder(ScalarsOptions{NoRun: true}, 1)
		return NewPartitionSink(b, func(f *output.File, _ string) (Encoder, error) { e.to = f; return e, nil }, d, "part"), e
	},
}

// TestSinksAbort leaves nothing where the encoder fails, and ends it.
func TestSinksAbort(t *testing.T) {
	runs := logdir(t, map[string][]point{"a": {{"loss", 1, 1, 0}, {"loss", 2, 2, 0}}})
	for name, open := range sinks {
		for _, fail := range []string{"encode", "close"} {
			dir := t.TempDir()
			sink, e := open(t, dir, fail)
			if _, err := convert.Export(t.Context(), runs, sink, convert.Options{}); !errors.Is(err, errEncoder) {
				t.Errorf("%s, %s: %v", name, fail, err)
			}
			if left := entries(t, dir); len(left) > 0 {
				t.Errorf("%s, %s: left behind: %q", name, fail, left)
			}
			if e.closed != 1 {
				t.Errorf("%s, %s: the encoder was closed %d times", name, fail, e.closed)
			}
		}
	}
}

// TestSinksStopWhenCancelled leaves nothing either.
func TestSinksStopWhenCancelled(t *testing.T) {
	runs := logdir(t, twoRuns())
	for name, open := range sinks {
		dir := t.TempDir()
		sink, _ := open(t, dir, "")
		points := eventfile.NewRunReader(eventfile.RunOptions{})
		if err := points.Open(t.Context(), runs[0]); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := sink.WriteRun(ctx, "a", points); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if err := errors.Join(sink.Abort(), points.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if left := entries(t, dir); len(left) > 0 {
			t.Errorf("%s: left behind: %q", name, left)
		}
	}
}
