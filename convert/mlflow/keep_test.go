package mlflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tbexport/convert/plan"
	pb "tbexport/proto"
)

// asVersion01 gives the keys of a plan the names that version 0.1 gave: no mark
// but where two names would be one.
func asVersion01(p *plan.Plan) *plan.Plan {
	for _, r := range p.Runs {
		kept := plan.Kept{Series: make(map[*plan.Series]string), Params: make(map[string]string)}
		for _, s := range r.Series {
			kept.Series[s] = cleanName(s.Wanted)
		}
		for _, q := range r.Params {
			kept.Params[q.Wanted] = cleanName(q.Wanted)
		}
		p.KeepKeys(r, kept)
	}
	return p
}

// What version 0.1 migrated keeps its keys, and the names of other runs change
// nothing of it, whether its keys.json is there or not.
func TestNamesHold(t *testing.T) {
	for _, store := range []string{"mlflow-artifacts:/", "s3://bucket/"} {
		f, logdir := newFake(t), t.TempDir()
		f.store = store
		write(t, logdir, "r1", "1", started([]*pb.HParam{{Name: []byte("l#r"), Value: number(0.5)}}), scalar(1000, 1, "loss (train)", 1), scalar(1000, 1, "acc", 1))
		first := asVersion01(makePlan(t, logdir, everything))
		mustMigrate(t, f.URL, first, Created)
		mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)

		write(t, logdir, "r2", "1", scalar(1000, 1, "loss [train]", 1), scalar(1000, 1, "loss _train_", 1))
		result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
		if err != nil || !result.Good() || result.Runs[0].Outcome != Skipped || result.Runs[1].Outcome != Created {
			t.Fatalf("%v, %+v", err, result)
		}
		keys := func(i int) (keys []string) {
			for key := range f.runs[result.Runs[i].RunID].points {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			return keys
		}
		if got := keys(0); !slices.Equal(got, []string{"acc", "loss _train_"}) {
			t.Errorf("r1 has %q", got)
		}
		if got, want := keys(1), []string{"loss _train_", "loss _train_" + plan.Mark("loss [train]")}; !slices.Equal(got, want) {
			t.Errorf("r2 has %q, want %q", got, want)
		}

		// A run of 0.1 that grows gets new tags under new names, also one that
		// is what another became. Without keys.json nobody could tell these two.
		events, want := []*pb.Event{scalar(1001, 2, "loss (train)", 1), scalar(1001, 1, "a#", 1)}, []string{"a_" + plan.Mark("a#"), "acc", "loss _train_"}
		if store == "mlflow-artifacts:/" {
			events, want = append(events, scalar(1001, 1, "loss _train_", 1)), append(want, "loss _train_"+plan.Mark("loss _train_'"))
		}
		write(t, logdir, "r1", "2", events...)
		grown, err := migrate(t, f.URL, makePlan(t, logdir, everything))
		if err != nil || !grown.Good() || int(grown.Runs[0].PointsSent) != len(events) || grown.Runs[1].Outcome != Skipped {
			t.Errorf("%v, %+v", err, grown.Runs[0])
		}
		if got := keys(0); !slices.Equal(got, want) {
			t.Errorf("r1 has %q, want %q", got, want)
		}
		mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
		checked, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
		if err != nil || !checked.Good() {
			t.Errorf("Verify: %v, %v", err, checked.Runs[0].Differences)
		}
		f.wantNoPointTwice(t)
	}
}

// MLflow does not change params: one that is another in the logs is said, and
// listed by Verify, and keeps no run from being complete.
func TestParamsThatChangeInTheLogs(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	logs := func(lr float64) {
		write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("lr"), Value: number(lr)}, {Name: []byte("seed"), Value: number(1)}}), scalar(1000, 1, "loss", 1))
	}
	write(t, logdir, "a", "0", scalar(999, 0, "loss", 1))
	logs(0.5)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	logs(0.25)
	wantLR := func(name string, run *RunResult, wanted ...string) {
		t.Helper()
		var got []string
		for _, d := range run.ChangedParams {
			got = append(got, d.String())
		}
		if !slices.Equal(got, wanted) || len(run.Differences) > 0 {
			t.Errorf("%s: %q, %v", name, got, run.Differences)
		}
	}
	verify := func() *RunResult {
		t.Helper()
		checked, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
		if err != nil {
			t.Fatal(err)
		}
		return checked.Runs[0]
	}
	const lr = `param "lr": in the logs 0.25, on the server 0.5`
	wantLR("before it is migrated again", verify(), lr)
	result := mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	wantLR("migrated", result.Runs[0], lr)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Skipped)
	wantLR("verified", verify(), lr)
	d := newResultDocument(verify(), error.Error)
	if !d.Verified || !slices.Equal(d.ChangedParams, []string{"lr"}) || len(d.ChangedValues) != 1 || d.ChangedValues[0].InLogs != "0.25" || d.ChangedValues[0].OnServer != "0.5" {
		t.Errorf("%+v", d)
	}
	// What the server has otherwise than the logs have always had it is a difference.
	run := f.runs[result.Runs[0].RunID]
	set := func(key, value string) {
		for i := range run.Data.Params {
			if run.Data.Params[i].Key == key {
				run.Data.Params[i].Value = value
			}
		}
	}
	set("seed", "2")
	if got := verify().Differences; len(got) != 1 || got[0].Key != "seed" {
		t.Errorf("%v", got)
	}
	set("seed", "1")
	// It is the same again.
	logs(0.5)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	wantLR("back", verify())
	if hasKey(run.Data.Tags, tagParams) {
		t.Error("the tag is there")
	}
}

// Keys that are too many for a tag are any.
func TestManyChangedParams(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	logs := func(value float64) {
		var params []*pb.HParam
		for i := range 60 {
			params = append(params, &pb.HParam{Name: fmt.Appendf(nil, "%s%d", strings.Repeat("p", 100), i), Value: number(value)})
		}
		write(t, logdir, "a", "1", started(params), scalar(1000, 1, "loss", 1))
	}
	write(t, logdir, "a", "0", scalar(999, 0, "loss", 1))
	logs(1)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	logs(2)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	checked, err := Verify(t.Context(), f.client(t), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !checked.Good() || len(checked.Runs[0].ChangedParams) != 60 {
		t.Errorf("%v, %+v", err, checked.Runs[0])
	}
}
