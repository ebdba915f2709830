package mlflow

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// keys lists what a run's metrics are called, and are.
func keys(r *plan.Run) map[string]string {
	keys := make(map[string]string)
	for _, s := range r.Series {
		keys[s.Key] = s.Source.Run.Name + ":" + s.Tag
	}
	return keys
}

func wantKeys(t *testing.T, r *plan.Run, want map[string]string) {
	t.Helper()
	got := keys(r)
	for key, source := range want {
		if got[key] != source {
			t.Errorf("%s: %q is %q, want %q", r.Path, key, got[key], source)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %v", r.Path, got)
	}
}

func TestPlanOfSeveralFiles(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}, {Name: []byte("n"), Value: number(3)}}),
		scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2))
	write(t, logdir, "a", "2", scalar(1002, 3, "loss", 3), ended(pb.SessionStatus_STATUS_FAILURE))
	p := makePlan(t, logdir, everything)
	r := p.Runs[0]
	if len(p.Runs) != 1 || r.Name != "a" || r.Points() != 3 || r.Start != 900 || r.End != 9000 || r.Status != convert.StatusFailed || len(r.Files) != 2 {
		t.Errorf("%+v", r)
	}
	if len(r.Params) != 2 || r.Params[0] != (plan.Param{HParam: hparams.HParam{Name: "lr", Kind: hparams.Number, Number: 0.5}, Wanted: "lr", Key: "lr", Value: "0.5"}) || r.Params[1].Value != "3" {
		t.Errorf("%+v", r.Params)
	}
	if r.Files[0].Place != "tensorboard_logs/events.out.tfevents.1" {
		t.Errorf("%+v", r.Files)
	}
}

func TestMerge(t *testing.T) {
	logdir := t.TempDir()
	for _, run := range []string{"x/train", "x/validation", "x/other", "train"} {
		write(t, logdir, run, "1", scalar(1000, 1, "loss", 1))
	}
	p := makePlan(t, logdir, plan.Options{Merge: []string{"train", "validation"}, Files: true})
	if len(p.Runs) != 3 {
		t.Fatalf("%d runs", len(p.Runs))
	}
	wantKeys(t, p.Runs[0], map[string]string{"train/loss": "train:loss"})
	wantKeys(t, p.Runs[1], map[string]string{"train/loss": "x/train:loss", "validation/loss": "x/validation:loss"})
	wantKeys(t, p.Runs[2], map[string]string{"loss": "x/other:loss"})
	if name := p.Runs[0].Name; name != filepath.Base(logdir) {
		t.Errorf("the run of the logdir itself is %q", name)
	}
	if got := p.Runs[1].Files[1].Place; got != "tensorboard_logs/validation/events.out.tfevents.1" {
		t.Errorf("kept as %s", got)
	}
}

func TestFold(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "exp", "1", scalar(1000, 1, "loss", 1))
	experiment := hparamsEvent("_hparams_/experiment", &pb.HParamsPluginData{Data: &pb.HParamsPluginData_Experiment{
		Experiment: &pb.Experiment{MetricInfos: []*pb.MetricInfo{{Name: &pb.MetricName{Tag: []byte("loss")}}}}}})
	write(t, logdir, "exp/1636363636.12345", "1", experiment, started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}}), scalar(1001, 0, "loss", 9))
	p := makePlan(t, logdir, everything)
	if len(p.Runs) != 1 || len(p.Folded) != 1 || len(p.Runs[0].Params) != 1 {
		t.Fatalf("%+v", p)
	}
	wantKeys(t, p.Runs[0], map[string]string{"loss": "exp:loss", "loss.hparams": "exp/1636363636.12345:loss"})
	if apart := makePlan(t, logdir, plan.Options{}); len(apart.Runs) != 2 {
		t.Errorf("%d runs with Fold off", len(apart.Runs))
	}
}

func TestEmptyRunsAreLeftOut(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "empty", "1")
	write(t, logdir, "version", "1", &pb.Event{WallTime: 1, What: &pb.Event_FileVersion{FileVersion: []byte("brain.Event:2")}})
	write(t, logdir, "hparams", "1", started(nil))
	p := makePlan(t, logdir, everything)
	if len(p.Empty) != 2 || len(p.Runs) != 1 || p.Runs[0].Path != "hparams" {
		t.Errorf("%v, %+v", p.Empty, p.Runs)
	}
}

func TestLongParams(t *testing.T) {
	logdir := t.TempDir()
	long := strings.Repeat("損", 6001)
	write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("text"), Value: text(long)}}))
	_, err := tryPlan(logdir, everything, convert.ReadOptions{})
	var refused *plan.LongParamError
	if !errors.As(err, &refused) || err.Error() != `run a: the hyperparameter "text" has 6001 characters, of at most 6000` {
		t.Errorf("got %v", err)
	}
	h := hparams.HParam{Name: "text", Kind: hparams.String, Text: long}
	for choice, want := range map[plan.LongParams]plan.Param{
		plan.TruncateLongParams: {HParam: h, Wanted: "text", Key: "text", Value: strings.Repeat("損", 6000), Full: long},
		plan.FileLongParams:     {HParam: h, Wanted: "text", Key: "text", Value: strings.Repeat("損", 6000), Full: long, Omitted: true},
		plan.SkipLongParams:     {HParam: h, Wanted: "text", Key: "text", Value: strings.Repeat("損", 6000), Omitted: true},
	} {
		o := everything
		o.LongParams = choice
		if got := makePlan(t, logdir, o).Runs[0].Params[0]; got != want {
			t.Errorf("%d: %d and %d characters, %t", choice, len(got.Value), len(got.Full), got.Omitted)
		}
	}
}

func TestNonFinite(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "x", float32(math.NaN())), scalar(1000, 2, "x", float32(math.Inf(1))), scalar(1000, 3, "x", 1))
	if got := TotalsOf(makePlan(t, logdir, plan.Options{})); got.Points != 3 || got.NaN != 1 || got.Infinite != 1 || got.LastNaN != 0 {
		t.Errorf("keep: %+v", got)
	}
	if got := TotalsOf(makePlan(t, logdir, plan.Options{NonFinite: plan.SkipNonFinite})); got.Points != 1 || got.Skipped != 2 {
		t.Errorf("skip: %+v", got)
	}
	if _, err := tryPlan(logdir, plan.Options{NonFinite: plan.FailNonFinite}, convert.ReadOptions{}); err == nil {
		t.Error("fail does not")
	}
}

// A loss that became NaN is not on MLflow's page of its run, so it is told.
func TestLastValuesThatAreNaN(t *testing.T) {
	logdir := t.TempDir()
	nan := float32(math.NaN())
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1), scalar(1000, 2, "loss", nan), scalar(1000, 1, "acc", nan), scalar(1000, 2, "acc", 1))
	if got := TotalsOf(makePlan(t, logdir, plan.Options{})); got.NaN != 2 || got.LastNaN != 1 {
		t.Errorf("keep: %+v", got)
	}
	if got := TotalsOf(makePlan(t, logdir, plan.Options{NonFinite: plan.SkipNonFinite})); got.LastNaN != 0 {
		t.Errorf("skip: %+v", got)
	}
}

func TestSampling(t *testing.T) {
	logdir := t.TempDir()
	var events []*pb.Event
	for i := range 100 {
		events = append(events, scalar(1000, int64(i), "x", 1))
	}
	write(t, logdir, "a", "1", events...)
	p, err := tryPlan(logdir, plan.Options{}, convert.ReadOptions{Select: series.Selection{Sample: 10}})
	if err != nil {
		t.Fatal(err)
	}
	if got := TotalsOf(p); got.Points != 10 || got.SampledOut != 90 {
		t.Errorf("%+v", got)
	}
}

// A run longer than what is held in memory comes in several chunks, which
// the digest must not notice.
func TestDigestOfChunks(t *testing.T) {
	logdir := t.TempDir()
	var events []*pb.Event
	for i := range 1000 {
		events = append(events, scalar(1000+float64(i), int64(i), "x", 1), scalar(1000+float64(i%10), int64(i%10), "mixed", 1))
	}
	write(t, logdir, "a", "1", events...)
	whole := makePlan(t, logdir, plan.Options{})
	runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	points := series.NewCollector(series.Options{MaxPoints: 100})
	defer points.Close()
	stats, err := eventfile.NewWalker(dirstore.New(), eventfile.WalkOptions{}).Walk(t.Context(), runs[0], points)
	if err != nil {
		t.Fatal(err)
	}
	planner := plan.NewPlanner(Limits{}.Rules(), plan.Options{})
	read := &convert.RunStats{Run: stats.Run, Files: stats.Files, First: stats.First, Counts: convert.Counts{Points: stats.Points}}
	if err := planner.WriteRun(t.Context(), convert.NewInput(runs[0], read, nil, points.Chunks())); err != nil {
		t.Fatal(err)
	}
	if _, err := planner.Commit(); err != nil {
		t.Fatal(err)
	}
	a, b := whole.Runs[0].Series, planner.Plan().Runs[0].Series
	if a, b := tallyOf(a[1]), tallyOf(b[1]); a.digest != b.digest || b.mixed || a.latest != b.latest {
		t.Errorf("x: %+v and %+v", a, b)
	}
	if a, b := tallyOf(a[0]), tallyOf(b[0]); a.mixed || !b.mixed {
		t.Errorf("mixed: %t and %t", a.mixed, b.mixed)
	}
}

func TestIdentity(t *testing.T) {
	here, there := t.TempDir(), t.TempDir()
	write(t, here, "a", "1", scalar(1000, 1, "x", 1))
	write(t, there, "a", "1", scalar(1000, 1, "x", 1), scalar(1001, 2, "x", 2))
	write(t, there, "a", "2", scalar(1002, 3, "x", 3))
	write(t, there, "b", "1", scalar(1000, 1, "x", 1))
	a, b := makePlan(t, here, everything), makePlan(t, there, everything)
	if a.Runs[0].SourceID != b.Runs[0].SourceID || a.Runs[0].Digest == b.Runs[0].Digest {
		t.Error("a grown and moved run is another one")
	}
	if b.Runs[0].SourceID == b.Runs[1].SourceID {
		t.Error("two runs of a logdir are one")
	}
}
