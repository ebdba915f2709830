package convert

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// recorder is a sink that notes its calls, and fails at one of them.
type recorder struct {
	calls []string
	fail  string // the call to fail at
	on    func(call string)
}

var errSink = errors.New("the sink is full")

func (s *recorder) note(call string) error {
	s.calls = append(s.calls, call)
	if s.on != nil {
		s.on(call)
	}
	if call == s.fail {
		return errSink
	}
	return nil
}

func (s *recorder) WriteRun(_ context.Context, in *Input) error {
	if err := s.note("run " + in.Run.Name); err != nil {
		return err
	}
	for c, err := range in.Series() {
		if err != nil {
			return err
		}
		if err := s.note(fmt.Sprintf("chunk %s %v %v %v %v", c.Tag, c.Steps, c.WallTimes, c.Values, c.Origin)); err != nil {
			return err
		}
	}
	return nil
}

func (s *recorder) Commit() (Result, error) {
	return Result{Rows: map[string]int64{"calls": int64(len(s.calls))}}, s.note("commit")
}
func (s *recorder) Abort() error { return s.note("abort") }

// logdir writes n runs of different lengths, the longest first, and finds them.
func logdir(t *testing.T, n int) []eventfile.Run {
	t.Helper()
	root := t.TempDir()
	for i := range n {
		var events []*pb.Event
		for step := range 1 + 40*(n-i) {
			events = append(events, &pb.Event{WallTime: float64(step), Step: int64(step), What: &pb.Event_Summary{Summary: &pb.Summary{
				Value: []*pb.Summary_Value{
					{Tag: []byte("loss"), Value: &pb.Summary_Value_SimpleValue{SimpleValue: float32(i)}},
					{Tag: fmt.Append(nil, "tag", i), Value: &pb.Summary_Value_SimpleValue{SimpleValue: float32(step)}},
				}}}})
		}
		writeFile(t, filepath.Join(root, fmt.Sprintf("run%02d", i), "tfevents"), events...)
	}
	runs, _, err := dirstore.New(dirstore.Logdir{Path: root}).Find(t.Context())
	if err != nil || len(runs) != n {
		t.Fatal(runs, err)
	}
	return runs
}

func writeFile(t *testing.T, path string, events ...*pb.Event) {
	t.Helper()
	eventfiletest.Write(t, filepath.Dir(path), eventfiletest.Tree{filepath.Base(path): eventfiletest.File(eventfiletest.Protos(events...)...)})
}

// noGoroutineLeft waits until there are no more goroutines than before.
func noGoroutineLeft(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 64<<10)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// TestExportOrder gives a sink the same calls for any number of workers.
func TestExportOrder(t *testing.T) {
	runs := logdir(t, 12)
	before := runtime.NumGoroutine()
	var first []string
	for _, jobs := range []int{1, 2, 8, 0} {
		sink := new(recorder)
		report, err := Export(t.Context(), runs, sink, Options{Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		noGoroutineLeft(t, before)
		if first == nil {
			first = sink.calls
		}
		if !slices.Equal(sink.calls, first) {
			t.Errorf("%d jobs: other calls than of 1", jobs)
		}
		if len(report.Runs) != len(runs) || report.Result.Rows["calls"] != int64(len(sink.calls)-1) {
			t.Fatalf("%d jobs: %d runs reported, and %+v", jobs, len(report.Runs), report.Result)
		}
		for i, s := range report.Runs {
			if s.Run != runs[i].Name || s.Written != int64(2+80*(12-i)) || s.Points != s.Written {
				t.Errorf("%d jobs, run %d: %+v", jobs, i, s)
			}
		}
	}
	var order []string
	for _, c := range first {
		if !strings.HasPrefix(c, "chunk") {
			order = append(order, c)
		}
	}
	var want []string
	for _, r := range runs {
		want = append(want, "run "+r.Name)
	}
	if want = append(want, "commit"); !slices.Equal(order, want) {
		t.Errorf("calls %q", order)
	}
	if n := len(first); n != len(want)+2*len(runs) {
		t.Errorf("%d calls: not one chunk a series", n)
	}
}

// TestExportFails makes each call of the sink fail, for any number of workers:
// it is aborted once, and nothing is called after it.
func TestExportFails(t *testing.T) {
	runs := logdir(t, 6)
	before := runtime.NumGoroutine()
	for _, c := range []struct {
		fail     string
		reported int
	}{{"run run00", 1}, {"run run03", 4}, {"run run05", 6}, {"commit", 6}} {
		for _, jobs := range []int{1, 2, 8} {
			sink := &recorder{fail: c.fail}
			report, err := Export(t.Context(), runs, sink, Options{Jobs: jobs})
			if !errors.Is(err, errSink) {
				t.Errorf("%s, %d jobs: %v", c.fail, jobs, err)
			}
			if n := len(sink.calls); sink.calls[n-1] != "abort" || sink.calls[n-2] != c.fail {
				t.Errorf("%s, %d jobs: last calls %q", c.fail, jobs, sink.calls[n-2:])
			}
			if len(report.Runs) != c.reported {
				t.Errorf("%s, %d jobs: %d runs reported", c.fail, jobs, len(report.Runs))
			}
			noGoroutineLeft(t, before)
		}
	}
}

// TestExportAbortFails says both why it aborted and that this failed.
func TestExportAbortFails(t *testing.T) {
	sink := &recorder{fail: "abort"}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Export(ctx, logdir(t, 1), sink, Options{})
	if !errors.Is(err, context.Canceled) || err.Error() != "context canceled (and cleaning up: the sink is full)" {
		t.Errorf("error: %v", err)
	}
}

func TestExportCancelled(t *testing.T) {
	runs := logdir(t, 6)
	before := runtime.NumGoroutine()
	for _, at := range []string{"run run00", "run run03", "run run05"} {
		for _, jobs := range []int{1, 2, 8} {
			ctx, cancel := context.WithCancel(t.Context())
			sink := &recorder{on: func(call string) {
				if call == at {
					cancel()
				}
			}}
			_, err := Export(ctx, runs, sink, Options{Jobs: jobs})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s, %d jobs: %v", at, jobs, err)
			}
			if last := sink.calls[len(sink.calls)-1]; last != "abort" || slices.Contains(sink.calls, "commit") {
				t.Errorf("%s, %d jobs: last call %q", at, jobs, last)
			}
			noGoroutineLeft(t, before)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sink := new(recorder)
	if _, err := Export(ctx, runs, sink, Options{}); !errors.Is(err, context.Canceled) || !slices.Equal(sink.calls, []string{"abort"}) {
		t.Errorf("cancelled before: %v, calls %q", err, sink.calls)
	}
}

// TestExportStrict fails at a damaged file and reports the runs before it.
func TestExportStrict(t *testing.T) {
	runs := logdir(t, 4)
	path := runs[2].Files[0]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[20] ^= 1
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for _, jobs := range []int{1, 8} {
		sink := new(recorder)
		report, err := Export(t.Context(), runs, sink, Options{Jobs: jobs, Read: ReadOptions{Strict: true}})
		var d *eventfile.Damage
		if !errors.As(err, &d) || d.Path != path {
			t.Errorf("error: %v", err)
		}
		if sink.calls[len(sink.calls)-1] != "abort" || slices.Contains(sink.calls, "run run02") || !slices.Contains(sink.calls, "run run01") {
			t.Errorf("%d jobs: wrong calls", jobs)
		}
		if len(report.Runs) != 3 || report.Runs[2].Run != "run02" {
			t.Errorf("%d runs reported", len(report.Runs))
		}
		noGoroutineLeft(t, before)
	}
	sink := new(recorder)
	report, err := Export(t.Context(), runs, sink, Options{})
	if totals := report.Totals(); err != nil || totals.Damaged != 1 || !totals.Lost() || sink.calls[len(sink.calls)-1] != "commit" {
		t.Errorf("not strict: %v, %+v", err, totals)
	}
}

// TestExportNothingRead fails where no file could be read, and only then.
func TestExportNothingRead(t *testing.T) {
	root := t.TempDir()
	zipped, good, empty := filepath.Join(root, "zipped"), filepath.Join(root, "good"), filepath.Join(root, "empty")
	writeFile(t, good, &pb.Event{WallTime: 1})
	writeFile(t, empty)
	if err := os.WriteFile(zipped, []byte("\x1f\x8b\x08\x00 and so on, longer than a header"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files []string
		fails bool
	}{
		{[]string{zipped}, true}, {[]string{empty, zipped, zipped}, true},
		{[]string{good}, false}, {[]string{empty}, false}, {nil, false}, {[]string{zipped, good}, false},
	} {
		for _, together := range []bool{true, false} {
			runs := []eventfile.Run{{Name: "all", Files: c.files}}
			if !together {
				runs = nil
				for _, f := range c.files {
					runs = append(runs, eventfile.Run{Name: filepath.Base(f), Files: []string{f}})
				}
			}
			sink := new(recorder)
			_, err := Export(t.Context(), runs, sink, Options{})
			last := sink.calls[len(sink.calls)-1]
			if c.fails && (!errors.As(err, new(*eventfile.NotEventFileError)) || !strings.Contains(err.Error(), zipped) || last != "abort") {
				t.Errorf("%q: %v, %s", c.files, err, last)
			}
			if !c.fails && (err != nil || last != "commit") {
				t.Errorf("%q: %v, %s", c.files, err, last)
			}
		}
	}
}

// TestExportLongRuns goes through temporary files, and leaves none behind.
func TestExportLongRuns(t *testing.T) {
	root, temp := t.TempDir(), t.TempDir()
	const runs, n = 3, minPoints + 1000
	for i := range runs {
		var values []*pb.Summary_Value
		for range 100 {
			values = append(values, &pb.Summary_Value{Tag: []byte("x"), Value: &pb.Summary_Value_SimpleValue{SimpleValue: 1}})
		}
		var events []*pb.Event
		for step := range n / 100 {
			events = append(events, &pb.Event{Step: int64(step), What: &pb.Event_Summary{Summary: &pb.Summary{Value: values}}})
		}
		writeFile(t, filepath.Join(root, fmt.Sprint(i), "tfevents"), events...)
	}
	found, _, err := dirstore.New(dirstore.Logdir{Path: root}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	chunks := 0
	sink := &recorder{on: func(call string) {
		if strings.HasPrefix(call, "chunk") {
			chunks++
		}
	}}
	o := Options{Jobs: 2, Read: ReadOptions{MaxPoints: 1, TempDir: temp}}
	report, err := Export(t.Context(), found, sink, o)
	if err != nil {
		t.Fatal(err)
	}
	if chunks != 2*runs || report.Totals().Written != runs*(n/100)*100 {
		t.Errorf("%d chunks, %d points", chunks, report.Totals().Written)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	o.Read.TempDir = filepath.Join(temp, "missing")
	sink = new(recorder)
	if _, err := Export(t.Context(), found, sink, o); !errors.Is(err, os.ErrNotExist) || !slices.Equal(sink.calls, []string{"abort"}) {
		t.Errorf("no room for temporary files: %v, %q", err, sink.calls)
	}
}

func TestTags(t *testing.T) {
	runs := logdir(t, 3)
	tags, err := Tags(t.Context(), runs, Options{})
	if err != nil || !slices.Equal(tags, []string{"loss", "tag0", "tag1", "tag2"}) {
		t.Errorf("%q, %v", tags, err)
	}
	far := int64(60) // only the two longer runs get there
	tags, err = Tags(t.Context(), runs, Options{Read: ReadOptions{Select: series.Selection{FirstStep: &far},
		Tags: func(tag string) bool { return tag != "loss" }}})
	if err != nil || !slices.Equal(tags, []string{"tag0", "tag1"}) {
		t.Errorf("selected: %q, %v", tags, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Tags(ctx, runs, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestEachLeaves counts the points that are left, in whole or in part.
func TestEachLeaves(t *testing.T) {
	runs := logdir(t, 3)
	taken := 0
	report, err := Each(t.Context(), runs, Options{Jobs: 2}, func(_ context.Context, in *Input) error {
		for range in.Series() {
			taken++
			break
		}
		return nil
	})
	if totals := report.Totals(); err != nil || taken != 3 || totals.Points != 2*(121+81+41) || totals.Written != totals.Points {
		t.Errorf("%v, %d chunks, %+v", err, taken, totals)
	}
	report, err = Each(t.Context(), runs, Options{NoSeries: true}, func(_ context.Context, in *Input) error {
		for range in.Series() {
			t.Error("there is a series")
		}
		return nil
	})
	if totals := report.Totals(); err != nil || totals.Written != 0 || totals.Unselected != totals.Points {
		t.Errorf("no series: %v, %+v", err, totals)
	}
}

// TestSeriesEndsWithContext: the series of a run ends with its context's error.
func TestSeriesEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	chunks, last := 0, error(nil)
	_, err := Each(ctx, logdir(t, 1), Options{}, func(_ context.Context, in *Input) error {
		for _, last = range in.Series() {
			chunks++
			cancel()
		}
		return last
	})
	if !errors.Is(err, context.Canceled) || !errors.Is(last, context.Canceled) || chunks != 2 {
		t.Errorf("%v, %v after %d chunks", err, last, chunks)
	}
}

func TestVerify(t *testing.T) {
	runs := logdir(t, 3)
	report, err := Verify(t.Context(), runs, Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	if totals := report.Totals(); totals.Runs != 3 || totals.Records != 121+81+41 || totals.Points != 2*totals.Records || totals.Written != 0 || totals.Lost() {
		t.Errorf("%+v", totals)
	}
}
