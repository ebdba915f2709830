package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

var everything = plan.Options{Fold: true, Files: true, Media: MediaForms()}

func migrate(t *testing.T, url string, plan *plan.Plan, change ...func(*Options)) (*Result, error) {
	t.Helper()
	o := Options{Experiment: "e", Jobs: 4, User: "me", Logdir: "logs", Version: "test", Patience: 50 * time.Millisecond}
	for _, f := range change {
		f(&o)
	}
	return Migrate(t.Context(), newTestClient(t, url), plan, o)
}

// mustMigrate wants every run to arrive with the outcome.
func mustMigrate(t *testing.T, url string, plan *plan.Plan, outcome Outcome, change ...func(*Options)) *Result {
	t.Helper()
	result, err := migrate(t, url, plan, change...)
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range result.Runs {
		if run.Err != nil || len(run.Differences) > 0 || run.Outcome != outcome {
			t.Fatalf("%s: %s, %v, %v", run.Plan.Path, run.Outcome, run.Err, run.Differences)
		}
	}
	if len(result.Runs) != len(plan.Runs) {
		t.Fatalf("%d of %d runs", len(result.Runs), len(plan.Runs))
	}
	return result
}

func TestMigrate(t *testing.T) {
	f := newFake(t)
	plan := makePlan(t, sampleRuns(t), everything)
	mustMigrate(t, f.URL, plan, Created)
	f.wantOnce(t, plan)
	sent := f.count("runs/log-batch")

	result := mustMigrate(t, f.URL, makePlan(t, sampleRuns(t), everything), Skipped)
	if f.count("runs/log-batch") != sent || f.count("runs/create") != len(plan.Runs) {
		t.Error("the second migration sent something")
	}
	for _, run := range result.Runs {
		if run.PointsSent != 0 {
			t.Errorf("%s: %d points sent again", run.Plan.Path, run.PointsSent)
		}
	}
	checked, err := Verify(t.Context(), f.client(t), plan, Options{Experiment: "e"})
	if err != nil || !checked.Good() {
		t.Errorf("Verify: %v", err)
	}
}

// wantOnce wants each run of the plan to be there once, and no point to have
// been sent twice.
func (f *fake) wantOnce(t *testing.T, plan *plan.Plan) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	bySource := make(map[string][]*fakeRun)
	for _, run := range f.runs {
		if !run.deleted() {
			bySource[run.tag(tagSourceID)] = append(bySource[run.tag(tagSourceID)], run)
		}
	}
	for _, r := range plan.Runs {
		runs := bySource[r.SourceID]
		if len(runs) != 1 {
			t.Errorf("%s is there %d times", r.Path, len(runs))
			continue
		}
		stored := 0
		for _, points := range runs[0].points {
			stored += len(points)
		}
		if stored != int(r.Points()) {
			t.Errorf("%s has %d points, want %d", r.Path, stored, r.Points())
		}
		if runs[0].Info.Status != string(r.Status.OrFinished()) || runs[0].tag(tagState) != stateComplete {
			t.Errorf("%s is %s and %s", r.Path, runs[0].Info.Status, runs[0].tag(tagState))
		}
	}
	if len(bySource) != len(plan.Runs) {
		t.Errorf("%d runs, want %d", len(bySource), len(plan.Runs))
	}
}

func TestFaultsLoseAndDoubleNothing(t *testing.T) {
	for _, fault := range append(mlflowtest.Faults(), "all") {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			faults := []mlflowtest.Fault{fault}
			if fault == "all" {
				faults = mlflowtest.Faults()
			}
			f := newFake(t)
			proxy := mlflowtest.NewProxy(t, f.URL, mlflowtest.Sometimes(0.2, 1, faults...))
			plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
			for range 20 { // a 500 is not tried for long
				result, err := migrate(t, proxy.URL, plan)
				if err == nil && result.Good() {
					break
				}
			}
			f.wantOnce(t, plan)
			if proxy.Counts()[faults[0]] == 0 {
				t.Error("no fault happened")
			}
		})
	}
}

func TestEachCallMayLoseItsAnswer(t *testing.T) {
	for _, path := range []string{
		"experiments/get-by-name", "experiments/create", "runs/search", "runs/create", "runs/log-batch", "runs/get",
		"metrics/get-history", "artifacts/list", "runs/update", ".0", // an event file
	} {
		for _, fault := range []mlflowtest.Fault{mlflowtest.Lost, mlflowtest.Truncated, mlflowtest.Reset, mlflowtest.Down} {
			f := newFake(t)
			proxy := mlflowtest.NewProxy(t, f.URL, mlflowtest.Once(fault, path))
			plan := makePlan(t, filepath.Join(sampleRuns(t), "sample", "torch"), everything)
			mustMigrate(t, proxy.URL, plan, Created)
			f.wantOnce(t, plan)
			if proxy.Counts()[fault] != 1 {
				t.Errorf("%s: no %s", path, fault)
			}
		}
	}
}

// A run that got only some of its calls through is completed, and gets no
// point twice, wherever it stopped.
func TestStoppedAnywhereAndRunAgain(t *testing.T) {
	logdir := filepath.Join(sampleRuns(t), "sample", "torch")
	for stop := 3; ; stop++ {
		f := newFake(t)
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		proxy := mlflowtest.NewProxy(t, f.URL, func(*http.Request) mlflowtest.Fault {
			if calls++; calls == stop {
				cancel()
			}
			return mlflowtest.None
		})
		plan := makePlan(t, logdir, everything)
		o := Options{Experiment: "e", Jobs: 2, User: "me", Logdir: "logs", Version: "test"}
		_, err := Migrate(ctx, newTestClient(t, proxy.URL), plan, o)
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		result, err := migrate(t, f.URL, makePlan(t, logdir, everything))
		if err != nil || !result.Good() {
			t.Fatalf("stopped at call %d: %v", stop, err)
		}
		f.wantOnce(t, plan)
		f.wantNoPointTwice(t)
		if calls < stop {
			return
		}
	}
}

func (f *fake) wantNoPointTwice(t *testing.T) {
	t.Helper()
	for _, run := range f.runs {
		stored := 0
		for _, points := range run.points {
			stored += len(points)
		}
		if run.metricSent != stored {
			t.Errorf("%s: %d points sent for %d", run.Info.Name, run.metricSent, stored)
		}
	}
}

func TestGrownLogsAppendWhatIsNew(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	var events []*pb.Event
	for i := range 50 {
		events = append(events, scalar(1000+float64(i), int64(i), "loss", float32(i)))
	}
	write(t, logdir, "a", "1", events[:30]...)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	write(t, logdir, "a", "1", events...)
	write(t, logdir, "a", "2", scalar(2000, 50, "loss", 50), scalar(2000, 50, "acc", 1))
	plan := makePlan(t, logdir, everything)
	result := mustMigrate(t, f.URL, plan, Completed)
	f.wantOnce(t, plan)
	f.wantNoPointTwice(t)
	if result.Runs[0].PointsSent != 22 {
		t.Errorf("%d points sent, want the 22 new ones", result.Runs[0].PointsSent)
	}
}

// A log that grows while it is migrated arrives as it was when it was planned.
func TestLogsThatGrowMeanwhile(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	events := []*pb.Event{scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2)}
	write(t, logdir, "a", "1", events...)
	plan := makePlan(t, logdir, everything)
	write(t, logdir, "a", "1", append(events, scalar(1002, 3, "loss", 3), scalar(1002, 3, "acc", 3))...)
	mustMigrate(t, f.URL, plan, Created)
	f.wantOnce(t, plan)
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Completed)
	f.wantNoPointTwice(t)
}

func TestMovedLogdirIsTheSame(t *testing.T) {
	f, here, there := newFake(t), t.TempDir(), t.TempDir()
	for _, logdir := range []string{here, there} {
		write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	}
	write(t, there, "b", "1", scalar(1001, 1, "loss", 1))
	mustMigrate(t, f.URL, makePlan(t, here, everything), Created)
	result, err := migrate(t, f.URL, makePlan(t, there, everything))
	if err != nil || result.Runs[0].Outcome != Skipped || result.Runs[1].Outcome != Created {
		t.Errorf("%v, %+v", err, result.Runs)
	}
}

func TestOnExisting(t *testing.T) {
	f := newFake(t)
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	mustMigrate(t, f.URL, plan, Created)
	_, err := migrate(t, f.URL, plan, func(o *Options) { o.Existing = FailExisting })
	var exists *ExistsError
	if !errors.As(err, &exists) || exists.Run == "" || exists.RunID == "" {
		t.Errorf("fail: %v", err)
	}
	mustMigrate(t, f.URL, plan, Created, func(o *Options) { o.Existing = ReplaceExisting })
	f.wantOnce(t, plan)
	if deleted := f.count("runs/delete"); deleted != len(plan.Runs) {
		t.Errorf("%d runs deleted", deleted)
	}
}

func TestVerifyFindsWhatDiffers(t *testing.T) {
	logdir := t.TempDir()
	write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}}),
		scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2), scalar(1001, 2, "acc", 2))
	for name, c := range map[string]struct {
		spoil func(*fake, *fakeRun)
		want  string
	}{
		"point gone": {func(_ *fake, r *fakeRun) { delete(r.points["loss"], point{1000000, 1, 1}) },
			`metric "loss": 1 point is not on the server and 0 only there; the first: in the logs step 1, 1970-01-01T00:16:40.000Z, value 1, on the server nothing`},
		"point other": {func(_ *fake, r *fakeRun) {
			r.points["loss"] = map[point]bool{{1000000, 1, 1}: true, {1001000, 2, 3}: true}
		},
			`metric "loss": 1 point is not on the server and 1 only there; the first: in the logs step 2, 1970-01-01T00:16:41.000Z, value 2, on the server nothing`},
		"latest": {func(_ *fake, r *fakeRun) { r.points["acc"] = map[point]bool{{1001000, 2, 3}: true} },
			`latest "acc": in the logs step 2, 1970-01-01T00:16:41.000Z, value 2, on the server step 2, 1970-01-01T00:16:41.000Z, value 3`},
		"metric gone": {func(_ *fake, r *fakeRun) { delete(r.points, "acc") }, `metric "acc": in the logs 1 point, on the server nothing`},
		"param":       {func(_ *fake, r *fakeRun) { r.Data.Params[0].Value = "1" }, `param "lr": in the logs 0.5, on the server 1`},
		"status": {func(_ *fake, r *fakeRun) {
			r.Info.Status, r.Data.Tags = "RUNNING", append([]pair{{tagState, stateImporting}}, r.Data.Tags...)
		},
			`status: in the logs FINISHED, on the server RUNNING`},
		"artifact": {func(f *fake, _ *fakeRun) { clear(f.artifacts) }, `artifact "tensorboard_logs/events.out.tfevents.1": in the logs `},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			plan := makePlan(t, logdir, everything)
			mustMigrate(t, f.URL, plan, Created)
			for _, run := range f.runs {
				c.spoil(f, run)
			}
			result, err := Verify(t.Context(), f.client(t), plan, Options{Experiment: "e"})
			if err != nil || result.Good() {
				t.Fatalf("%v, and nothing differs", err)
			}
			found := false
			for _, d := range result.Runs[0].Differences {
				found = found || strings.HasPrefix(d.String(), c.want)
			}
			if !found {
				t.Errorf("got %v\nwant %s", result.Runs[0].Differences, c.want)
			}
		})
	}
}

func TestVerifyFindsRunsMissing(t *testing.T) {
	f := newFake(t)
	f.experiments["e"] = &Experiment{ID: "1", Name: "e", Stage: "active"}
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	result, err := Verify(t.Context(), f.client(t), plan, Options{Experiment: "e"})
	if err != nil || result.Good() || result.Runs[0].Outcome != Missing {
		t.Errorf("%v %+v", err, result)
	}
	if _, err := Verify(t.Context(), f.client(t), plan, Options{Experiment: "other"}); err == nil || err.Error() != `there is no experiment "other"` {
		t.Errorf("got %v", err)
	}
}

// What the server answers 200 to and drops is found, whoever sent it.
func TestLostInSilence(t *testing.T) {
	f := newFake(t)
	client := &server{f.client(t)}
	run, _, err := client.createRun(t.Context(), runCreation{Experiment: "1", Name: "r"}, "x", "c")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`{"run_id":"%s","metrics":[{"key":"k","value":NaN,"timestamp":1,"step":1}]}`,
		`{"run_id":"%s","metrics":[{"key":"k","value":1,"timestamp":1,"step":1.5},{"key":"k","value":2,"timestamp":1,"step":2}]}`,
		`{"run_id":"%s","metrics":[{"key":"k","value":1,"timestamp":1,"step":9223372036854775808}]}`,
	} {
		k := &rest.Call{Method: http.MethodPost, Path: rest.API + "runs/log-batch", Body: fmt.Appendf(nil, body, run.Info.RunID), Into: rest.JSON(nil)}
		if err := client.Do(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := client.history(t.Context(), run.Info.RunID, "k", func(point) { n++ }); err != nil || n != 0 {
		t.Errorf("%d points arrived, %v", n, err)
	}
}

func TestOneBadRunDoesNotStopTheOthers(t *testing.T) {
	f := newFake(t)
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	runs := make(map[string][]string) // by key
	for _, r := range plan.Runs {
		for _, s := range r.Series {
			runs[s.Key] = append(runs[s.Key], r.Name)
		}
	}
	proxy := mlflowtest.NewProxy(t, f.URL, func(r *http.Request) mlflowtest.Fault {
		if of := runs[r.URL.Query().Get("metric_key")]; len(of) == 1 && of[0] == "tensorboardX/ppo" {
			return mlflowtest.Internal
		}
		return mlflowtest.None
	})
	result, err := migrate(t, proxy.URL, plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range result.Runs {
		if bad := run.Plan.Name == "tensorboardX/ppo"; bad != (run.Outcome == Failed) {
			t.Errorf("%s: %s, %v", run.Plan.Name, run.Outcome, run.Err)
		}
	}
	if result.Good() {
		t.Error("all is said to be good")
	}
}

func TestBrokenServerStopsEverything(t *testing.T) {
	f := newFake(t)
	plan := makePlan(t, sampleRuns(t), everything)
	calls := 0
	proxy := mlflowtest.NewProxy(t, f.URL, func(*http.Request) mlflowtest.Fault {
		if calls++; calls > 60 {
			return mlflowtest.Down
		}
		return mlflowtest.None
	})
	result, err := migrate(t, proxy.URL, plan)
	if err == nil || !strings.Contains(err.Error(), "503") {
		t.Fatalf("got %v", err)
	}
	if len(result.Runs) == len(plan.Runs) {
		t.Error("every run was tried")
	}
}

func TestStoreThatIsNotTheServers(t *testing.T) {
	f := newFake(t)
	f.store = "s3://bucket/"
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	result := mustMigrate(t, f.URL, plan, Created)
	if n := f.count("PUT artifact"); n != 0 || len(result.Runs[0].Notes) != 1 || !strings.Contains(result.Runs[0].Notes[0], "at s3://bucket/1, ") {
		t.Errorf("%d artifacts, %q", n, result.Runs[0].Notes)
	}
	checked, err := Verify(t.Context(), f.client(t), plan, Options{Experiment: "e"})
	if err != nil || !checked.Good() || len(checked.Runs[0].Notes) != 1 || !strings.Contains(checked.Runs[0].Notes[0], "no artifacts were compared") {
		t.Errorf("%v, %q", err, checked.Runs[0].Notes)
	}
}

func TestCredentialsGoToNoOtherHost(t *testing.T) {
	c, err := rest.NewClient(rest.Config{TrackingURI: "http://server:5000", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	for uri, want := range map[string]string{
		"mlflow-artifacts:/1/r/artifacts":             "1/r/artifacts",
		"mlflow-artifacts://server:5000/1/r":          "1/r",
		"mlflow-artifacts://other/1/r":                "",
		"mlflow-artifacts://server:5001/1/r":          "",
		"mlflow-artifacts://server:5000@other/1/r":    "",
		"http://server:5000/1":                        "",
		"file:///tmp/x":                               "",
		"s3://user:secret@bucket/x?X-Amz-Signature=1": "",
	} {
		got, err := (&server{c}).artifactRoot(uri)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", uri, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}

func TestDeletedExperiment(t *testing.T) {
	f := newFake(t)
	f.experiments["e"] = &Experiment{ID: "1", Name: "e", Stage: "deleted"}
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	_, err := migrate(t, f.URL, plan)
	want := `the experiment "e" (id 1) is deleted`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
	if _, err := Verify(t.Context(), newTestClient(t, f.URL), plan, Options{Experiment: "e"}); err == nil || err.Error() != want {
		t.Errorf("verify: %v", err)
	}
	mustMigrate(t, f.URL, plan, Created, func(o *Options) { o.Restore = true })
}

func TestNestedRunsKnowTheirParents(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for i, run := range []string{"a/x", "a/y/z", "b", "b/c"} {
		write(t, logdir, run, "1", scalar(1000+float64(i), 1, "loss", 1))
	}
	nested := plan.Options{Nest: true}
	mustMigrate(t, f.URL, makePlan(t, logdir, nested), Created)
	parents := make(map[string]string)
	for _, run := range f.runs {
		if above := run.tag(tagParent); above != "" {
			parents[run.Info.Name] = f.runs[above].Info.Name
		}
	}
	for run, parent := range map[string]string{"a/x": "a", "a/y/z": "a/y", "a/y": "a", "b/c": "b"} {
		if parents[run] != parent {
			t.Errorf("%s is in %q, want %q", run, parents[run], parent)
		}
	}
	mustMigrate(t, f.URL, makePlan(t, logdir, nested), Skipped)
}

func TestVerifyNoneIsVerifiedLater(t *testing.T) {
	f := newFake(t)
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample"), everything)
	none := func(o *Options) { o.Verify = VerifyNone }
	mustMigrate(t, f.URL, plan, Created, none)
	if n := f.count("metrics/get-history"); n != 0 {
		t.Errorf("%d histories read", n)
	}
	mustMigrate(t, f.URL, plan, Skipped, none)
	mustMigrate(t, f.URL, plan, Completed)
	mustMigrate(t, f.URL, plan, Skipped)
	f.wantNoPointTwice(t)
}

func TestKeysFile(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("l#r"), Value: number(0.5)}}), scalar(1000, 1, "GPU #0", 1))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	for path, content := range f.artifacts {
		if !strings.HasSuffix(path, keysArtifact) {
			continue
		}
		var keys keysFile
		if err := json.Unmarshal(content, &keys); err != nil {
			t.Fatal(err)
		}
		if keys.Metrics["GPU _0"+plan.Mark("GPU #0")] != (keyFrom{"a", "GPU #0", 1}) || keys.Params["l_r"+plan.Mark("l#r")] != "l#r" {
			t.Errorf("%s", content)
		}
		return
	}
	t.Error("there is no keys.json")
}

func TestFileThatShrankFailsItsRunAlone(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "1", scalar(1000, 1, "loss", 1))
	write(t, logdir, "b", "1", scalar(1000, 1, "loss", 1))
	plan := makePlan(t, logdir, everything)
	if err := os.Truncate(plan.Runs[0].Files[0].Path, plan.Runs[0].Files[0].Bytes-1); err != nil {
		t.Fatal(err)
	}
	result, err := migrate(t, f.URL, plan)
	if err != nil || result.Runs[0].Err == nil || result.Runs[1].Err != nil {
		t.Errorf("%v, %v, %v", err, result.Runs[0].Err, result.Runs[1].Err)
	}
}

func TestUploadIsAsLongAsItWasRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("0123456789"), 0o666); err != nil {
		t.Fatal(err)
	}
	r, n, err := openFile(t.Context(), plan.File{Path: path, Bytes: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if content, err := io.ReadAll(r); err != nil || n != 4 || string(content) != "0123" {
		t.Errorf("%q, %d, %v", content, n, err)
	}
}

func TestOddPoints(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	write(t, logdir, "a", "1", scalar(-5, math.MaxInt64, "x", 1), scalar(math.NaN(), math.MinInt64, "x", nan), scalar(math.Inf(1), 0, "x", inf),
		scalar(1000, 1, "x", -inf), scalar(1000, 1, "x", -inf), scalar(1000.0001, 1, "x", -inf), scalar(1000, 2, "x", float32(math.Copysign(0, -1))))
	plan := makePlan(t, logdir, everything)
	mustMigrate(t, f.URL, plan, Created)
	totals := TotalsOf(plan)
	if totals.Points != 5 || totals.Duplicates != 2 || totals.NaN != 1 || totals.Infinite != 4 || totals.BadTimes != 3 || totals.NegZero != 1 {
		t.Errorf("%+v", totals)
	}
	if r := plan.Runs[0]; r.Start != 1000 || r.End != 1000.0001 {
		t.Errorf("from %v to %v", r.Start, r.End)
	}
}

// What sampling left out is told by the run itself.
func TestSamplingIsRecorded(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	var events []*pb.Event
	for i := range 100 {
		events = append(events, scalar(1000, int64(i), "x", 1))
	}
	write(t, logdir, "a", "1", events...)
	read := convert.ReadOptions{Select: series.Selection{Sample: 10}}
	plan, err := tryPlan(logdir, everything, read)
	if err != nil {
		t.Fatal(err)
	}
	sampled := func(o *Options) { o.Read, o.Time = read, time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC) }
	result := mustMigrate(t, f.URL, plan, Created, sampled)
	run := f.runs[result.Runs[0].RunID]
	_, bytes := plan.Runs[0].EventFiles()
	note := "Migrated from TensorBoard by tbexport test on 2026-11-25: run `a` of `logs`, 1 metric, 10 points, 1 event file (" + strconv.FormatInt(bytes, 10) + " bytes).\n\n" +
		"* points left out to keep at most 10 of a metric: 90"
	if got := run.tag(tagNote); got != note {
		t.Errorf("its note is %q", got)
	}
}

// TensorFlow once made such names: two files that would be one directory.
func TestEventFilesWithPercentSigns(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	write(t, logdir, "a", "gpu%2F0", scalar(1000, 1, "x", 1))
	write(t, logdir, "a", "gpu_2F0", scalar(1000, 2, "x", 1))
	mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created)
	if len(f.artifacts) != 2 {
		t.Errorf("%d artifacts", len(f.artifacts))
	}
}
