package eventfile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// points are n events of one tag, at steps from 0 on.
func points(n int) (payloads []any) {
	for i := range n {
		payloads = append(payloads, build.Summary(float64(i), int64(i), build.Scalar("loss", float32(i))))
	}
	return payloads
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// accounted says whether the bytes of a file are all told of.
func accounted(t *testing.T, f *eventfile.FileStats) {
	t.Helper()
	sum := f.RecordBytes
	for _, d := range f.Damage {
		sum += d.Bytes
	}
	if sum != f.Bytes {
		t.Errorf("%s: %d bytes, but %d told of", f.Path, f.Bytes, sum)
	}
}

func TestRunStats(t *testing.T) {
	odd := &pb.Event{WallTime: 5, Step: 9, What: &pb.Event_GraphDef{GraphDef: []byte("g")}}
	written := build.Version("brain.Event:2")
	written.SourceMetadata = &pb.SourceMetadata{Writer: []byte("some.writer")}
	long := build.Tensor(t, "big", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1<<53 + 1}})
	ranked := build.Tensor(t, "big", "scalars", build.Shaped(build.Double(1), 1))
	first := build.File(t, written, odd, build.Summary(1, 1, long, ranked))
	second := build.File(t, build.Version("brain.Event:1"),
		&pb.Event{What: &pb.Event_LogMessage{LogMessage: &pb.LogMessage{Message: []byte("m")}}},
		&pb.Event{What: &pb.Event_TaggedRunMetadata{TaggedRunMetadata: &pb.TaggedRunMetadata{Tag: []byte("t")}}},
		&pb.Event{What: &pb.Event_MetaGraphDef{MetaGraphDef: []byte("g")}}, &pb.Event{})
	run := runtest.Write(t, "a/b", first, second)
	_, s := runtest.All(t, runtest.Options{}, run)
	if s.Run != "a/b" || s.Events != 8 || s.Points != 2 || s.Written != 2 || s.Series != 1 || s.InexactIntegers != 1 || s.HigherRank != 1 ||
		s.Writer != "some.writer" || s.FileVersion != "brain.Event:2" {
		t.Errorf("%+v", s)
	}
	if n := s.NotExported; len(n) != 3 || n["graphs"] != 2 || n["run_metadata"] != 1 || n["log_messages"] != 1 {
		t.Errorf("not exported: %v", n)
	}
	if len(s.Files) != 2 {
		t.Fatalf("%d files", len(s.Files))
	}
	for i, f := range s.Files {
		if size := int64(len([][]byte{first, second}[i])); f.Path != run.Files[i] || f.Bytes != size || f.Records != int64(3+2*i) || f.Lost() {
			t.Errorf("file %d: %+v", i, f)
		}
		accounted(t, f)
	}
}

// TestDamage reads a file with each kind of damage and asserts what is left,
// what is said, and which events stand around it.
func TestDamage(t *testing.T) {
	frame := func(i int) []byte { return build.File(t, points(4)[i]) }
	n := int64(len(frame(3)))
	first := int64(len(frame(0))) // shorter: step 0 and wall time 0 are left out
	broken := build.Summary(7, 7, build.Scalar("loss", 7))
	brokenRaw := append(build.Marshal(t, broken), 10<<3|2, 2, 1<<3|2, 9) // a writer longer than the source
	badTensor := &pb.Summary_Value{Tag: []byte("t"), Metadata: build.Metadata("scalars"), Value: &pb.Summary_Value_Tensor{Tensor: []byte{4<<3 | 2, 9}}}
	flip := func(b []byte, i int) []byte { b[i] ^= 1; return b }
	at := func(step int64) *eventfile.Position { return &eventfile.Position{step, float64(step)} }
	for _, c := range []struct {
		name    string
		file    []byte
		want    string
		damage  eventfile.Damage
		records int64
	}{
		{"a wrong data CRC", join(frame(0), flip(frame(1), 20), frame(2)), "loss: 0=0 2=2\n",
			eventfile.Damage{Offset: first, Bytes: n, Cause: "data CRC", Records: 1, Before: at(0), After: at(2)}, 2},
		{"of the first record", join(flip(frame(1), 20), frame(2)), "loss: 2=2\n",
			eventfile.Damage{Offset: 0, Bytes: n, Cause: "data CRC", Records: 1, After: at(2)}, 1},
		{"of the last record", join(frame(0), flip(frame(1), 20)), "loss: 0=0\n",
			eventfile.Damage{Offset: first, Bytes: n, Cause: "data CRC", Records: 1, Before: at(0)}, 1},
		{"a wrong length CRC", join(frame(0), flip(frame(1), 3), frame(2), frame(3)), "loss: 0=0 2=2 3=3\n",
			eventfile.Damage{Offset: first, Bytes: n, Cause: "length CRC", Records: 1, Before: at(0), After: at(2)}, 3},
		{"a torn tail", join(frame(0), frame(1), frame(2)[:9]), "loss: 0=0 1=1\n",
			eventfile.Damage{Offset: first + n, Bytes: 9, Cause: "truncated", Records: 1, Torn: true, Before: at(1)}, 2},
		{"zeros to the end", join(frame(0), make([]byte, 100)), "loss: 0=0\n",
			eventfile.Damage{Offset: first, Bytes: 100, Cause: "zeros", Records: -1, Torn: true, Before: at(0)}, 1},
		{"zeros only", make([]byte, 100), "", eventfile.Damage{Bytes: 100, Cause: "zeros", Records: -1, Torn: true}, 0},
		{"a record that is no event", join(frame(0), build.File(t, []byte("no event")), frame(2)), "loss: 0=0 2=2\n",
			eventfile.Damage{Offset: first, Bytes: 24, Cause: eventfile.CauseEvent, Records: 1, Before: at(0), After: at(2)}, 2},
		{"an event with an undecodable part", join(frame(0), build.File(t, brokenRaw), frame(2)), "loss: 0=0 7=7 2=2\n",
			eventfile.Damage{Offset: first, Bytes: 4, Cause: eventfile.CauseValue, Before: at(7), After: at(2)}, 3},
		{"an undecodable tensor", join(frame(0), build.File(t, build.Summary(7, 7, badTensor, build.Scalar("loss", 7))), frame(2)), "loss: 0=0 7=7 2=2\n",
			eventfile.Damage{Offset: first, Bytes: 2, Cause: eventfile.CauseValue, Before: at(7), After: at(2)}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := runtest.Write(t, "run", c.file)
			series, stats := runtest.All(t, runtest.Options{}, run)
			if got := runtest.Text(series); got != c.want {
				t.Errorf("got %q, not %q", got, c.want)
			}
			f := stats.Files[0]
			if f.Records != c.records || f.Err != nil || f.Lost() == c.damage.Torn {
				t.Errorf("%+v", f)
			}
			accounted(t, f)
			if len(f.Damage) != 1 {
				t.Fatalf("%d damages: %v", len(f.Damage), f.Damage)
			}
			d := *f.Damage[0]
			if !samePosition(d.Before, c.damage.Before) || !samePosition(d.After, c.damage.After) {
				t.Errorf("between %+v and %+v", d.Before, d.After)
			}
			d.Before, d.After, c.damage.Before, c.damage.After = nil, nil, nil, nil
			if c.damage.Path = run.Files[0]; d != c.damage {
				t.Errorf("got  %+v\nwant %+v", d, c.damage)
			}

			strict := runtest.NewReader(runtest.Options{WalkOptions: eventfile.WalkOptions{Strict: true}})
			defer strict.Close()
			err := strict.Open(t.Context(), run)
			if c.damage.Torn {
				if err != nil {
					t.Errorf("strict: %v, of a torn tail", err)
				}
				return
			}
			var got *eventfile.Damage
			if !errors.As(err, &got) || got.Error() != f.Damage[0].Error() {
				t.Errorf("strict: %v, not %v", err, f.Damage[0])
			}
		})
	}
}

func samePosition(a, b *eventfile.Position) bool { return a == b || a != nil && b != nil && *a == *b }

func TestDamageError(t *testing.T) {
	d := &eventfile.Damage{Path: "logs/a", Offset: 12, Bytes: 34, Cause: eventfile.CauseEvent}
	if got, want := d.Error(), "logs/a: offset 12: undecodable event, 34 bytes unreadable"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestDamagedSamples reads the damaged sample files: nothing fails, and every
// byte is told of.
func TestDamagedSamples(t *testing.T) {
	runs := runtest.Find(t, build.Testdata(t, "damaged"))
	if len(runs) < 20 {
		t.Fatalf("%d runs", len(runs))
	}
	for _, run := range runs {
		_, stats := runtest.All(t, runtest.Options{}, run)
		for _, f := range stats.Files {
			if f.Err == nil {
				accounted(t, f)
			} else if run.Name != "gzip" && run.Name != "text" {
				t.Errorf("%s: %v", run.Name, f.Err)
			}
		}
	}
}

// TestDamageDoesNotEndTheRun reads on after each file, whatever it is.
func TestDamageDoesNotEndTheRun(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(build.File(t, points(2)...)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	good := build.File(t, points(1)...)
	run := runtest.Write(t, "run", good, zipped.Bytes(), nil, good[:len(good)-1], good)
	missing := filepath.Join(t.TempDir(), "missing")
	run.Files = append([]string{missing}, run.Files...)
	told := int64(0)
	series, stats := runtest.All(t, runtest.Options{WalkOptions: eventfile.WalkOptions{Progress: func(n int64) { told += n }}}, run)
	if got, want := runtest.Text(series), "loss: 0=0 0=0\n"; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
	if f := stats.Files[0]; !errors.Is(f.Err, fs.ErrNotExist) || !strings.Contains(f.Err.Error(), missing) || !f.Lost() {
		t.Errorf("a missing file: %+v", f)
	}
	if f := stats.Files[2]; f.Err == nil || f.Err.Error() != run.Files[2]+": not an event file: gzip data (gunzip makes the file of it)" || !f.Lost() {
		t.Errorf("a compressed file: %+v", f)
	}
	sum := int64(0)
	for _, f := range stats.Files {
		sum += f.Bytes
	}
	if told != sum {
		t.Errorf("progress tells of %d bytes of %d", told, sum)
	}
	for _, i := range []int{0, 2} {
		r := runtest.NewReader(runtest.Options{WalkOptions: eventfile.WalkOptions{Strict: true}})
		err := r.Open(t.Context(), eventfile.Run{Name: "run", Files: run.Files[i : i+1]})
		if err == nil || err.Error() != stats.Files[i].Err.Error() {
			t.Errorf("strict: %v", err)
		}
	}
}

// TestStatsAreTheCallers: what a walk found stays when the walker goes on.
func TestStatsAreTheCallers(t *testing.T) {
	w := eventfile.NewWalker(&runtest.Memory{}, eventfile.WalkOptions{})
	var all []*eventfile.RunStats
	for _, path := range []string{"a", "b"} {
		stats, err := w.Walk(t.Context(), eventfile.Run{Name: path, Files: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, stats)
	}
	for i, want := range []string{"a", "b"} {
		if f := all[i].Files[0]; all[i].Run != want || f.Path != want || f.Err == nil {
			t.Errorf("%+v", f)
		}
	}
}

// TestReadDirectoryAsFile stands for files whose bytes cannot be read.
func TestReadDirectoryAsFile(t *testing.T) {
	dir := t.TempDir()
	run := runtest.Write(t, "run", build.File(t, points(1)...))
	run.Files = append([]string{dir}, run.Files...)
	series, stats := runtest.All(t, runtest.Options{}, run)
	if got := runtest.Text(series); got != "loss: 0=0\n" {
		t.Errorf("got %q", got)
	}
	if f := stats.Files[0]; f.Err == nil || !strings.Contains(f.Err.Error(), dir) {
		t.Errorf("%+v", f)
	}
}

func TestSkipDataCRC(t *testing.T) {
	file := build.File(t, points(3)...)
	file[len(file)-1] ^= 1
	series, stats := runtest.All(t, runtest.Options{WalkOptions: eventfile.WalkOptions{SkipDataCRC: true}}, runtest.Write(t, "run", file))
	if got := runtest.Text(series); got != "loss: 0=0 1=1 2=2\n" || len(stats.Files[0].Damage) != 0 {
		t.Errorf("got %q, %v", got, stats.Files[0].Damage)
	}
}

// once calls do the first time that a tag is asked for, all of which are wanted.
func once(do func()) func(string) bool {
	var first sync.Once
	return func(string) bool { first.Do(do); return true }
}

// during reads a run of one file and calls do when its first event is read,
// which is when the selection is asked of the tag.
func during(t *testing.T, file []byte, do func(path string)) ([]series.Chunk, *runtest.Stats) {
	t.Helper()
	run := runtest.Write(t, "run", file)
	return runtest.All(t, runtest.Options{Options: series.Options{Tags: once(func() { do(run.Files[0]) })}}, run)
}

func TestFileThatGrows(t *testing.T) {
	file := build.File(t, points(3)...)
	series, stats := during(t, file, func(path string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = f.Write(file); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if got := runtest.Text(series); got != "loss: 0=0 1=1 2=2\n" {
		t.Errorf("got %q", got)
	}
	if f := stats.Files[0]; f.Bytes != int64(len(file)) || f.Lost() || len(f.Damage) > 0 {
		t.Errorf("%+v", f)
	}
	accounted(t, stats.Files[0])
}

func TestFileThatShrinks(t *testing.T) {
	const n = 100_000 // several buffers of the reader
	file := build.File(t, points(n)...)
	cut := len(file) / 2
	series, stats := during(t, file, func(path string) {
		if err := os.Truncate(path, int64(cut)); err != nil {
			t.Fatal(err)
		}
	})
	want, _ := runtest.All(t, runtest.Options{}, runtest.Write(t, "run", file[:cut]))
	if err := runtest.SameSeries(series, want); err != nil {
		t.Error(err)
	}
	if f := stats.Files[0]; f.Err != nil || f.Records != stats.Points || f.Records < n/3 || f.Records > n/3*2 {
		t.Errorf("%+v", f)
	}
}

func TestCancel(t *testing.T) {
	run := runtest.Write(t, "run", build.File(t, points(20_000)...))
	ctx, cancel := context.WithCancel(t.Context())
	r := runtest.NewReader(runtest.Options{Options: series.Options{Tags: func(string) bool { cancel(); return true }}})
	if err := r.Open(ctx, run); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while reading: %v", err)
	}
	if r.Stats.Events > 10_000 {
		t.Errorf("%d events read after it was cancelled", r.Stats.Events)
	}
	if err := r.Open(ctx, run); !errors.Is(err, context.Canceled) || r.Stats.Events != 0 {
		t.Errorf("cancelled before: %v", err)
	}
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if s := runtest.Drain(t, r.Series); len(s) != 1 || len(s[0].Steps) != 20_000 {
		t.Errorf("a run after a cancelled one: %d series", len(s))
	}
}

func TestRunTimes(t *testing.T) {
	var events []any
	for _, wall := range []float64{math.NaN(), 0, 5, 3, math.Inf(1), 9, -1, 4} {
		events = append(events, build.Summary(wall, 0, build.Scalar("loss", 1)))
	}
	_, stats := runtest.All(t, runtest.Options{}, runtest.Write(t, "run", build.File(t, events...)))
	if stats.FirstTime != 3 || stats.LastTime != 9 {
		t.Errorf("from %v to %v, want 3 to 9", stats.FirstTime, stats.LastTime)
	}
	_, stats = runtest.All(t, runtest.Options{}, runtest.Write(t, "run", build.File(t, events[:2]...)))
	if stats.FirstTime != 0 || stats.LastTime != 0 {
		t.Errorf("from %v to %v, want none", stats.FirstTime, stats.LastTime)
	}
}
