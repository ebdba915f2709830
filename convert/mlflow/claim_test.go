package mlflow

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
	pb "tbexport/proto"
)

// wantNoDoubles wants one run of each source, and no run of this program without
// a source.
func (f *fake) wantNoDoubles(t *testing.T, runs int) {
	t.Helper()
	sources := make(map[string]int)
	for _, run := range f.runs {
		if !run.deleted() {
			sources[run.tag(tagSourceID)]++
			if run.tag(tagState) != stateComplete {
				t.Errorf("%s is %s", run.Info.Name, run.tag(tagState))
			}
		} else if run.tag(tagSourceID) != "" {
			t.Errorf("%s was deleted with its source ID", run.Info.Name)
		}
	}
	for source, n := range sources {
		if n != 1 {
			t.Errorf("%d runs of %q", n, source)
		}
	}
	if len(sources) != runs {
		t.Errorf("%d sources, want %d", len(sources), runs)
	}
}

// Four migrations at once make each run once, and all end well.
func TestFourAtOnce(t *testing.T) {
	for range 4 {
		f, logdir := newFake(t), t.TempDir()
		const runs = 12
		for i := range runs {
			var events []*pb.Event
			for step := range 50 {
				events = append(events, scalar(1000+float64(step), int64(step), "loss", float32(i)))
			}
			write(t, logdir, fmt.Sprint(i), "1", append(events, started([]*pb.HParam{{Name: []byte("lr"), Value: number(float64(i))}}))...)
		}
		proxy := mlflowtest.NewProxy(t, f.URL, mlflowtest.Sometimes(0.3, 1, mlflowtest.Delay))
		var all sync.WaitGroup
		for range 4 {
			p := makePlan(t, logdir, everything)
			all.Go(func() {
				o := Options{Experiment: "e", Logdir: "logs", Version: "test"}
				result, err := Migrate(t.Context(), newTestClient(t, proxy.URL), p, o)
				for _, run := range result.Runs {
					if err != nil || run.Err != nil || len(run.Differences) > 0 {
						t.Errorf("%v, %s: %s, %v, %v", err, run.Plan.Path, run.Outcome, run.Err, run.Differences)
					}
				}
			})
		}
		all.Wait()
		f.wantNoDoubles(t, runs)
	}
}

// lateCreate answers 504 to the first runs/create, and has the server act on it
// later.
func lateCreate(server string, after time.Duration) (http.Handler, *sync.WaitGroup) {
	var once sync.Once
	var acting sync.WaitGroup
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		late := false
		if strings.HasSuffix(r.URL.Path, "runs/create") {
			once.Do(func() { late = true })
		}
		if !late {
			mlflowtest.Forward(w, r, server)
			return
		}
		copied := mlflowtest.Clone(r)
		acting.Go(func() {
			time.Sleep(after)
			mlflowtest.Forward(httptest.NewRecorder(), copied, server)
		})
		http.Error(w, "<title>504 Gateway Time-out</title>", http.StatusGatewayTimeout)
	}), &acting
}

// A run that the server makes late is found before the end.
func TestLateCreate(t *testing.T) {
	for _, after := range []time.Duration{0, 30 * time.Millisecond, 300 * time.Millisecond} {
		f, logdir := newFake(t), t.TempDir()
		write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
		handler, acting := lateCreate(f.URL, after)
		gateway := httptest.NewServer(handler)
		mustMigrate(t, gateway.URL, makePlan(t, logdir, everything), Created, func(o *Options) { o.Patience = time.Second })
		acting.Wait()
		gateway.Close()
		f.wantNoDoubles(t, 1)
	}
}

// Of two runs of a source that were completed at the same time, one stays.
func TestTwoCompletedAtOnce(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	handler, acting := lateCreate(f.URL, 0)
	gateway := httptest.NewServer(handler)
	defer gateway.Close()
	defer acting.Wait()
	p := makePlan(t, logdir, everything)
	result := mustMigrate(t, gateway.URL, p, Created, func(o *Options) {
		o.Done = func(*RunResult) {
			if _, err := f.create("1", "a", 1000000, []pair{{tagSourceID, p.Runs[0].SourceID}, {tagState, stateComplete}, {tagDigest, p.Runs[0].Digest}}); err != nil {
				t.Error(err)
			}
		}
	})
	f.wantNoDoubles(t, 1)
	if id := result.Runs[0].RunID; f.runs[id].deleted() {
		t.Error("the result names the run that was removed")
	}
	mustMigrate(t, f.URL, p, Skipped)
}

// A claim of a program that is no more is taken over, and one beside the run
// goes.
func TestClaimsThatNobodyHolds(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	claims := func() {
		t.Helper()
		for range 2 {
			if _, err := f.create("1", "a", 1000000, []pair{{tagSourceID, p.Runs[0].SourceID}, {tagState, claimWords + "x"}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.experiments["e"] = &Experiment{ID: "1", Name: "e", Stage: "active"}
	claims()
	mustMigrate(t, f.URL, p, Completed)
	f.wantNoDoubles(t, 1)
	claims()
	mustMigrate(t, f.URL, p, Skipped)
	f.wantNoDoubles(t, 1)
	run, err := f.create("1", "a", 1, []pair{{tagState, stateRemoved}})
	if err != nil {
		t.Fatal(err)
	}
	mustMigrate(t, f.URL, p, Skipped)
	if id := run.(map[string]any)["run"].(*serverRun).Info.RunID; !f.runs[id].deleted() {
		t.Error("a run that was about to be deleted is still there")
	}
}

// Runs of one source that are there are said, and one can be kept.
func TestDoubles(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	p := makePlan(t, logdir, everything)
	id := mustMigrate(t, f.URL, p, Created).Runs[0].RunID
	if _, err := f.create("1", "a", 1000000, []pair{{tagSourceID, p.Runs[0].SourceID}, {tagState, stateImporting}}); err != nil {
		t.Fatal(err)
	}
	result := mustMigrate(t, f.URL, p, Skipped)
	if len(result.Runs[0].Notes) != 1 || result.Runs[0].Notes[0] != SeveralRuns || result.Runs[0].RunID != id {
		t.Errorf("%+v", result.Runs[0])
	}
	mustMigrate(t, f.URL, p, Skipped, func(o *Options) { o.Existing = KeepOneExisting })
	f.wantNoDoubles(t, 1)
}
