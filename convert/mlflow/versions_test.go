package mlflow

import (
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
	"tbexport/internal/peers"
	pb "tbexport/proto"
)

// Servers of before MLflow 2.16 and 2.8 take every log of testdata and of the
// corpus, twice and grown.
func TestOldServers(t *testing.T) {
	for version, want := range map[string]Limits{
		"2.14.3": {Version: "2.14.3", NoColon: true, NoGrid: true}, "2.3.2": {Version: "2.3.2", NoColon: true, ShortParams: true, NoGrid: true},
	} {
		t.Run(version, func(t *testing.T) { testVersion(t, version, want) })
	}
}

// So does the newest.
func TestNewestServer(t *testing.T) {
	t.Parallel()
	testVersion(t, "3.18.0", Limits{Version: "3.18.0"})
}

func testVersion(t *testing.T, version string, want Limits) {
	server := mlflowtest.Start(t, mlflowtest.Options{Version: version, Args: []string{"--workers", "2"}})
	limits, err := Ask(t.Context(), newTestClient(t, server.URL), "e", "")
	if err != nil || limits != want {
		t.Fatalf("%+v, %v", limits, err)
	}
	// What a server that does not tell its version is learnt from.
	c := newAPI(newTestClient(t, server.URL))
	if colon, err := c.refusesColon(t.Context()); colon != want.NoColon || err != nil {
		t.Errorf("colon: %v, %v", colon, err)
	}
	if short, err := c.refusesLongParams(t.Context()); short != want.ShortParams || err != nil {
		t.Errorf("long params: %v, %v", short, err)
	}
	own := t.TempDir()
	writeOwn := func(file string, step int64) {
		write(t, own, "yolo", file, started([]*pb.HParam{{Name: []byte("names"), Value: text(strings.Repeat("x", 5000))}}),
			scalar(1000, step, "metrics/mAP_0.5:0.95", 1), scalar(1000, step, "loss", 1))
	}
	writeOwn("1", 1)
	media := t.TempDir()
	writeMedia(t, media, "a", "1", 0, 3, allMedia(t))
	for name, logdir := range map[string]string{"own": own, "media": media, "logs": sampleRuns(t), "corpus": peers.Corpus(t)} {
		into := func(o *Options) { o.Experiment, o.Limits = name, limits }
		mustMigrate(t, server.URL, planFor(t, logdir, limits), Created, into)
		mustMigrate(t, server.URL, planFor(t, logdir, limits), Skipped, into)
		result, err := Verify(t.Context(), newTestClient(t, server.URL), planFor(t, logdir, limits), Options{Experiment: name, Limits: limits})
		if err != nil || !result.Good() {
			t.Errorf("%s: %v", name, err)
		}
		switch {
		case name == "logs" || name == "corpus":
			server.CheckDatabase(t, logdir, name, len(result.Runs))
		case name == "media" && !limits.NoGrid: // MLflow's client of today lists no artifacts of an old server
			server.Script(t, "mlflow_media.py", logdir, name, "--min", "33")
		}
	}
	writeOwn("2", 2)
	into := func(o *Options) { o.Experiment, o.Limits = "own", limits }
	result := mustMigrate(t, server.URL, planFor(t, own, limits), Completed, into)
	key := "metrics/mAP_0.5:0.95"
	if limits.NoColon {
		key = "metrics/mAP_0.5_0.95" + plan.Mark(key)
	}
	if result.Runs[0].PointsSent != 2 || result.Runs[0].Plan.Series[1].Key != key {
		t.Errorf("%d points sent, %s", result.Runs[0].PointsSent, result.Runs[0].Plan.Series[1].Key)
	}
}

// newAPI names the type server where a server is called so.
func newAPI(c *rest.Client) *server { return &server{c} }

// A database that takes names for one which differ in case, accents or spaces at
// the end gets each of them.
func TestMariaDB(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Backend: mlflowtest.MariaDB(t), Args: []string{"--workers", "2"}})
	limits, err := Ask(t.Context(), newTestClient(t, server.URL), "e", "")
	if err != nil || !limits.IgnoresCase || limits.NoColon || limits.ShortParams {
		t.Fatalf("%+v, %v", limits, err)
	}
	logdir := t.TempDir()
	write(t, logdir, "a", "1", started([]*pb.HParam{{Name: []byte("LR"), Value: number(1)}, {Name: []byte("lr"), Value: number(2)}}),
		scalar(1000, 1, "Loss", 1), scalar(1000, 1, "loss", 2), scalar(1000, 1, "loss ", 3), scalar(1000, 1, "é", 4), scalar(1000, 1, "e", 5))
	into := func(o *Options) { o.Limits = limits }
	mustMigrate(t, server.URL, planFor(t, logdir, limits), Created, into)
	mustMigrate(t, server.URL, planFor(t, logdir, limits), Skipped, into)
	into = func(o *Options) { o.Limits, o.Experiment = limits, "logs" }
	mustMigrate(t, server.URL, planFor(t, sampleRuns(t), limits), Created, into)
	server.CheckDatabase(t, sampleRuns(t), "logs", len(planFor(t, sampleRuns(t), limits).Runs))
	// A plan that does not know it loses nothing but the doubles, and says so.
	result, err := migrate(t, server.URL, makePlan(t, logdir, everything), func(o *Options) { o.Experiment = "unasked" })
	if err != nil || result.Good() || result.Runs[0].Err != nil || result.Runs[0].PointsSent < 2 {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
}
