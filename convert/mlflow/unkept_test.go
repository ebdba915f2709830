package mlflow

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/plan"
)

// put writes a file beside the logs.
func put(t *testing.T, logdir, name, content string) {
	t.Helper()
	file := filepath.Join(logdir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file that a proxy refuses for its size keeps no run from being complete, is
// told of, and is tried again.
func TestRefusedUpload(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	put(t, logdir, "a/checkpoints/last.ckpt", strings.Repeat("x", 2<<20))
	put(t, logdir, "a/hparams.yaml", "lr: 1\n")
	put(t, logdir, "a/tbexport/x.yaml", "mine")
	write(t, logdir, "a/b", "1", scalar(1000, 1, "loss", 1))
	put(t, logdir, "a/b/of-b.yaml", "lr: 2\n")
	o := everything
	o.Include = func(name string) bool { return strings.HasSuffix(name, ".ckpt") || strings.HasSuffix(name, ".yaml") }
	f.mostBytes = 1 << 20
	result := mustMigrate(t, f.URL, makePlan(t, logdir, o), Created)
	run := f.runs[result.Runs[0].RunID]
	unkept := result.Runs[0].Unkept
	if len(unkept) != 1 || unkept[0].Name != "checkpoints/last.ckpt" || !unkept[0].TooLarge() || run.tag(tagUnkept) != "checkpoints/last.ckpt" || run.tag(tagState) != stateComplete {
		t.Fatalf("%+v, %v", unkept, run.Data.Tags)
	}
	root := "1/" + run.Info.RunID + "/artifacts/"
	var kept []string
	for name := range f.artifacts {
		if name, ok := strings.CutPrefix(name, root); ok {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	if want := []string{"files/tbexport/x.yaml", "hparams.yaml", "tensorboard_logs/events.out.tfevents.1"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
	// What differs is known, and no difference.
	verified, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, o), Options{Experiment: "e"})
	if err != nil || !verified.Good() || len(verified.Runs[0].Unkept) != 1 || verified.Runs[0].Unkept[0].Err != nil || len(verified.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %+v", err, verified.Runs[0])
	}
	// The next migration tries that file alone.
	puts := f.count("PUT artifact")
	if again := mustMigrate(t, f.URL, makePlan(t, logdir, o), Skipped); len(again.Runs[0].Unkept) != 1 || f.count("PUT artifact") != puts+1 {
		t.Errorf("%d uploads, %+v", f.count("PUT artifact")-puts, again.Runs[0].Unkept)
	}
	f.mostBytes = 0
	again := mustMigrate(t, f.URL, makePlan(t, logdir, o), Skipped)
	if len(again.Runs[0].Unkept) != 0 || run.tag(tagUnkept) != "" || len(f.artifacts[root+"checkpoints/last.ckpt"]) != 2<<20 {
		t.Errorf("%+v, %v", again.Runs[0].Unkept, run.Data.Tags)
	}
	// Another content is sent, though it is as long.
	put(t, logdir, "a/hparams.yaml", "lr: 3\n")
	if result, err := migrate(t, f.URL, makePlan(t, logdir, o)); err != nil || result.Runs[0].Outcome != Completed || string(f.artifacts[root+"hparams.yaml"]) != "lr: 3\n" {
		t.Errorf("%v, %q", err, f.artifacts[root+"hparams.yaml"])
	}
}

// The user's tags come first, are no additions of somebody, and are left as they
// are once somebody changed them.
func TestUserTags(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	with := func(tags ...Tag) func(*Options) {
		return func(o *Options) {
			o.Tags, o.Description, o.ExperimentTags, o.Flags = tags, "Of *us*.", []Tag{{"team", "vision"}}, `{"nest":["true"]}`
		}
	}
	p := makePlan(t, logdir, everything)
	id := mustMigrate(t, f.URL, p, Created, with(Tag{"team", "vision"}, Tag{tagSourceName, "train.py"})).Runs[0].RunID
	run := f.runs[id]
	if run.Data.Tags[0] != (pair{"team", "vision"}) || run.tag(tagSourceName) != "train.py" || !strings.HasPrefix(run.tag(tagNote), "Of *us*.\n\nMigrated from TensorBoard") ||
		find(f.experiments["e"].tags, "team") != "vision" {
		t.Errorf("%v", run.Data.Tags)
	}
	mustMigrate(t, f.URL, p, Skipped, with(Tag{"team", "vision"}, Tag{"stage", "1"}))
	if run.tag("stage") != "1" {
		t.Error("a tag that was asked for later is not there")
	}
	theirs := func(tags ...Tag) (keys []string) {
		o := Options{Experiment: "e"}
		with(tags...)(&o)
		result, err := Verify(t.Context(), f.client(t), p, o)
		if err != nil || !result.Good() {
			t.Fatalf("%v, %+v", err, result.Runs[0])
		}
		for _, d := range result.Runs[0].Theirs {
			keys = append(keys, d.What+" "+d.Key)
		}
		return keys
	}
	if got := theirs(Tag{"team", "vision"}, Tag{"stage", "1"}); len(got) > 0 {
		t.Errorf("%q", got)
	}
	run.Data.Tags = append(slices.DeleteFunc(run.Data.Tags, func(p pair) bool { return p.Key == "team" }), pair{"team", "audio"})
	write(t, logdir, "a", "2", scalar(1001, 2, "loss", 1))
	p = makePlan(t, logdir, everything)
	mustMigrate(t, f.URL, p, Completed, with(Tag{"team", "vision"}))
	if run.tag("team") != "audio" {
		t.Error("somebody's tag was overwritten")
	}
	if got := theirs(Tag{"team", "vision"}, Tag{"stage", "1"}); !slices.Equal(got, []string{"tag team"}) {
		t.Errorf("%q", got)
	}
	if flags, err := KeptFlags(t.Context(), f.client(t), []string{"none", "e"}, "", "logs"); err != nil || !slices.Equal(flags, []string{`{"nest":["true"]}`}) {
		t.Errorf("%v, %q", err, flags)
	}
}

// The best values are metrics of their own, whose last value is the best; those
// of a log that has grown begin with those that it had.
func TestBestValues(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 3), scalar(1001, 2, "loss", 1), scalar(1002, 3, "loss", 2), scalar(1002, 4, "loss", 1))
	o := everything
	o.Best = []plan.Best{{Names: func(name string) bool { return name == "loss" }}}
	id := mustMigrate(t, f.URL, makePlan(t, logdir, o), Created).Runs[0].RunID
	wantLatest := func(key string, want float64, points int) {
		t.Helper()
		var latest point
		for p := range f.runs[id].points[key] {
			if p.step >= latest.step {
				latest = p
			}
		}
		if latest.value != want || len(f.runs[id].points[key]) != points {
			t.Errorf("%s is %v, want %v; %d points", key, latest.value, want, len(f.runs[id].points[key]))
		}
	}
	wantLatest("best/loss", 1, 2)
	wantLatest("best_step/loss", 2, 2)
	write(t, logdir, "a", "2", scalar(1003, 5, "loss", 0.5))
	mustMigrate(t, f.URL, makePlan(t, logdir, o), Completed)
	wantLatest("best/loss", 0.5, 3)
	wantLatest("best_step/loss", 5, 3)
	verified, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, o), Options{Experiment: "e"})
	if err != nil || !verified.Good() || len(verified.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %+v", err, verified.Runs[0])
	}
}

// An experiment for each first directory.
func TestDivide(t *testing.T) {
	logdir := t.TempDir()
	for _, run := range []string{".", "alone", "x/1", "x/2", "y/z/1"} {
		write(t, logdir, run, "1"+strings.ReplaceAll(run, "/", ""), scalar(1000, 1, "loss", 1))
	}
	o := everything
	o.LogdirName = "logs"
	names, err := plan.ParseTemplate("{top}", plan.FieldTop)
	if err != nil {
		t.Fatal(err)
	}
	f, all := newFake(t), new(Result)
	for _, part := range Divide(makePlan(t, logdir, o), names) {
		result := mustMigrate(t, f.URL, part.Plan, Created, func(o *Options) { o.Experiment = part.Experiment })
		all.Add(result)
	}
	got := make(map[string]string)
	for _, run := range all.Runs {
		got[run.Plan.Path] = run.Experiment.Name
	}
	for run, want := range map[string]string{".": "logs", "alone": "logs", "x/1": "x", "x/2": "x", "y/z/1": "y"} {
		if got[run] != want {
			t.Errorf("%s is in %q, want %q", run, got[run], want)
		}
	}
	if len(all.More) != 2 || len(all.Runs) != 5 {
		t.Errorf("%+v, %d runs", all.More, len(all.Runs))
	}
}

// A server that has no access to its store keeps everything else.
func TestStoreOutOfReach(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for _, run := range []string{"a", "b", "c", "d", "e", "f"} {
		write(t, logdir, run, "1", scalar(1000, 1, "loss", 1))
	}
	proxy := mlflowtest.NewProxy(t, f.URL, func(r *http.Request) mlflowtest.Fault {
		if r.Method == http.MethodPut {
			return mlflowtest.Internal
		}
		return mlflowtest.None
	})
	p := makePlan(t, logdir, everything)
	result := mustMigrate(t, proxy.URL, p, Created, func(o *Options) { o.Jobs = 1 })
	for _, run := range result.Runs {
		if len(run.Unkept) != 1 || f.runs[run.RunID].tag(tagState) != stateComplete {
			t.Errorf("%+v", run)
		}
	}
	if n := proxy.Counts()[mlflowtest.Internal]; n != 3*3+3 {
		t.Errorf("%d uploads were tried", n)
	}
	again := mustMigrate(t, f.URL, p, Skipped)
	if len(again.Runs[0].Unkept) > 0 || len(f.artifacts) != 6 {
		t.Errorf("%d artifacts", len(f.artifacts))
	}
}
