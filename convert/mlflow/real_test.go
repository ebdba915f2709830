package mlflow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
	pb "tbexport/proto"
)

// TestMain lets the test's own program be the one that is killed: with a
// server in its environment it migrates and does nothing else.
func TestMain(m *testing.M) {
	url := os.Getenv("TBEXPORT_TEST_SERVER")
	if url == "" {
		os.Exit(m.Run())
	}
	if err := migrateTo(url, os.Getenv("TBEXPORT_TEST_LOGDIR")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func migrateTo(url, logdir string) error {
	c, err := NewClient(Config{TrackingURI: url, Retries: 10, Backoff: 0.05})
	if err != nil {
		return err
	}
	plan, err := planOf(logdir)
	if err != nil {
		return err
	}
	result, err := Migrate(context.Background(), c, plan, Options{Experiment: "e", Version: "test"})
	if err == nil && !result.Good() {
		err = fmt.Errorf("not every run arrived")
	}
	return err
}

// killAndRunAgain starts a migration and kills it, as often as times says, and
// lets the last one end.
func killAndRunAgain(t *testing.T, url, logdir string, times int, longest time.Duration) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	killed := 0
	for n := range times + 1 {
		command := exec.Command(program)
		command.Env = append(os.Environ(), "TBEXPORT_TEST_SERVER="+url, "TBEXPORT_TEST_LOGDIR="+logdir)
		out := new(strings.Builder)
		command.Stderr = out
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if n < times {
			time.Sleep(time.Duration(rand.Float64() * float64(longest)))
			if command.Process.Kill() == nil {
				killed++
			}
		}
		if err := command.Wait(); err != nil && n == times {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	t.Logf("killed %d times", killed)
}

// manyRuns writes a logdir of small runs.
func manyRuns(t *testing.T, n int) string {
	t.Helper()
	logdir := t.TempDir()
	for i := range n {
		events := []*pb.Event{started([]*pb.HParam{{Name: []byte("lr"), Value: number(float64(i))}})}
		for step := range 30 {
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

func TestSQLite(t *testing.T) {
	t.Parallel()
	// One worker answers the Python client's many small calls four times as
	// fast as several do: see quickAck.
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}})
	t.Run("logs", func(t *testing.T) {
		plan := makePlan(t, sampleRuns(t), everything)
		inExperiment := func(o *Options) { o.Experiment = "logs" }
		mustMigrate(t, server.URL, plan, Created, inExperiment)
		mustMigrate(t, server.URL, plan, Skipped, inExperiment)
		server.Check(t, sampleRuns(t), "logs")
	})
	t.Run("odd", func(t *testing.T) { testOdd(t, server) })
	t.Run("deleted", func(t *testing.T) { testDeleted(t, server) })
	t.Run("faults", func(t *testing.T) {
		logdir := filepath.Join(sampleRuns(t), "sample")
		plan := makePlan(t, logdir, everything)
		proxy := mlflowtest.NewProxy(t, server.URL, mlflowtest.Sometimes(0.2, 7, mlflowtest.Faults()...))
		for range 20 {
			if result, err := migrate(t, proxy.URL, plan); err == nil && result.Good() {
				break
			}
		}
		t.Logf("faults: %v", proxy.Counts())
		server.Check(t, logdir, "e")
	})
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	server := mlflowtest.Start(t, mlflowtest.Options{Backend: mlflowtest.Postgres(t), Prefix: "/ml/flow", Args: []string{"--workers", "4"}})
	for _, name := range []string{"sample", "dtypes"} {
		t.Run(name, func(t *testing.T) {
			logdir := filepath.Join(sampleRuns(t), name)
			plan := makePlan(t, logdir, everything)
			mustMigrate(t, server.URL, plan, Created, func(o *Options) { o.Experiment = name })
			server.Check(t, logdir, name)
		})
	}
	t.Run("odd", func(t *testing.T) { testOdd(t, server) })
	t.Run("killed", func(t *testing.T) {
		logdir := manyRuns(t, 30)
		killAndRunAgain(t, server.URL, logdir, 5, 4*time.Second)
		server.Check(t, logdir, "e")
	})
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
	write(t, logdir, "a b#c/ü", "1", events...)
	write(t, logdir, "only-hparams", "1", started(params[:1]))
	o := everything
	o.LongParams = ArtifactLongParams
	plan := makePlan(t, logdir, o)
	inExperiment := func(o *Options) { o.Experiment = "odd %#/損失" }
	mustMigrate(t, server.URL, plan, Created, inExperiment)
	result, err := Verify(t.Context(), newTestClient(t, server.URL), plan, Options{Experiment: "odd %#/損失"})
	if err != nil || !result.Good() {
		t.Errorf("%v, %v", err, result.Runs[0].Differences)
	}
}

func testDeleted(t *testing.T, server *mlflowtest.Server) {
	c := newTestClient(t, server.URL)
	e, err := c.openExperiment(t.Context(), "deleted", "", false)
	if err == nil {
		err = c.post(t.Context(), "experiments/delete", map[string]string{"experiment_id": e.ID}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.openExperiment(t.Context(), "deleted", "", false); err == nil || !strings.Contains(err.Error(), "--restore") {
		t.Errorf("got %v", err)
	}
	if e, err := c.openExperiment(t.Context(), "deleted", "", true); err != nil || e.Stage != "active" {
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
	as := func(name, password string) *Client {
		c, err := NewClient(Config{TrackingURI: server.URL, Username: name, Password: password, Retries: 3, Backoff: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	admin := as("admin", "a-test-password")
	if err := admin.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if result, err := Migrate(t.Context(), admin, plan, Options{Experiment: "e", Logdir: "l", Version: "v"}); err != nil || !result.Good() {
		t.Fatal(err, result)
	}
	err := as("admin", "wrong-secret").Ping(t.Context())
	if err == nil || !strings.Contains(err.Error(), "401") || !strings.Contains(err.Error(), "MLFLOW_TRACKING_USERNAME") || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("a wrong password: %v", err)
	}
	body := []byte(`{"username":"other","password":"other-password"}`)
	if err := admin.do(t.Context(), &call{method: http.MethodPost, path: "api/2.0/mlflow/users/create", body: body}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(config), "new", "1", scalar(1000, 1, "x", 1))
	_, err = Migrate(t.Context(), as("other", "other-password"), makePlan(t, filepath.Dir(config), everything), Options{Experiment: "e", Logdir: "l", Version: "v"})
	if err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("somebody else's experiment: %v", err)
	}
}
