package mlflow

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
	pb "tbexport/proto"
)

// testAfternoon lets somebody work on runs with MLflow's own client; then the
// logs grow.
func testAfternoon(t *testing.T, server *mlflowtest.Server) {
	logdir := t.TempDir()
	logs := func(file string, from int64) {
		for i, run := range []string{"a", "b", "c"} {
			var events []*pb.Event
			for step := range int64(10) {
				events = append(events, scalar(1000+float64(from+step), from+step, "loss", float32(i)))
			}
			if run == "c" { // whose learning rate the logs come to say otherwise
				events = append(events, started([]*pb.HParam{{Name: []byte("lr"), Value: number(float64(from + 1))}}))
			}
			write(t, logdir, run, file, events...)
		}
	}
	in := func(o *Options) { o.Experiment = "afternoon" }
	outcomes := func(want ...Outcome) {
		t.Helper()
		result, err := migrate(t, server.URL, makePlan(t, logdir, everything), in)
		if err != nil || !result.Good() {
			t.Fatalf("%v, %+v", err, result.Runs)
		}
		for i, run := range result.Runs {
			if run.Outcome != want[i] {
				t.Errorf("%s: %s, want %s", run.Plan.Path, run.Outcome, want[i])
			}
		}
	}
	logs("1", 0)
	outcomes(Created, Created, Created)
	server.Script(t, "mlflow_afternoon.py", "do", "afternoon")
	outcomes(Skipped, Deleted, Skipped)
	logs("2", 10)
	outcomes(Completed, Deleted, Completed)
	outcomes(Skipped, Deleted, Skipped)
	server.Script(t, "mlflow_afternoon.py", "check", "afternoon")
	p := makePlan(t, logdir, everything)
	result, err := Verify(t.Context(), newTestClient(t, server.URL), p, Options{Experiment: "afternoon"})
	if err != nil || !result.Good() {
		t.Fatalf("%v, %v", err, result.Runs[0].Differences)
	}
	if got := result.Runs[2].ChangedParams; len(got) != 1 || got[0].Expected != "11" || got[0].Got != "1" {
		t.Errorf("%v", got)
	}
	var theirs []string
	for _, d := range result.Runs[0].Theirs {
		theirs = append(theirs, d.What+" "+d.Key)
	}
	if want := []string{"artifact notes", "description ", "metric loss", "metric test_accuracy", "name ", "param dataset", "tag team", "user "}; !slices.Equal(theirs, want) {
		t.Errorf("%q, want %q", theirs, want)
	}
	undone, err := Undo(t.Context(), newTestClient(t, server.URL), p, Options{Experiment: "afternoon"}, true)
	if err != nil || undone.Runs[0].Outcome != Kept || undone.Runs[1].Outcome != Missing || undone.Runs[2].Outcome != Removed {
		t.Errorf("%v, %s, %s, %s", err, undone.Runs[0].Outcome, undone.Runs[1].Outcome, undone.Runs[2].Outcome)
	}
	outcomes(Skipped, Deleted, Created)
	server.Script(t, "mlflow_afternoon.py", "check", "afternoon")
}

// testLate migrates through a gateway that answers 504 to the first runs/create,
// and has the server act on it three seconds later.
func testLate(t *testing.T, server *mlflowtest.Server, experiment string) {
	logdir := t.TempDir()
	const runs = 3
	writeRuns(t, logdir, runs)
	handler, acting := lateCreate(server.URL, 3*time.Second)
	gateway := httptest.NewServer(handler)
	defer gateway.Close()
	mustMigrate(t, gateway.URL, makePlan(t, logdir, everything), Created, func(o *Options) { o.Experiment, o.Patience = experiment, DefaultPatience })
	acting.Wait()
	wantEachOnce(t, server, logdir, experiment, runs)
}

// testAtOnce runs four migrations at once, each through such a gateway. Each run is
// there once.
func testAtOnce(t *testing.T, server *mlflowtest.Server, experiment string) {
	logdir := t.TempDir()
	const runs = 20
	writeRuns(t, logdir, runs)
	var all sync.WaitGroup
	var late []*sync.WaitGroup
	for range 4 {
		handler, acting := lateCreate(server.URL, 3*time.Second)
		gateway := httptest.NewServer(handler)
		defer gateway.Close()
		late = append(late, acting)
		p := makePlan(t, logdir, everything)
		all.Go(func() {
			o := Options{Experiment: experiment, Logdir: "logs", Version: "test"}
			result, err := Migrate(t.Context(), newTestClient(t, gateway.URL), p, o)
			if err != nil || !result.Good() {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	for _, acting := range late {
		acting.Wait()
	}
	wantEachOnce(t, server, logdir, experiment, runs)
}

// writeRuns writes small runs.
func writeRuns(t *testing.T, logdir string, runs int) {
	t.Helper()
	for i := range runs {
		var events []*pb.Event
		for step := range int64(100) {
			events = append(events, scalar(1000+float64(step), step, "loss", float32(i)))
		}
		write(t, logdir, fmt.Sprint(i), "1", append(events, started([]*pb.HParam{{Name: []byte("lr"), Value: number(float64(i))}}))...)
	}
}

// wantEachOnce wants each run of a logdir once on a server, whole.
func wantEachOnce(t *testing.T, server *mlflowtest.Server, logdir, experiment string, runs int) {
	t.Helper()
	server.Script(t, "mlflow_sql.py", server.Database, logdir, experiment, strconv.Itoa(runs), "--stepped-back")
	result, err := Verify(t.Context(), newTestClient(t, server.URL), makePlan(t, logdir, everything), Options{Experiment: experiment})
	if err != nil || !result.Good() || len(result.Runs) != runs {
		t.Errorf("%v, %d runs", err, len(result.Runs))
	}
}
