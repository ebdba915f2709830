package eventfile

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	pb "tbexport/proto"
)

// randomRun makes the events of one to four files: several tags in changing
// company, steps that mostly rise, now and then stand, fall back or are
// extreme, restarts, and files of version 2, 1, none and unreadable.
func randomRun(rnd *rand.Rand) (files [][]*pb.Event) {
	tags := []string{"loss", "acc", "a/b", "", "ünïcödé", "z"}[:1+rnd.IntN(6)]
	versions := []string{"brain.Event:2", "brain.Event:2", "brain.Event:2", "brain.Event:1", "no version", ""}
	step := int64(0)
	events := 1 + rnd.IntN(120)
	for range 1 + rnd.IntN(4) {
		var file []*pb.Event
		if v := versions[rnd.IntN(len(versions))]; v != "" {
			file = append(file, version(v))
		}
		for range events {
			switch rnd.IntN(30) {
			case 0:
				file = append(file, session(pb.SessionLog_START, step-rnd.Int64N(20)))
			case 5, 6:
				file = append(file, session(pb.SessionLog_START, step-rnd.Int64N(3)))
			case 1:
				file = append(file, session(pb.SessionLog_STOP, step))
			case 2:
				step -= rnd.Int64N(30)
			case 3:
				step = []int64{math.MinInt64, math.MaxInt64, -1, 0, 1 << 53}[rnd.IntN(5)]
			case 4:
				file = append(file, version(versions[rnd.IntN(5)]))
			default:
				step += rnd.Int64N(3) // may wrap around, as a writer's step may
			}
			file = append(file, randomSummary(rnd, tags, step))
		}
		files = append(files, file)
	}
	return files
}

func randomSummary(rnd *rand.Rand, tags []string, step int64) *pb.Event {
	e := summary(1.7e9+float64(rnd.IntN(1000))/8, step)
	if rnd.IntN(50) == 0 {
		e.WallTime = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}[rnd.IntN(4)]
	}
	for range rnd.IntN(4) {
		tag := tags[rnd.IntN(len(tags))]
		v := scalarValue(tag, rnd.Float32())
		switch rnd.IntN(12) {
		case 0:
			v.Value = &pb.Summary_Value_Image{Image: []byte("image")}
		case 1:
			v.Value = nil
		case 2:
			v.Value = &pb.Summary_Value_SimpleValue{SimpleValue: float32(math.NaN())}
		}
		e.GetSummary().Value = append(e.GetSummary().Value, v)
	}
	return e
}

func randomOptions(rnd *rand.Rand) (o RunOptions) {
	o.Restarts = Restarts(rnd.IntN(3))
	o.MaxPoints = []int{1, 2, 3, 7, 64, 1 << 20}[rnd.IntN(6)]
	if rnd.IntN(4) == 0 {
		o.Tags = func(tag string) bool { return tag > "b" }
	}
	step := func() *int64 { n := rnd.Int64N(100); return &n }
	wall := func() *float64 { f := 1.7e9 + float64(rnd.IntN(125)); return &f }
	switch rnd.IntN(6) {
	case 0:
		o.Select.FirstStep = step()
	case 1:
		o.Select.LastStep = step()
	case 2:
		o.Select.FirstStep, o.Select.LastStep, o.Select.Until = step(), step(), wall()
	case 3:
		o.Select.Since = wall()
	}
	if rnd.IntN(3) == 0 {
		o.Select.Sample = 1 + rnd.IntN(9)
	}
	return o
}

// TestRunReaderAgainstReference reads random runs, several with each reader,
// so that what one run leaves behind would show in the next.
func TestRunReaderAgainstReference(t *testing.T) {
	const readers, runsEach = 200, 3
	temp, dir := t.TempDir(), t.TempDir()
	spilled := 0
	for seed := range uint64(readers) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		o := randomOptions(rnd)
		o.TempDir = temp
		r := NewRunReader(o)
		for i := range runsEach {
			events := randomRun(rnd)
			var files [][]byte
			for _, f := range events {
				payloads := make([]any, len(f))
				for j := range f {
					payloads[j] = f[j]
				}
				files = append(files, records(t, payloads...))
			}
			if err := r.Open(t.Context(), writeRunTo(t, dir, "run", files...)); err != nil {
				t.Fatal(err)
			}
			if len(r.spool.blocks) > 2 {
				spilled++
			}
			got := drain(t, r)
			want, stats := refRead(events, o)
			what := fmt.Sprintf("seed %d, run %d, %v, at most %d points, %+v", seed, i, o.Restarts, o.MaxPoints, o.Select)
			if err := sameSeries(got, want); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			sameStats(t, what, r.Stats(), &stats)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if spilled < readers/2 {
		t.Errorf("only %d runs of %d went through the temporary file", spilled, readers*runsEach)
	}
}

func sameSeries(got, want []Chunk) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d series, not %d", len(got), len(want))
	}
	for i := range got {
		g, w := &got[i], &want[i]
		if g.Tag != w.Tag || len(g.Steps) != len(w.Steps) {
			return fmt.Errorf("series %d is %q of %d points, not %q of %d", i, g.Tag, len(g.Steps), w.Tag, len(w.Steps))
		}
		if !sameFloat(g.Origin, w.Origin) {
			return fmt.Errorf("series %q: origin %v, not %v", g.Tag, g.Origin, w.Origin)
		}
		for j := range g.Steps {
			if g.Steps[j] != w.Steps[j] || !sameFloat(g.WallTimes[j], w.WallTimes[j]) || !sameFloat(g.Values[j], w.Values[j]) {
				return fmt.Errorf("series %q, point %d: %d %v %v, not %d %v %v", g.Tag, j,
					g.Steps[j], g.WallTimes[j], g.Values[j], w.Steps[j], w.WallTimes[j], w.Values[j])
			}
		}
	}
	return nil
}

func sameStats(t *testing.T, what string, got, want *RunStats) {
	t.Helper()
	if sum := got.Unselected + got.Dropped + got.SampledOut + got.Written; sum != got.Points {
		t.Errorf("%s: %d points read, but %d told of", what, got.Points, sum)
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
		payloads = append(payloads, summary(1, 1<<40, scalarValue("loss", 1)))
		for i := range 50 * max {
			payloads = append(payloads, summary(1, int64(i), &pb.Summary_Value{Tag: []byte("loss")}))
		}
		payloads = append(payloads, version("brain.Event:2"))
		for i := range 50 * max {
			payloads = append(payloads, session(pb.SessionLog_START, int64(i)))
		}
		payloads = append(payloads, summary(1, 1<<40, scalarValue("loss", 2)))
		r := NewRunReader(RunOptions{MaxPoints: max, TempDir: t.TempDir(), Tags: func(string) bool { return !unwanted }})
		if err := r.Open(t.Context(), writeRun(t, "run", records(t, payloads...))); err != nil {
			t.Fatal(err)
		}
		if n := cap(r.spool.marks) + cap(r.spool.runMarks); n > 4*max {
			t.Errorf("%s: room for %d restarts in memory", name, n)
		}
		drain(t, r)
		want := int64(1)
		if unwanted {
			want = 0
		}
		if got := r.Stats().SupersededBySession; got != want {
			t.Errorf("%s: %d points superseded, not %d", name, got, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestParseRestarts(t *testing.T) {
	for _, want := range []Restarts{KeepRestarts, StepRestarts, SessionRestarts} {
		if got, err := ParseRestarts(want.String()); err != nil || got != want {
			t.Errorf("ParseRestarts(%q) = %v, %v", want, got, err)
		}
	}
	if _, err := ParseRestarts("Keep"); err == nil || err.Error() != `"Keep" is none of keep, step, session` {
		t.Errorf("error: %v", err)
	}
}

// TestSampleIndex picks of huge series without an overflow.
func TestSampleIndex(t *testing.T) {
	s := sampler{n: 1 << 31, total: 1 << 40}
	if first, last := s.index(0), s.index(s.n-1); first != 0 || last != s.total-1 {
		t.Errorf("first %d, last %d of %d", first, last, s.total)
	}
	for k := int64(1); k < 1000; k++ {
		if s.index(k) <= s.index(k-1) {
			t.Fatalf("index(%d) = %d after %d", k, s.index(k), s.index(k-1))
		}
	}
}

// TestNextAfterTheEnd keeps telling the end, before, between and after runs.
func TestNextAfterTheEnd(t *testing.T) {
	r := NewRunReader(RunOptions{})
	ended := func(when string) {
		t.Helper()
		if c, err := r.Next(); c != nil || err == nil || err.Error() != "EOF" {
			t.Errorf("%s: %v, %v", when, c, err)
		}
	}
	ended("before the first run")
	if err := r.Open(t.Context(), writeRun(t, "run", records(t, summary(1, 1, scalarValue("a", 1))))); err != nil {
		t.Fatal(err)
	}
	if got := text(drain(t, r)); got != "a: 1=1\n" {
		t.Error(got)
	}
	ended("at the end")
	ended("behind the end")
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	ended("closed")
}
