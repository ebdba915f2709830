package eventfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// grower is a run in memory that is read as it changes.
type grower struct {
	t     *testing.T
	store *runtest.Memory
	run   eventfile.Run
	read  *runtest.Reader
	state eventfile.State
}

func newGrower(t *testing.T) *grower {
	g := &grower{t: t, store: &runtest.Memory{Files: make(map[string][]byte)}, run: eventfile.Run{Name: "run"}}
	g.read = runtest.NewReaderOf(g.store, runtest.Options{WalkOptions: eventfile.WalkOptions{Resumable: true}})
	return g
}

// put sets what files hold. A name that is new is a file of the run.
func (g *grower) put(name string, content ...[]byte) {
	if _, ok := g.store.Files[name]; !ok {
		g.run.Files = append(g.run.Files, name)
	}
	g.store.Files[name] = bytes.Join(content, nil)
}

// want reads on and compares with the run read at once.
func (g *grower) want(text string) {
	g.t.Helper()
	if err := g.read.Continue(g.t.Context(), g.state, g.run); err != nil {
		g.t.Fatal(err)
	}
	g.state = g.read.Walker.State()
	if got := runtest.Text(runtest.Drain(g.t, g.read.Series)); got != text {
		g.t.Errorf("got %q, not %q", got, text)
	}
	whole := runtest.NewReaderOf(g.store, runtest.Options{})
	if err := whole.Open(g.t.Context(), g.run); err != nil {
		g.t.Fatal(err)
	}
	if got, want := runtest.Text(runtest.Drain(g.t, whole.Series)), text; got != want {
		g.t.Errorf("read at once: %q, not %q", got, want)
	}
	if got, want := fmt.Sprintf("%+v", counts(g.read)), fmt.Sprintf("%+v", counts(whole)); got != want {
		g.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// counts are a run's statistics without pointers.
func counts(r *runtest.Reader) []any {
	stats := *r.Stats
	all := []any{r.Series.Counts(), r.HParams.Counts()}
	for _, f := range stats.Files {
		file := *f
		for _, d := range file.Damage {
			all = append(all, fmt.Sprint(d, d.Records, d.Torn, d.Before, d.After))
		}
		file.Damage = nil
		all = append(all, file)
	}
	stats.Files = nil
	return append(all, stats)
}

// replaced wants the run to be read anew, and does so.
func (g *grower) replaced(text string) {
	g.t.Helper()
	if err := g.read.Continue(g.t.Context(), g.state, g.run); !errors.Is(err, eventfile.ErrReplaced) {
		g.t.Errorf("error: %v", err)
	}
	if err := g.read.Series.Reset(); err != nil {
		g.t.Fatal(err)
	}
	g.read.Inventory.Reset()
	g.read.HParams.Reset()
	g.state = eventfile.State{}
	g.want(text)
}

func at(step int64) *pb.Event {
	return build.Summary(float64(step), step, build.Scalar("loss", float32(step)))
}

func TestContinue(t *testing.T) {
	g := newGrower(t)
	first := build.File(t, build.Version("brain.Event:2"), at(1))
	one := build.File(t, at(2))
	g.put("a", first)
	g.want("loss: 1=1\n")
	g.want("loss: 1=1\n") // nothing has changed
	g.put("a", first, one[:20])
	g.want("loss: 1=1\n") // a torn tail
	g.put("a", first, one[:21])
	g.want("loss: 1=1\n")
	g.put("a", first, one)
	g.want("loss: 1=1 2=2\n") // that is whole later
	g.put("a", first, one, make([]byte, 30))
	g.want("loss: 1=1 2=2\n") // zeros, as of a file system that crashed
	g.put("a", first, one, build.File(t, at(3)))
	g.want("loss: 1=1 2=2 3=3\n")
	g.put("b", nil)
	g.want("loss: 1=1 2=2 3=3\n") // an empty file
	g.put("a", first, one, build.File(t, at(3), at(4)))
	g.want("loss: 1=1 2=2 3=3 4=4\n") // before an empty file another may grow
	g.put("b", build.File(t, build.Version("brain.Event:2"), at(2)), build.File(t, at(9))[:5])
	g.put("c", first)
	g.want("loss: 1=1 2=2 3=3 4=4 2=2 1=1\n") // a file that grows and a new one
}

// TestContinueAfterDamage: damage that reached the end may be another one later.
func TestContinueAfterDamage(t *testing.T) {
	g := newGrower(t)
	first := build.File(t, build.Version("brain.Event:2"), at(1))
	bad := build.File(t, at(2))
	bad[20] ^= 1
	g.put("a", first, bad)
	g.want("loss: 1=1\n")
	g.put("a", first, bad, build.File(t, at(3))[:7])
	g.want("loss: 1=1\n")
	g.put("a", first, bad, build.File(t, at(3)))
	g.want("loss: 1=1 3=3\n")
	g.put("a", first, bad, build.File(t, at(3), []byte("no event"), at(4)))
	g.want("loss: 1=1 3=3 4=4\n")
}

// TestContinueRemembersTags: metadata of a value before rules those after, and
// tags that are not text stay the tags that they are.
func TestContinueRemembersTags(t *testing.T) {
	g := newGrower(t)
	double := func(plugin string, f float64) any {
		return build.Summary(1, int64(f), build.Tensor(t, "x", plugin, build.Double(f)), build.Scalar("a\xff", 1), build.Scalar("a\xfe", 2))
	}
	first := build.File(t, build.Version("brain.Event:2"), double("scalars", 1))
	g.put("a", first)
	g.want("a\ufffd: 1=1 1=2\nx: 1=1\n")
	g.put("a", first, build.File(t, double("", 2)))
	g.want("a\ufffd: 1=1 1=2 2=1 2=2\nx: 1=1 2=2\n")
}

func TestContinueNotices(t *testing.T) {
	long := build.File(t, append([]any{build.Version("brain.Event:2")}, points(20)...)...)
	other := bytes.Clone(long)
	copy(other, build.File(t, build.Version("brain.Event:3")))
	otherEnd := bytes.Clone(long)
	copy(otherEnd[len(long)-31:], build.File(t, at(99)))
	more := build.File(t, at(21))
	for name, c := range map[string]struct {
		do   func(g *grower)
		want bool // ErrReplaced
	}{
		"a file that grew":                      {func(g *grower) { g.put("b", long, more) }, false},
		"a file that became shorter":            {func(g *grower) { g.put("b", long[:len(long)-31]) }, true},
		"another beginning":                     {func(g *grower) { g.put("b", other, more) }, true},
		"another end":                           {func(g *grower) { g.put("b", otherEnd, more) }, true},
		"another file of the same size":         {func(g *grower) { g.put("b", other) }, true},
		"a file is gone":                        {func(g *grower) { g.run.Files = g.run.Files[:1] }, true},
		"a file cannot be opened":               {func(g *grower) { delete(g.store.Files, "b") }, true},
		"a new file before the others":          {func(g *grower) { g.put("0", long); g.run.Files = []string{"0", "a", "b"} }, true},
		"a file before one with points grew":    {func(g *grower) { g.put("a", long, more) }, true},
		"a new file after the others":           {func(g *grower) { g.put("c", long) }, false},
		"the last file grew and there is a new": {func(g *grower) { g.put("b", long, more); g.put("c", long) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGrower(t)
			g.put("a", long)
			g.put("b", long)
			if err := g.read.Continue(t.Context(), g.state, g.run); err != nil {
				t.Fatal(err)
			}
			state, before := g.read.Walker.State(), fmt.Sprint(runtest.Drain(t, g.read.Series), counts(g.read))
			c.do(g)
			stats := g.read.Stats
			err := g.read.Continue(t.Context(), state, g.run)
			if errors.Is(err, eventfile.ErrReplaced) != c.want || err != nil && !c.want {
				t.Fatalf("error: %v", err)
			}
			if !c.want {
				return
			}
			g.read.Stats = stats
			if after := fmt.Sprint(runtest.Drain(t, g.read.Series), counts(g.read)); after != before {
				t.Errorf("the collectors were given something:\n%s\n%s", before, after)
			}
		})
	}
}

// TestReplacedIsReadAnew, with the same collectors.
func TestReplacedIsReadAnew(t *testing.T) {
	g := newGrower(t)
	g.put("a", build.File(t, build.Version("brain.Event:2"), at(1), at(2)))
	g.want("loss: 1=1 2=2\n")
	g.put("a", build.File(t, build.Version("brain.Event:2"), at(7)))
	g.replaced("loss: 7=7\n")
}

// TestStateStays: a state serves walks after others went on from it.
func TestStateStays(t *testing.T) {
	g := newGrower(t)
	first := build.File(t, build.Version("brain.Event:2"), at(1))
	g.put("a", first, build.File(t, at(2))[:9])
	g.want("loss: 1=1\n")
	state := g.state
	g.put("a", first, build.File(t, at(2)))
	g.want("loss: 1=1 2=2\n")
	again := series.NewCollector(series.Options{})
	w := eventfile.NewWalker(g.store, eventfile.WalkOptions{Resumable: true})
	stats, err := w.Continue(t.Context(), state, g.run, again)
	if err != nil {
		t.Fatal(err)
	}
	if got := runtest.Text(runtest.Drain(t, again)); got != "loss: 2=2\n" || stats.Points != 2 || stats.Events != 3 {
		t.Errorf("got %q, %+v", got, stats)
	}
}

// TestContinueReadsTheEndOnly grows a run of 200 MB by 1 KB.
func TestContinueReadsTheEndOnly(t *testing.T) {
	size := 200 << 20
	if testing.Short() {
		size = 20 << 20
	}
	one := build.File(t, at(1<<20))
	head := build.File(t, build.Version("brain.Event:2"))
	file := append(head, bytes.Repeat(one, size/len(one))...)
	grown := append(file, bytes.Repeat(one, 1024/len(one))...)
	store := &runtest.Memory{Files: map[string][]byte{"a": file}}
	run := eventfile.Run{Name: "run", Files: []string{"a"}}
	w := eventfile.NewWalker(store, eventfile.WalkOptions{Resumable: true})
	if _, err := w.Walk(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	state := w.State()
	for _, c := range []struct {
		file  []byte
		bytes int64
		opens int64
	}{{file, 128, 1}, {grown, 128 + 1024 + 128, 1}} {
		store.Files["a"] = c.file
		store.Bytes.Store(0)
		store.Opens.Store(0)
		stats, err := w.Continue(t.Context(), state, run)
		if err != nil {
			t.Fatal(err)
		}
		if n := store.Bytes.Load(); n > c.bytes || store.Opens.Load() > c.opens {
			t.Errorf("%d bytes read of %d, and %d files opened", n, len(c.file), store.Opens.Load())
		}
		if want := int64((len(c.file) - len(head)) / len(one)); stats.Points != want {
			t.Errorf("%d points, not %d", stats.Points, want)
		}
	}
}
