package mlflow

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
	"tbexport/internal/peers"
	pb "tbexport/proto"
)

// TestMain lets the test's own program be the one that is killed: with a
// server in its environment it migrates and does nothing else.
func TestMain(m *testing.M) {
	url := os.Getenv("TBEXPORT_TEST_SERVER")
	if url == "" {
		os.Exit(m.Run())
	}
	if err := migrateTo(url, os.Getenv("TBEXPORT_TEST_LOGDIR"), os.Getenv("TBEXPORT_TEST_EXPERIMENT")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func migrateTo(url, logdir, experiment string) error {
	c, err := rest.NewClient(rest.Config{TrackingURI: url, Retries: 10, Backoff: 0.05})
	if err != nil {
		return err
	}
	plan, err := planOf(logdir)
	if err != nil {
		return err
	}
	result, err := Migrate(context.Background(), c, plan, Options{Experiment: experiment, Version: "test"})
	if err == nil && !result.Good() {
		err = fmt.Errorf("not every run arrived")
	}
	return err
}

// killAndRunAgain starts a migration and kills it, as often as times says, and
// then runs it until it ends well: with faults it may have to stop, too.
func killAndRunAgain(t *testing.T, url, logdir string, times int, longest time.Duration) {
	t.Helper()
	killAndRunAgainInto(t, "e", url, logdir, times, longest)
}

func killAndRunAgainInto(t *testing.T, experiment, url, logdir string, times int, longest time.Duration) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := func(kill time.Duration) (killed bool, out string, err error) {
		command := exec.Command(program)
		command.Env = append(os.Environ(), "TBEXPORT_TEST_SERVER="+url, "TBEXPORT_TEST_LOGDIR="+logdir, "TBEXPORT_TEST_EXPERIMENT="+experiment)
		said := new(strings.Builder)
		command.Stderr = said
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if kill > 0 {
			time.Sleep(kill)
			_ = command.Process.Kill()
		}
		err = command.Wait()
		return !command.ProcessState.Exited(), said.String(), err
	}
	// How long it takes is not known before: it lives longer each time, up to the
	// longest, and shorter where it came to its end.
	killed, within := 0, longest/8
	for n := 0; n < 4*times && killed < times; n++ {
		if ended, _, _ := start(1 + time.Duration(rand.Float64()*float64(within))); ended {
			killed++
			within = min(within*3/2, longest)
		} else {
			within = max(within/2, 20*time.Millisecond)
		}
	}
	if killed < times/2 {
		t.Fatalf("only %d starts had not ended when they were to be killed", killed)
	}
	for n := range 10 {
		_, out, err := start(0)
		if err == nil {
			t.Logf("killed %d times, then ended well at start %d", killed, n+1)
			return
		}
		t.Logf("start %d: %v: %s", n+1, err, out)
	}
	t.Fatal("it never ended well")
}

// manyRuns writes a logdir of small runs, among them some of several calls.
func manyRuns(t *testing.T, n int) string {
	t.Helper()
	logdir := t.TempDir()
	for i := range n {
		events := []*pb.Event{started([]*pb.HParam{{Name: []byte("lr"), Value: number(float64(i))}})}
		steps := 30
		if i%20 == 7 {
			steps = 1000
		}
		for step := range steps {
			for _, tag := range []string{"loss", "acc", "lr"} {
				events = append(events, scalar(1000+float64(step), int64(step), tag, float32(step*i)))
			}
		}
		write(t, logdir, fmt.Sprintf("run-%03d", i), "1", events...)
	}
	return logdir
}

func TestKilledAndRunAgain(t *testing.T) {
	f := newFake(t)
	// Slow enough that the kills hit the middle of things.
	proxy := mlflowtest.NewProxy(t, f.URL, func(*http.Request) mlflowtest.Fault {
		time.Sleep(500 * time.Microsecond)
		return mlflowtest.None
	})
	logdir := manyRuns(t, 200)
	killAndRunAgain(t, proxy.URL, logdir, 20, 500*time.Millisecond)
	f.wantOnce(t, makePlan(t, logdir, everything))
}

// More rounds are for whoever doubts one of each.
var rounds = flag.Int("rounds", 1, "how often migrations at once, and late ones, are tried on real servers")

func TestSQLite(t *testing.T) {
	t.Parallel()
	// One worker answers the Python client's many small calls four times as
	// fast as several do: see quickAck.
	testBackend(t, mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}}))
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	testBackend(t, mlflowtest.Start(t, mlflowtest.Options{Backend: mlflowtest.Postgres(t), Prefix: "/ml/flow", Args: []string{"--workers", "4"}}))
}

func testBackend(t *testing.T, server *mlflowtest.Server) {
	t.Run("logs", func(t *testing.T) { testMigrated(t, server, sampleRuns(t), "logs") })
	t.Run("odd", func(t *testing.T) { testOdd(t, server) })
	t.Run("names", func(t *testing.T) { testNamesHold(t, server) })
	t.Run("deleted", func(t *testing.T) { testDeleted(t, server) })
	t.Run("corpus", func(t *testing.T) { testMigrated(t, server, peers.Corpus(t), "corpus") })
	t.Run("afternoon", func(t *testing.T) { testAfternoon(t, server) })
	for i := range *rounds {
		t.Run("late", func(t *testing.T) { testLate(t, server, fmt.Sprint("late ", i)) })
		t.Run("at once", func(t *testing.T) { testAtOnce(t, server, fmt.Sprint("at once ", i)) })
	}
	t.Run("media", func(t *testing.T) { testMedia(t, server) })
	t.Run("killed", func(t *testing.T) { testKilled(t, server) })
}

// testMigrated migrates a logdir, twice, and has what is on the server then
// compared with the logs by others than tbexport.
func testMigrated(t *testing.T, server *mlflowtest.Server, logdir, name string) {
	plan := makePlan(t, logdir, everything)
	inExperiment := func(o *Options) { o.Experiment = name }
	mustMigrate(t, server.URL, plan, Created, inExperiment)
	mustMigrate(t, server.URL, plan, Skipped, inExperiment)
	server.Check(t, logdir, name)
	server.CheckDatabase(t, logdir, name, len(plan.Runs))
}

// testKilled kills a migration of 200 runs at 20 random moments, while a fifth
// of the calls go wrong.
func testKilled(t *testing.T, server *mlflowtest.Server) {
	logdir := manyRuns(t, 200)
	proxy := mlflowtest.NewProxy(t, server.URL, mlflowtest.Sometimes(0.2, 7, mlflowtest.Faults()...))
	killAndRunAgain(t, proxy.URL, logdir, 20, 4*time.Second)
	t.Logf("faults: %v", proxy.Counts())
	result, err := Verify(t.Context(), newTestClient(t, server.URL), makePlan(t, logdir, everything), Options{Experiment: "e"})
	if err != nil || !result.Good() || len(result.Runs) != 200 {
		t.Errorf("%v, %d runs", err, len(result.Runs))
	}
	server.CheckDatabase(t, logdir, "e", 200)
}

// testOdd migrates what MLflow refuses, or keeps otherwise than it came.
func testOdd(t *testing.T, server *mlflowtest.Server) {
	logdir := t.TempDir()
	params := []*pb.HParam{
		{Name: []byte("nul"), Value: text("a\x00b")}, {Name: []byte("empty"), Value: text("")},
		{Name: []byte("b#ad (name)"), Value: number(1e-7)}, {Name: []byte("long"), Value: text(strings.Repeat("x", 6001))},
		{Name: []byte("exactly"), Value: text(strings.Repeat("損", 6000))},
	}
	for i := range 101 {
		params = append(params, &pb.HParam{Name: fmt.Appendf(nil, "p%d", i), Value: number(float64(i))})
	}
	events := []*pb.Event{started(params), ended(pb.SessionStatus_STATUS_FAILURE)}
	for _, tag := range []string{"Loss/train (smoothed)", "GPU #0", "acc@1", "grad%", "😀", strings.Repeat("t", 251), strings.Repeat("損", 251),
		"..", "a/../b", "../x", "/", "Loss", "loss", "e\u0301", "é", "a\nb", " lead", "trail ", "system/cpu", "a:b", "ก็"} {
		events = append(events, scalar(1000, 1, tag, 1), scalar(1001, 2, tag, 2))
	}
	for i := range 1001 {
		events = append(events, scalar(1000, 1<<62, fmt.Sprintf("many/%d", i), float32(i)))
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	events = append(events,
		scalar(-5, math.MaxInt64, "odd", 1), scalar(math.NaN(), math.MinInt64, "odd", nan), scalar(math.Inf(1), 0, "odd", inf),
		scalar(0, 0, "odd", -inf), scalar(0, 1, "odd", float32(math.Copysign(0, -1))), scalar(1000, 1, "odd", math.MaxFloat32))
	write(t, logdir, "a b#c/ü", "1", events...)
	write(t, logdir, "only-hparams", "1", started(params[:1]))
	o := everything
	o.LongParams = plan.FileLongParams
	odd := makePlan(t, logdir, o)
	inExperiment := func(o *Options) { o.Experiment = "odd %#/損失" }
	mustMigrate(t, server.URL, odd, Created, inExperiment)
	result, err := Verify(t.Context(), newTestClient(t, server.URL), odd, Options{Experiment: "odd %#/損失"})
	if err != nil || !result.Good() {
		t.Errorf("%v, %v", err, result.Runs[0].Differences)
	}
}

// testNamesHold grows what version 0.1 migrated: its keys are read from the
// server's own keys.json.
func testNamesHold(t *testing.T, server *mlflowtest.Server) {
	logdir := t.TempDir()
	inExperiment := func(o *Options) { o.Experiment = "names" }
	write(t, logdir, "r1", "1", started([]*pb.HParam{{Name: []byte("l#r"), Value: number(0.5)}}), scalar(1000, 1, "loss (train)", 1))
	mustMigrate(t, server.URL, asVersion01(makePlan(t, logdir, everything)), Created, inExperiment)
	mustMigrate(t, server.URL, makePlan(t, logdir, everything), Skipped, inExperiment)
	write(t, logdir, "r1", "2", scalar(1001, 2, "loss (train)", 2), scalar(1001, 2, "loss _train_", 3))
	result := mustMigrate(t, server.URL, makePlan(t, logdir, everything), Completed, inExperiment)
	if sent := result.Runs[0].PointsSent; sent != 2 {
		t.Errorf("%d points sent", sent)
	}
	mustMigrate(t, server.URL, makePlan(t, logdir, everything), Skipped, inExperiment)
}

func testDeleted(t *testing.T, mlflow *mlflowtest.Server) {
	c := &server{newTestClient(t, mlflow.URL)}
	e, err := c.openExperiment(t.Context(), "deleted", "", false, Limits{})
	if err == nil {
		err = c.Post(t.Context(), "experiments/delete", map[string]string{"experiment_id": e.ID}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.openExperiment(t.Context(), "deleted", "", false, Limits{}); err == nil || !strings.Contains(err.Error(), "is deleted") {
		t.Errorf("got %v", err)
	}
	if e, err := c.openExperiment(t.Context(), "deleted", "", true, Limits{}); err != nil || e.Stage != "active" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestBasicAuth(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "auth.ini")
	text := "[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///" + config + ".db\nadmin_username = admin\nadmin_password = a-test-password\n" +
		"authorization_function = mlflow.server.auth:authenticate_request_basic_auth\ngrant_default_workspace_access = false\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := mlflowtest.Start(t, mlflowtest.Options{
		Args: []string{"--app-name", "basic-auth", "--workers", "1"},
		Env:  []string{"MLFLOW_AUTH_CONFIG_PATH=" + config, "MLFLOW_FLASK_SERVER_SECRET_KEY=test"},
	})
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample", "torch"), everything)
	as := func(name, password string) *rest.Client {
		c, err := rest.NewClient(rest.Config{TrackingURI: server.URL, Username: name, Password: password, Retries: 3, Backoff: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	admin := as("admin", "a-test-password")
	if err := Ping(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if result, err := Migrate(t.Context(), admin, plan, Options{Experiment: "e", Logdir: "l", Version: "v"}); err != nil || !result.Good() {
		t.Fatal(err, result)
	}
	err := Ping(t.Context(), as("admin", "wrong-secret"))
	if err == nil || !strings.Contains(err.Error(), "401") || !strings.Contains(err.Error(), "MLFLOW_TRACKING_USERNAME") || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("a wrong password: %v", err)
	}
	body := []byte(`{"username":"other","password":"other-password"}`)
	if err := admin.Do(t.Context(), &rest.Call{Method: http.MethodPost, Path: "api/2.0/mlflow/users/create", Body: body}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(config), "new", "1", scalar(1000, 1, "x", 1))
	_, err = Migrate(t.Context(), as("other", "other-password"), makePlan(t, filepath.Dir(config), everything), Options{Experiment: "e", Logdir: "l", Version: "v"})
	if err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("somebody else's experiment: %v", err)
	}
}

// A server that keeps no artifacts gets everything else, at once, and says so;
// it names the hosts it answers to.
func TestServerWithoutArtifacts(t *testing.T) {
	t.Parallel()
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{
		"--workers", "1", "--no-serve-artifacts", "--default-artifact-root", "mlflow-artifacts:/", "--allowed-hosts", "127.0.0.1:*"}})
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample", "torch"), everything)
	const reason = ": the server does not serve artifacts (start it with --serve-artifacts)"
	wantNote := func(result *Result, note string) {
		t.Helper()
		for _, run := range result.Runs {
			if len(run.Notes) != 1 || run.Notes[0] != note+reason {
				t.Errorf("%s: %q", run.Plan.Path, run.Notes)
			}
		}
	}
	// Calls that are hopeless and repeated would take minutes.
	hasty, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := rest.NewClient(rest.Config{TrackingURI: server.URL, Retries: 10, Backoff: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	result, err := Migrate(hasty, c, plan, Options{Experiment: "e", Logdir: "l", Version: "v"})
	if err != nil || !result.Good() {
		t.Fatal(err, result.Runs[0].Err)
	}
	wantNote(result, "no artifacts were kept")
	result, err = Verify(hasty, c, plan, Options{Experiment: "e"})
	if err != nil || !result.Good() {
		t.Fatal(err, result.Runs[0].Err)
	}
	wantNote(result, "no artifacts were compared")

	for url, want := range map[string]string{
		strings.Replace(server.URL, "127.0.0.1", "localhost", 1): "start it with --allowed-hosts",
		server.URL + "/ml/flow":                                  "no such route",
	} {
		if err := Ping(t.Context(), newTestClient(t, url)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestWorkspace(t *testing.T) {
	t.Parallel()
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1", "--enable-workspaces"}})
	made, err := http.Post(server.URL+"/api/3.0/mlflow/workspaces", "application/json", strings.NewReader(`{"name":"team"}`))
	if err != nil {
		t.Fatal(err)
	}
	made.Body.Close()
	inside, err := rest.NewClient(rest.Config{TrackingURI: server.URL, Workspace: "team"})
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	plan := makePlan(t, filepath.Join(sampleRuns(t), "sample", "torch"), everything)
	result, err := Migrate(t.Context(), inside, plan, Options{Experiment: "e", Logdir: "l", Version: "v"})
	if err != nil || !result.Good() || len(result.Runs[0].Notes) > 0 {
		t.Errorf("%v, %+v", err, result)
	}
	if _, err := Verify(t.Context(), newTestClient(t, server.URL), plan, Options{Experiment: "e"}); err == nil || !strings.Contains(err.Error(), "no experiment") {
		t.Errorf("without the workspace: %v", err)
	}
}
