package mlflow

import (
	"fmt"
	"testing"
	"time"

	"tbexport/convert/mlflow/mlflowtest"
)

// testMedia migrates media, grown and again, and has them compared with the logs
// by MLflow's own client, which reads the names as the page does.
func testMedia(t *testing.T, server *mlflowtest.Server) {
	logdir := t.TempDir()
	for _, run := range []string{"a", "b/c"} {
		writeMedia(t, logdir, run, "1", 0, 3, allMedia(t))
	}
	into := func(o *Options) { o.Experiment = "media" }
	mustMigrate(t, server.URL, makePlan(t, logdir, everything), Created, into)
	mustMigrate(t, server.URL, makePlan(t, logdir, everything), Skipped, into)
	server.Script(t, "mlflow_media.py", logdir, "media", "--min", "66")
	for _, run := range []string{"a", "b/c"} {
		writeMedia(t, logdir, run, "2", 3, 5, allMedia(t))
	}
	result := mustMigrate(t, server.URL, makePlan(t, logdir, everything), Completed, into)
	if n := result.Runs[0].Media.Sent; n != 2*8+2 {
		t.Errorf("%d media sent", n)
	}
	server.Script(t, "mlflow_media.py", logdir, "media", "--min", "110")
	testMediaKilled(t, server)
}

// testMediaKilled kills a migration of media at random moments, while a fifth of
// the calls go wrong.
func testMediaKilled(t *testing.T, server *mlflowtest.Server) {
	logdir := t.TempDir()
	for i := range 8 {
		writeMedia(t, logdir, fmt.Sprintf("r%02d", i), "1", 0, 3, allMedia(t))
	}
	proxy := mlflowtest.NewProxy(t, server.URL, mlflowtest.Sometimes(0.2, 7, mlflowtest.Faults()...))
	killAndRunAgainInto(t, "killed media", proxy.URL, logdir, 20, 4*time.Second)
	server.Script(t, "mlflow_media.py", logdir, "killed media", "--min", "264")
	server.Script(t, "mlflow_sql.py", server.Database, logdir, "killed media", "8", "--stepped-back")
	result, err := Verify(t.Context(), newTestClient(t, server.URL), makePlan(t, logdir, everything), Options{Experiment: "killed media"})
	if err != nil || !result.Good() || len(result.Runs) != 8 || len(result.Runs[0].Theirs) > 0 {
		t.Errorf("%v, %d runs", err, len(result.Runs))
	}
}
