package wandb

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
	"tbexport/convert/sinktest"
	"tbexport/eventfile/eventfiletest"
)

func planOf(t testing.TB, logdir string) *plan.Plan {
	t.Helper()
	return plantest.Plan(t, plantest.Runs(t, logdir), Rules(), plan.Options{Fold: true, Media: rows.MediaForms()})
}

const logs = "../../testdata/logs"

// write writes all runs, and fails unless each has the outcome.
func write(t testing.TB, p *plan.Plan, o Options, want plan.Outcome) *plan.Result {
	t.Helper()
	result, err := Write(t.Context(), p, o)
	plantest.Written(t, result, err, want)
	return result
}

func verify(t testing.TB, p *plan.Plan, o Options) {
	t.Helper()
	result, err := Verify(t.Context(), p, o)
	plantest.Verified(t, p, result, err)
}

// Everything of every run is there, the second time changes nothing, and the
// same logs make the same bytes.
func TestWrite(t *testing.T) {
	for name, p := range map[string]*plan.Plan{
		"testdata": planOf(t, logs),
		"odd":      plantest.Plan(t, sinktest.Logdir(t), Rules(), plan.Options{Fold: true, Media: rows.MediaForms()}),
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: filepath.Join(t.TempDir(), "wandb"), Project: "p", Version: "test", Logdir: "logs"}
			measured, err := Measure(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			result := write(t, p, o, plan.Created)
			if got, want := p.TotalsDocument(result), p.TotalsDocument(measured); !reflect.DeepEqual(got, want) {
				t.Errorf("written %+v\nmeasured %+v", got, want)
			}
			verify(t, p, o)
			first := sinktest.Files(t, o.Dir)
			directory := regexp.MustCompile(`^offline-run-\d{8}_\d{6}-([0-9a-f]{16})/(run-([0-9a-f]{16})\.wandb|\.tbexport\.json|files/media/(images|audio)/[^\\:*?"<>|]+)$`)
			for name := range first {
				if !directory.MatchString(name) {
					t.Errorf("a file %s", name)
				}
			}
			write(t, p, o, plan.Skipped)
			if !maps.Equal(sinktest.Files(t, o.Dir), first) {
				t.Error("the second time changed files")
			}
			o.Dir = filepath.Join(t.TempDir(), "again")
			write(t, p, o, plan.Created)
			if !maps.Equal(sinktest.Files(t, o.Dir), first) {
				t.Error("the same logs made other bytes")
			}
		})
	}
}

// A run that has grown replaces what was written of it, also after a sync, and
// nothing else.
func TestGrown(t *testing.T) {
	logdir := t.TempDir()
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	grow := func(steps int) *plan.Plan {
		b := make(eventfiletest.Tree)
		for _, run := range []string{"a", "b"} {
			n := steps
			if run == "b" {
				n = 3
			}
			b[run+"/events.out.tfevents.1.h"] = eventfiletest.Curve("loss", n)
		}
		eventfiletest.Write(t, logdir, b)
		return planOf(t, logdir)
	}
	write(t, grow(3), o, plan.Created)
	dir := write(t, planOf(t, logdir), o, plan.Skipped).Runs[0].Where
	name := fileName(planOf(t, logdir).Runs[0])
	for _, left := range []string{".synced", ".syncstate"} {
		if err := os.WriteFile(filepath.Join(dir, name+left), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p := grow(10)
	result, err := Write(t.Context(), p, o)
	if err != nil || result.Runs[0].Outcome != plan.Grown || result.Runs[1].Outcome != plan.Skipped {
		t.Fatalf("%+v, %+v, %v", result.Runs[0], result.Runs[1], err)
	}
	verify(t, p, o)
	if all := sinktest.Files(t, dir); len(all) != 2 {
		t.Errorf("in the directory: %q", slices.Collect(maps.Keys(all)))
	}
}

// What somebody else put where a run is to go is never touched.
func TestOthersAreKept(t *testing.T) {
	p := planOf(t, logs+"/sample")
	o := Options{Dir: t.TempDir()}
	w := writer{plan: p, options: o}
	for i, content := range []string{"theirs", header + "no record", string(writeLog(t, [][]byte{[]byte(message(nil).message(recordRun, message(nil).text(runID, "x")))}))} {
		dir := w.place(p.Runs[i])
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fileName(p.Runs[i])), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	before := sinktest.Files(t, o.Dir)
	result, err := Write(t.Context(), p, o)
	if err != nil || result.Good() {
		t.Fatal(err)
	}
	after := sinktest.Files(t, o.Dir)
	for name, content := range before {
		if after[name] != content {
			t.Errorf("%s was changed", name)
		}
	}
	for i, r := range result.Runs {
		if failed := r.Err != nil; failed != (i < 3) {
			t.Errorf("run %d: %v", i, r.Err)
		}
		if i < 3 && !strings.Contains(r.Err.Error(), "not an earlier output") {
			t.Errorf("run %d: %v", i, r.Err)
		}
	}
	if _, err := Write(t.Context(), p, Options{Dir: filepath.Join(t.TempDir(), "no", "such")}); err == nil || !strings.Contains(err.Error(), "such: there is no directory ") {
		t.Errorf("below no directory: %v", err)
	}
}

// Verify sees a point that is another, a file that is damaged, and one that is
// not there.
func TestVerify(t *testing.T) {
	p := planOf(t, logs+"/sample")
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	result := write(t, p, o, plan.Created)
	path := func(i int) string { return filepath.Join(result.Runs[i].Where, fileName(p.Runs[i])) }
	if err := os.Remove(path(0)); err != nil {
		t.Fatal(err)
	}
	damaged, err := os.ReadFile(path(1))
	if err != nil {
		t.Fatal(err)
	}
	damaged[len(damaged)/2] ^= 1
	other := otherValue(t, path(2))
	for i, b := range map[int][]byte{1: damaged, 2: other} {
		if err := os.WriteFile(path(i), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Verify(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if r := got.Runs[0]; r.Outcome != plan.Missing {
		t.Errorf("not there: %+v", r)
	}
	if r := got.Runs[1]; r.Outcome != plan.Failed || !strings.Contains(r.Err.Error(), "damaged at offset") {
		t.Errorf("damaged: %+v", r)
	}
	if r := got.Runs[2]; len(r.Differences) != 1 || r.Differences[0].What != "metric" || r.Differences[0].NotThere != 1 || r.Differences[0].NotHere != 1 {
		t.Errorf("another value: %+v", r)
	}
	if got.Good() {
		t.Error("that is good?")
	}
}

// otherValue gives a file of which the last digit of one value is another.
func otherValue(t *testing.T, path string) []byte {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := readLog(b)
	if err != nil {
		t.Fatal(err)
	}
	for i, record := range records {
		body, err := bytesIn(record, recordHistory)
		if err != nil || body == nil {
			continue
		}
		_, _, value, err := item(mustBytes(t, body, historyItem))
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(record, value)
		records[i] = slices.Clone(record)
		records[i][at+len(value)-1] ^= 1
		return writeLog(t, records)
	}
	t.Fatal("no history")
	return nil
}

func mustBytes(t *testing.T, b []byte, num int32) []byte {
	var first []byte
	err := fields(b, func(n protowire.Number, v field) error {
		if int32(n) == num && first == nil {
			first = v.bytes
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return first
}

// The end of the context leaves whole directories only.
func TestCancelled(t *testing.T) {
	p := planOf(t, logs)
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	o.Progress = func(int64) {
		if runs++; runs == 20 {
			cancel()
		}
	}
	if _, err := Write(ctx, p, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for name := range sinktest.Files(t, o.Dir) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("left: %s", name)
		}
	}
	o.Progress = nil
	if result, err := Write(t.Context(), p, o); err != nil || !result.Good() {
		t.Fatal(err)
	}
	verify(t, p, o)
}

// A run's exit status, steps and group are those that W&B is to show.
func TestRuns(t *testing.T) {
	runs := plantest.Runs(t, logs+"/hparams")
	p := plantest.Plan(t, runs, Rules(), plan.Options{Fold: true, Nest: true})
	w := writer{plan: p}
	for _, r := range p.Runs {
		if r.Path == "odd-status/failure" && (code(r) != 1 || w.group(r) != "odd-status") {
			t.Errorf("failed: %d, group %q", code(r), w.group(r))
		}
		if r.Path == "odd-status/running" && (code(r) != 0 || r.Status != convert.StatusRunning) {
			t.Errorf("running: %d", code(r))
		}
	}
	w.options.Group = "mine"
	if got := w.group(p.Runs[len(p.Runs)-1]); got != "mine" {
		t.Errorf("group %q", got)
	}
}

func TestKeys(t *testing.T) {
	for name, want := range map[string]string{"loss": "loss", "a/b": "a/b", "": "unnamed", "_step": "tag/_step", "global_step": "tag/global_step", "global_step/sec": "global_step/sec"} {
		if got := key(name); got != want {
			t.Errorf("%q is %q", name, got)
		}
	}
}

// Two at once: every run is written once, and found by the other.
func TestTwoAtOnce(t *testing.T) {
	p := planOf(t, logs)
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	var all sync.WaitGroup
	var results [2]*plan.Result
	var errs [2]error
	for i := range results {
		all.Go(func() { results[i], errs[i] = Write(t.Context(), planOf(t, logs), o) })
	}
	all.Wait()
	for i, r := range results {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		for _, run := range r.Runs {
			if run.Err != nil {
				t.Errorf("%s: %v", run.Run.Path, run.Err)
			}
		}
	}
	verify(t, p, o)
	if entries, err := os.ReadDir(o.Dir); err != nil || len(entries) != len(p.Runs) {
		t.Errorf("%d entries for %d runs, %v", len(entries), len(p.Runs), err)
	}
}

// A picture that is gone comes back.
func TestMediaGone(t *testing.T) {
	p := planOf(t, logs+"/kinds")
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	write(t, p, o, plan.Created)
	pictures, err := filepath.Glob(filepath.Join(o.Dir, "*", filesDir, "media", "images", "*.png"))
	if err != nil || len(pictures) == 0 {
		t.Fatalf("pictures %v, %v", pictures, err)
	}
	if err := os.Remove(pictures[0]); err != nil {
		t.Fatal(err)
	}
	result, err := Write(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := make(map[plan.Outcome]int)
	for _, r := range result.Runs {
		outcomes[r.Outcome]++
	}
	if _, err := os.Stat(pictures[0]); err != nil || outcomes[plan.Grown] != 1 || outcomes[plan.Skipped] != len(p.Runs)-1 {
		t.Errorf("%v, outcomes %v", err, outcomes)
	}
}

// What the options name is compared, and runs of another project are counted.
func TestOtherProject(t *testing.T) {
	p := planOf(t, logs+"/sample")
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb"), Project: "alpha", Entity: "me", Group: "g"}
	write(t, p, o, plan.Created)
	for _, c := range []struct {
		project, entity, group, differs string
		moves                           map[Place]int64
	}{
		{"alpha", "me", "g", "", map[Place]int64{}},
		{"beta", "me", "g", `project: asked for "beta", there "alpha"`, map[Place]int64{{"me", "alpha"}: 6}},
		{"alpha", "", "h", `entity: asked for none, there "me"; group: asked for "h", there "g"`, map[Place]int64{{"me", "alpha"}: 6}},
	} {
		other := Options{Dir: o.Dir, Project: c.project, Entity: c.entity, Group: c.group}
		moves, err := Moves(p, other)
		if err != nil || !maps.Equal(moves, c.moves) {
			t.Errorf("%+v: moves %v, %v", c, moves, err)
		}
		result, err := Verify(t.Context(), p, other)
		if err != nil || result.Good() != (c.differs == "") {
			t.Fatalf("%+v: %v", c, err)
		}
		for _, r := range result.Runs {
			var all []string
			for _, d := range r.Differences {
				all = append(all, d.String())
			}
			if got := strings.Join(all, "; "); got != c.differs {
				t.Errorf("%s: %s\nwant %s", r.Run.Path, got, c.differs)
			}
		}
	}
}

func TestProjects(t *testing.T) {
	for name, good := range map[string]bool{
		"": true, "mine": true, "a b.c_1-2": true, strings.Repeat("é", 128): true, strings.Repeat("x", 129): false,
		"a/b": false, `a\b`: false, "a#b": false, "a?": false, "a%b": false, ":a": false,
	} {
		if err := CheckProject(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := Write(t.Context(), planOf(t, logs+"/sample"), Options{Dir: t.TempDir(), Project: "a/b"}); err == nil {
		t.Error("written into a/b")
	}
}

// Steps that repeat only since the runs were written are said in words.
func TestStepsRepeatSince(t *testing.T) {
	logdir := t.TempDir()
	tree := eventfiletest.Tree{"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3)}
	eventfiletest.Write(t, logdir, tree)
	o := Options{Dir: filepath.Join(t.TempDir(), "wandb")}
	write(t, planOf(t, logdir), o, plan.Created)
	tree["a/events.out.tfevents.2.h"] = eventfiletest.Curve("loss", 2)
	eventfiletest.Write(t, logdir, tree)
	result, err := Verify(t.Context(), planOf(t, logdir), o)
	if err != nil || len(result.Runs[0].Differences) == 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	const want = "steps: in the logs they repeat, go back or are negative, there they grow"
	if got := result.Runs[0].Differences[0].String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
