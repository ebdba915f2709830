package mlflow

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tbexport/convert"
	pb "tbexport/proto"
)

// What people do to a run is left as it is, keeps no run from being complete,
// and is listed by Verify.
func TestTheirs(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	events := []*pb.Event{started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}}), scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2)}
	write(t, logdir, "a", "1", events...)
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created).Runs[0].RunID
	run := f.runs[id]
	run.Info.Name, run.Info.User = "best", "me"
	for key, value := range map[string]string{tagNote: run.tag(tagNote) + "\nmine", tagUser: "other", "team": "vision", "mlflow.source.name": "train.py"} {
		run.Data.Tags = append(slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == key }), pair{key, value})
	}
	run.Data.Params = append(run.Data.Params, pair{"seed", "1"})
	run.points["mine"] = map[point]bool{{5, 0, 1}: true}
	run.points["loss"][point{2000000, 9, 1}] = true
	f.artifacts["1/"+id+"/artifacts/notes.txt"] = []byte("mine")
	f.artifacts["1/"+id+"/artifacts/tbexport/mine"] = nil
	wantTheirs := func(name string) {
		t.Helper()
		kept := run.tag(tagNote)
		if !strings.HasSuffix(kept, "\nmine") || run.Info.Name != "best" || run.tag(tagUser) != "other" || run.tag("team") != "vision" || run.tag(tagSourceName) != "train.py" {
			t.Errorf("%s: %q, %v", name, run.Info.Name, run.Data.Tags)
		}
		result, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
		if err != nil || !result.Good() {
			t.Fatalf("%s: %v, %v", name, err, result.Runs[0].Differences)
		}
		var got []string
		for _, d := range result.Runs[0].Theirs {
			got = append(got, d.What+" "+d.Key)
		}
		if want := []string{"artifact notes.txt", "artifact tbexport/mine", "description ", "metric loss", "metric mine", "name ", "param seed", "tag team", "user "}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
	wantTheirs("at once")
	write(t, logdir, "a", "1", append(events, scalar(1002, 3, "loss", 3))...)
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	if result.Runs[0].PointsSent != 1 || run.tag(tagState) != stateComplete {
		t.Errorf("%d points sent, %s", result.Runs[0].PointsSent, run.tag(tagState))
	}
	wantTheirs("grown")
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
}

// A description that nobody changed is kept up to date.
func TestOwnDescription(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss (x)", 1))
	on := func(day int) func(*Options) {
		return func(o *Options) { o.Time = time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	}
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created, on(1)).Runs[0].RunID
	write(t, logdir, "a", "2", scalar(1001, 2, "loss (x)", 1))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed, on(2))
	if note := f.runs[id].tag(tagNote); !ownNote(note) || !strings.Contains(note, "on 2026-01-02: ") || !strings.Contains(note, "2 points") {
		t.Errorf("%q", note)
	}
	for _, theirs := range []string{"", "mine", "Migrated from TensorBoard by tbexport 1 on 2026-01-01: run `a` of `b`, 1 point.\n\nBetter than b.\n"} {
		if ownNote(theirs) {
			t.Errorf("%q", theirs)
		}
	}
}

func TestDeletedStaysDeleted(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	write(t, logdir, "b", "1", scalar(1001, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	id := mustMigrate(t, f.URL, p, Created).Runs[0].RunID
	f.runs[id].Info.Stage = "deleted"
	for range 2 {
		result, err := migrate(t, f.URL, p)
		if err != nil || !result.Good() || result.Runs[0].Outcome != Deleted || result.Runs[1].Outcome != Skipped || f.count("runs/create") != 2 {
			t.Fatalf("%v, %+v", err, result.Runs[0])
		}
	}
	checked, err := Verify(t.Context(), f.client(t), p, Options{Experiment: "e"})
	if err != nil || !checked.Good() || checked.Runs[0].Outcome != Deleted {
		t.Errorf("%v, %+v", err, checked.Runs[0])
	}
	mustMigrate(t, f.URL, p, Skipped, func(o *Options) { o.Deleted = RestoreDeleted })
	if f.runs[id].deleted() {
		t.Error("it was not restored")
	}
	f.runs[id].Info.Stage = "deleted"
	result, err := migrate(t, f.URL, p, func(o *Options) { o.Deleted = AgainDeleted })
	if err != nil || result.Runs[0].Outcome != Created || !f.runs[id].deleted() {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
	// What the program deletes itself does not count as deleted.
	mustMigrate(t, f.URL, p, Created, func(o *Options) { o.Existing = ReplaceExisting })
	mustMigrate(t, f.URL, p, Skipped)
}

// A start that MLflow cannot change is a note.
func TestOtherStart(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	id := mustMigrate(t, f.URL, p, Created).Runs[0].RunID
	f.runs[id].Info.Start = 1
	f.runs[id].Data.Tags = append(slices.DeleteFunc(f.runs[id].Data.Tags, func(p pair) bool { return p.Key == tagState }), pair{tagState, stateImporting})
	result := mustMigrate(t, f.URL, p, Completed)
	if !slices.Contains(result.Runs[0].Notes, otherStart) || f.runs[id].tag(tagState) != stateComplete {
		t.Errorf("%q, %s", result.Runs[0].Notes, f.runs[id].tag(tagState))
	}
	checked, err := Verify(t.Context(), f.client(t), p, Options{Experiment: "e"})
	if err != nil || !checked.Good() || !slices.Contains(checked.Runs[0].Notes, otherStart) {
		t.Errorf("%v, %+v", err, checked.Runs[0])
	}
}

// Some tags first and everything later, and the other way round, is no failure.
func TestSomeTagsFirst(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "late", 1), scalar(900, 1, "loss", 1), scalar(1100, 2, "late", 1))
	some := convert.ReadOptions{Tags: func(tag string) bool { return tag == "loss" }}
	for _, order := range [][]convert.ReadOptions{{some, {}}, {{}, some}} {
		f := newFake(t)
		for i, read := range order {
			for _, want := range []Outcome{[]Outcome{Created, Completed}[i], Skipped} {
				p, err := tryPlan(logdir, everything, read)
				if err != nil {
					t.Fatal(err)
				}
				result := mustMigrate(t, f.URL, p, want, func(o *Options) { o.Read = read })
				if run := f.runs[result.Runs[0].RunID]; run.Info.Start != 900000 || run.Info.End != 1100000 || run.tag(tagState) != stateComplete {
					t.Errorf("%+v", run.Info)
				}
			}
		}
	}
}

// The flags that are kept on a run are those of the last migration that looked at it.
func TestFlagsOfTheLastMigration(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for i, c := range []struct {
		flags string
		want  []string
	}{{`{"tag":["loss"]}`, []string{`{"tag":["loss"]}`}}, {"", []string{""}}, {`{"nest":["true"]}`, []string{`{"nest":["true"]}`}}} {
		write(t, logdir, "a", strconv.Itoa(i), scalar(float64(1000+i), int64(i), "loss", 1))
		mustMigrate(t, f.URL, makePlan(t, logdir, everything), []Outcome{Created, Completed, Completed}[i], func(o *Options) { o.Flags = c.flags })
		got, err := KeptFlags(t.Context(), f.client(t), []string{"e"}, "", "logs")
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d: %q, %v", i, got, err)
		}
	}
}

// Copies of logs bring no runs: neither those of the logdir, nor those that go
// by another name.
func TestCopies(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	twins := func(runs ...string) {
		for _, run := range runs {
			write(t, logdir, run, "1", scalar(1000, 1, "loss", 1))
		}
	}
	twins("a", "b") // two of one plan are two runs
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
	twins("copy", "sub/copy")
	result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || !result.Good() || result.Runs[2].Outcome != Duplicate || result.Runs[3].Outcome != Duplicate || f.count("runs/create") != 2 {
		t.Errorf("%v, %+v", err, result.Runs[2])
	}
	checked, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !checked.Good() || checked.Runs[2].Outcome != Duplicate {
		t.Errorf("%v, %+v", err, checked.Runs[2])
	}
	// The same beginning is another run.
	write(t, logdir, "copy", "1", scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2))
	result, err = migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || result.Runs[2].Outcome != Created || result.Runs[3].Outcome != Duplicate {
		t.Errorf("%v, %+v", err, result.Runs[2])
	}
	result, err = migrate(t, f.URL, makePlan(t, logdir, everything), func(o *Options) { o.Duplicates = CreateDuplicates })
	if err != nil || result.Runs[3].Outcome != Created {
		t.Errorf("%v, %+v", err, result.Runs[3])
	}
}

// The runs of version 0.1 have no tag of their content, and get it.
func TestCopiesOfEarlierRuns(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	id := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created).Runs[0].RunID
	run := f.runs[id]
	run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == tagContent })
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
	write(t, logdir, "copy", "1", scalar(1000, 1, "loss", 1))
	result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || result.Runs[1].Outcome != Duplicate {
		t.Errorf("%v, %+v", err, result.Runs[1])
	}
}

// What an earlier version put into a tag each is read, and goes when the run is
// completed: nothing would keep it up to date.
func TestTagsOfEarlierRuns(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	run := f.runs[mustMigrate(t, f.URL, p, Created).Runs[0].RunID]
	files, bytes := p.Runs[0].EventFiles()
	digest, err := p.Runs[0].Content(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own := func() (keys []string) {
		for _, tag := range run.Data.Tags {
			if strings.HasPrefix(tag.Key, "tbexport.") {
				keys = append(keys, tag.Key)
			}
		}
		slices.Sort(keys)
		return keys
	}
	few := own()
	if want := []string{tagContent, tagDigest, tagLogdir, tagRun, tagSourceID, tagState, tagWrote}; !slices.Equal(few, want) {
		t.Errorf("a run has the tags %q, want %q", few, want)
	}
	run.Data.Tags = slices.DeleteFunc(run.Data.Tags, func(tag pair) bool { return tag.Key == tagContent })
	run.Data.Tags = append(run.Data.Tags, pair{tagContent, digest}, pair{oldFiles, strconv.Itoa(files)}, pair{oldBytes, strconv.FormatInt(bytes, 10)},
		pair{"tbexport.points", "1"}, pair{"tbexport.version", "0.1.0"})
	write(t, logdir, "copy", "1", scalar(1000, 1, "loss", 1))
	result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || result.Runs[0].Outcome != Skipped || result.Runs[1].Outcome != Duplicate {
		t.Errorf("%v, %+v", err, result.Runs[1])
	}
	write(t, logdir, "a", "2", scalar(1001, 2, "loss", 1))
	result, err = migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || !result.Good() || result.Runs[0].Outcome != Completed {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
	if got := own(); !slices.Equal(got, few) {
		t.Errorf("a completed run has the tags %q, want %q", got, few)
	}
}

// Twins of one plan are two runs also when the first migration was stopped
// between them.
func TestTwinsOfAPlanThatWasStopped(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for _, run := range []string{"a", "b", "c"} {
		write(t, logdir, run, "1", scalar(1000, 1, "loss", 1))
	}
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	for _, run := range result.Runs[1:] {
		delete(f.runs, run.RunID)
	}
	f.order = []string{result.Runs[0].RunID}
	again, err := migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil || again.Runs[0].Outcome != Skipped || again.Runs[1].Outcome != Created || again.Runs[2].Outcome != Created {
		t.Errorf("%v, %s, %s", err, again.Runs[1].Outcome, again.Runs[2].Outcome)
	}
}

// What tells no time has that of its files, of which copies make no difference.
func TestTimesOfFiles(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1.x", scalar(0, 1, "loss", 1))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	for _, path := range []string{"copy", "other"} {
		to := filepath.Join(logdir, path)
		write(t, to, "a", "1.x", scalar(0, 1, "loss", 1))
		mustMigrate(t, f.URL, makePlan(t, to, everything), Skipped)
		checked, err := Verify(t.Context(), f.client(t), makePlan(t, to, everything), Options{Experiment: "e"})
		if err != nil || !checked.Good() || len(checked.Runs[0].Notes) > 0 {
			t.Errorf("%v, %+v", err, checked.Runs[0])
		}
	}
}

// A run that is found to be a part of another when the logs have grown is said to
// be there, and goes where that is asked for.
func TestPartThatWasARun(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	const part = "exp/1636363636.5"
	write(t, logdir, "exp", "1", scalar(1000, 1, "loss", 1))
	write(t, logdir, part, "1", scalar(1001, 1, "hparam/acc", 1))
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	apart := f.runs[result.Runs[1].RunID]
	if len(result.Runs) != 2 || apart.tag(tagRun) != part {
		t.Fatalf("%d runs", len(result.Runs))
	}
	write(t, logdir, part, "1", scalar(1001, 1, "hparam/acc", 1), started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}}))
	p := makePlan(t, logdir, everything)
	for i, outcome := range []Outcome{Completed, Skipped} {
		result := mustMigrate(t, f.URL, p, outcome)
		if len(result.Runs) != 1 || !slices.Contains(result.Runs[0].Notes, PartApart) || apart.deleted() {
			t.Errorf("%d: %q", i, result.Runs[0].Notes)
		}
	}
	verify := func() *RunResult {
		t.Helper()
		checked, err := Verify(t.Context(), f.client(t), p, Options{Experiment: "e"})
		if err != nil || !checked.Good() {
			t.Fatalf("%v, %+v", err, checked.Runs[0])
		}
		return checked.Runs[0]
	}
	if !slices.Contains(verify().Notes, PartApart) {
		t.Error("verify does not say it")
	}
	mustMigrate(t, f.URL, p, Skipped, func(o *Options) { o.Existing = KeepOneExisting })
	if !apart.deleted() || apart.tag(tagSourceID) != "" || slices.Contains(verify().Notes, PartApart) {
		t.Errorf("it is there: %v", verify().Notes)
	}
}
