package mlflow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/dirstore"
	pb "tbexport/proto"
)

// planFor plans a logdir for a server of those limits.
func planFor(t *testing.T, logdir string, l Limits) *plan.Plan {
	t.Helper()
	runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	planner := plan.NewPlanner(l.Rules(), plan.Options{Fold: true, Files: true, LongParams: plan.TruncateLongParams, Media: MediaForms()})
	if _, err := convert.Export(context.Background(), runs, planner, convert.Options{Forms: MediaForms()}); err != nil {
		t.Fatal(err)
	}
	return planner.Plan()
}

func TestLimitsOf(t *testing.T) {
	for version, want := range map[string]Limits{
		"1.30.1": {NoColon: true, NoGrid: true, ShortParams: true}, "2.3.2": {NoColon: true, NoGrid: true, ShortParams: true}, "2.14.3": {NoColon: true, NoGrid: true}, "2.9": {NoColon: true, NoGrid: true},
		"2.22.1": {}, "3.17.2": {}, "3.18.0rc1": {}, "v2.5.0": {NoColon: true, NoGrid: true, ShortParams: true},
	} {
		want.Version = version
		if got, err := LimitsOf(version); err != nil || got != want {
			t.Errorf("%s: %+v, %v", version, got, err)
		}
	}
	for _, version := range []string{"", "2", "new", "x2.3", "2.", "<html>"} {
		if _, err := LimitsOf(version); err == nil {
			t.Errorf("%q is taken", version)
		}
	}
}

// A server is asked, and learnt from what it refuses where it does not tell.
func TestAsk(t *testing.T) {
	for version, limits := range map[string]Limits{
		"": {NoColon: true, NoGrid: true, ShortParams: true}, "2.3.2": {NoColon: true, NoGrid: true, ShortParams: true}, "2.14.3": {NoColon: true, NoGrid: true}, "2.16.1": {NoColon: true, NoGrid: true},
		"2.16.2": {NoGrid: true}, "3.17.2": {IgnoresCase: true},
	} {
		f := newFake(t)
		f.version, f.limits = version, limits
		want := f.limits
		want.Version = version
		got, err := Ask(t.Context(), f.client(t), "e", "")
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", version, got, err)
		}
		if len(f.runs) > 0 || len(f.experiments) > 0 {
			t.Errorf("%q: asking made something", version)
		}
	}
	f := newFake(t)
	if got, err := Ask(t.Context(), f.client(t), "e", ""); err != nil || got != (Limits{}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// A server of before MLflow 2.8 gets everything, and its keys stay what they
// are when it becomes a newer one.
func TestServerBecomesNewer(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	f.version, f.limits = "2.3.2", Limits{NoColon: true, ShortParams: true}
	long := strings.Repeat("x", 501)
	logs := func(run string) {
		write(t, logdir, run, "1"+run, started([]*pb.HParam{{Name: []byte("a:b"), Value: text(long + run)}}), scalar(1000, 1, "mAP_0.5:0.95", 1))
	}
	logs("a")
	send := func(want ...Outcome) (keys []string) {
		t.Helper()
		limits, err := Ask(t.Context(), f.client(t), "e", "")
		if err != nil {
			t.Fatal(err)
		}
		result, err := migrate(t, f.URL, planFor(t, logdir, limits), func(o *Options) { o.Limits = limits })
		if err != nil || !result.Good() {
			t.Fatal(err, result.Runs[0].Err, result.Runs[0].Differences)
		}
		for i, run := range result.Runs {
			if run.Outcome != want[i] {
				t.Errorf("%s: %s, want %s", run.Plan.Path, run.Outcome, want[i])
			}
			for key := range f.runs[run.RunID].points {
				keys = append(keys, key)
			}
		}
		return keys
	}
	key := "mAP_0.5_0.95" + plan.Mark("mAP_0.5:0.95")
	if keys := send(Created); !slices.Equal(keys, []string{key}) {
		t.Errorf("got %q", keys)
	}
	send(Skipped)
	f.version, f.limits = "3.17.2", Limits{}
	logs("b")
	if keys := send(Completed, Created); !slices.Equal(keys, []string{key, key}) {
		t.Errorf("got %q", keys)
	}
}

// On MySQL names that differ in case only are marked within their run.
func TestKeysWithoutCase(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	f.limits.IgnoresCase = true
	write(t, logdir, "a", "1", scalar(1000, 1, "LR", 1), scalar(1000, 1, "lr", 1))
	write(t, logdir, "b", "1", scalar(1000, 1, "LR", 1), scalar(1000, 1, "é", 1), scalar(1000, 1, "e", 1), scalar(1000, 1, "e ", 1))
	limits, err := Ask(t.Context(), f.client(t), "e", "")
	if err != nil {
		t.Fatal(err)
	}
	p := planFor(t, logdir, limits)
	var keys []string
	for _, r := range p.Runs {
		for _, s := range r.Series {
			keys = append(keys, s.Key)
		}
	}
	if want := []string{"LR" + plan.Mark("LR"), "lr", "LR", "e", "e " + plan.Mark("e "), "é" + plan.Mark("é")}; !slices.Equal(keys, want) {
		t.Errorf("got %q, want %q", keys, want)
	}
}

// Of experiments whose names are one to the database, all but the first have a
// mark; what is asked for by the name of another is refused.
func TestExperimentsWithoutCase(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "r", "1", scalar(1000, 1, "loss", 1))
	wanted := []string{"A", "a", "b", "default"}
	others := func() map[string]string {
		t.Helper()
		got, err := OtherNames(t.Context(), f.client(t), wanted)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := others(); len(got) > 0 {
		t.Errorf("a database that tells case: %q", got)
	}
	f.limits.IgnoresCase = true
	want := map[string]string{"a": "a" + plan.Mark("a"), "default": "default" + plan.Mark("default")}
	if got := others(); !maps.Equal(got, want) {
		t.Errorf("before there are any: %q", got)
	}
	in := func(name string) func(*Options) {
		return func(o *Options) { o.Experiment, o.Limits = name, f.limits }
	}
	mustMigrate(t, f.URL, planFor(t, logdir, f.limits), Created, in("a"))
	want = map[string]string{"A": "A" + plan.Mark("A"), "default": "default" + plan.Mark("default")}
	if got := others(); !maps.Equal(got, want) {
		t.Errorf("where one is there: %q", got)
	}
	var other *OtherNameError
	if _, err := migrate(t, f.URL, planFor(t, logdir, f.limits), in("A")); !errors.As(err, &other) || other.Other != "a" || f.count("runs/create") != 1 {
		t.Errorf("Migrate: %v", err)
	}
	if _, err := Verify(t.Context(), f.client(t), planFor(t, logdir, f.limits), Options{Experiment: "A", Limits: f.limits}); !errors.As(err, &other) {
		t.Errorf("Verify: %v", err)
	}
	if _, err := Ask(t.Context(), f.client(t), "A", ""); !errors.As(err, &other) {
		t.Errorf("Ask: %v", err)
	}
}

// What the server refuses takes nothing else with it, and is said.
func TestRefusedAlone(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	f.limits = Limits{NoColon: true, ShortParams: true}
	var events []*pb.Event
	for i := range 300 {
		events = append(events, scalar(1000+float64(i), int64(i), "good", 1), scalar(1000+float64(i), int64(i), "l:r", 1))
		events = append(events, scalar(1000, 1, fmt.Sprintf("many/%d", i), 1))
	}
	events = append(events, started([]*pb.HParam{
		{Name: []byte("a:b"), Value: text("1")}, {Name: []byte("good"), Value: text("2")}, {Name: []byte("long"), Value: text(strings.Repeat("x", 501))},
	}))
	write(t, logdir, "a", "1", events...)
	result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
	if err != nil {
		t.Fatal(err)
	}
	run := result.Runs[0]
	if run.Err != nil || run.PointsSent != 600 || len(f.runs[run.RunID].points) != 301 || len(f.runs[run.RunID].Data.Params) != 1 {
		t.Errorf("%v, %d points sent of %d metrics, %v", run.Err, run.PointsSent, len(f.runs[run.RunID].points), f.runs[run.RunID].Data.Params)
	}
	var got []string
	for _, d := range run.Differences {
		got = append(got, d.What+" "+d.Key)
		if !strings.Contains(d.String(), "the server refused it: ") {
			t.Error(d)
		}
	}
	if want := []string{"metric l:r", "param a:b", "param long"}; !slices.Equal(got, want) || result.Good() {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := f.count("runs/log-batch"); n > 60 {
		t.Errorf("%d calls", n)
	}
}
