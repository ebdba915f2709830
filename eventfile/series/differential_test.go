package series_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// TestCollectorAgainstReference reads random runs, several with each reader,
// so that what one run leaves behind would show in the next.
func TestCollectorAgainstReference(t *testing.T) {
	const readers, runsEach = 200, 3
	temp, dir := t.TempDir(), t.TempDir()
	spilled := 0
	for seed := range uint64(readers) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		o := runtest.RandomOptions(rnd)
		o.TempDir = temp
		r := runtest.NewReader(runtest.Options{Options: o})
		for i := range runsEach {
			events := runtest.Random(rnd)
			var files [][]byte
			for _, f := range events {
				payloads := make([]any, len(f))
				for j := range f {
					payloads[j] = f[j]
				}
				files = append(files, build.File(t, payloads...))
			}
			if err := r.Open(t.Context(), runtest.WriteTo(t, dir, "run", files...)); err != nil {
				t.Fatal(err)
			}
			if series.Blocks(r.Series) > 2 {
				spilled++
			}
			got := runtest.Drain(t, r.Series)
			want, stats := refRead(events, o)
			what := fmt.Sprintf("seed %d, run %d, %v, at most %d points, %+v", seed, i, o.Restarts, o.MaxPoints, o.Select)
			if err := runtest.SameSeries(got, want); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			sameStats(t, what, r.Counted(), &stats)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if spilled < readers/2 {
		t.Errorf("only %d runs of %d went through the temporary file", spilled, readers*runsEach)
	}
}

func sameStats(t *testing.T, what string, got, want *runtest.Stats) {
	t.Helper()
	if sum := got.Unselected + got.Dropped + got.SampledOut + got.Written; sum != got.Points {
		t.Errorf("%s: %d points read, but %d accounted for", what, got.Points, sum)
	}
	for _, f := range []struct {
		name      string
		got, want int64
	}{
		{"points", got.Points, want.Points},
		{"series", int64(got.Series), int64(want.Series)},
		{"unselected", got.Unselected, want.Unselected},
		{"dropped", got.Dropped, want.Dropped},
		{"sampled out", got.SampledOut, want.SampledOut},
		{"written", got.Written, want.Written},
		{"superseded by step", got.SupersededByStep, want.SupersededByStep},
		{"repeated", got.Repeated, want.Repeated},
		{"two writers", got.TwoWriters, want.TwoWriters},
		{"superseded by session", got.SupersededBySession, want.SupersededBySession},
	} {
		if f.got != f.want {
			t.Errorf("%s: %s: %d, not %d", what, f.name, f.got, f.want)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// TestRestartsAreBounded gives no end of restarts between points: they must
// not gather in memory either.
func TestRestartsAreBounded(t *testing.T) {
	const max = 64
	for name, unwanted := range map[string]bool{"wanted": false, "unwanted": true} {
		var payloads []any
		payloads = append(payloads, build.Summary(1, 1<<40, build.Scalar("loss", 1)))
		for i := range 50 * max {
			payloads = append(payloads, build.Summary(1, int64(i), &pb.Summary_Value{Tag: []byte("loss")}))
		}
		payloads = append(payloads, build.Version("brain.Event:2"))
		for i := range 50 * max {
			payloads = append(payloads, build.Session(pb.SessionLog_START, int64(i)))
		}
		payloads = append(payloads, build.Summary(1, 1<<40, build.Scalar("loss", 2)))
		r := runtest.NewReader(runtest.Options{Options: series.Options{
			MaxPoints: max, TempDir: t.TempDir(), Tags: func(string) bool { return !unwanted }}})
		if err := r.Open(t.Context(), runtest.Write(t, "run", build.File(t, payloads...))); err != nil {
			t.Fatal(err)
		}
		if n := series.RoomForRestarts(r.Series); n > 4*max {
			t.Errorf("%s: room for %d restarts in memory", name, n)
		}
		runtest.Drain(t, r.Series)
		want := int64(1)
		if unwanted {
			want = 0
		}
		if got := r.Counted().SupersededBySession; got != want {
			t.Errorf("%s: %d points superseded, not %d", name, got, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
