//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
)

// TestExperimentsEqualButForCase: directories whose names MariaDB takes for one, or for that of an experiment which every
// server has, go into an experiment each, time and again.
func TestExperimentsEqualButForCase(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Backend: mlflowtest.MariaDB(t), Args: []string{"--workers", "1"}})
	logs := filepath.Join(t.TempDir(), "logs")
	for top, run := range map[string]string{"A": "baseline", "a": "high-lr", "default": "high-lr"} {
		if err := os.CopyFS(filepath.Join(logs, top, run), os.DirFS(testdata(t, "logs", "sample", "torch", run))); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := os.ReadDir(logs); err != nil || len(names) < 3 {
		t.Fatalf("%d directories, %v: this test wants a file system that tells A from a ($TMPDIR names one)", len(names), err)
	}
	into := func(verb []string, experiment string) []string {
		return append(append([]string{"mlflow"}, verb...), logs, "--tracking-uri", server.URL, "--experiment", experiment)
	}
	for _, outcome := range []string{"created", "skipped"} {
		migrate := mustCall(t, into(nil, "{top}")...)
		for _, want := range []string{
			`3 experiments: "A" (1 run), "a_ca978112" (1 run), "default_37a8eec1" (1 run)`, "3 runs, 3 " + outcome,
			`the experiment "a" becomes "a_ca978112", as the server's database takes its name for another's`,
		} {
			if !strings.Contains(migrate.err, want) {
				t.Errorf("no %q in:\n%s", want, migrate.err)
			}
		}
	}
	verify := mustCall(t, into([]string{"verify"}, "{top}")...)
	if !strings.Contains(verify.err, "3 runs, 3 verified in 3 experiments") {
		t.Errorf("verify says:\n%s", verify.err)
	}
	// One of them alone is where it was.
	one := mustCall(t, append(into(nil, "{top}"), "--run", "a/*")...)
	if !strings.Contains(one.err, `1 run, 1 skipped; 0 points sent -> experiment "a_ca978112"`) {
		t.Errorf("one of them:\n%s", one.err)
	}
	for _, verb := range [][]string{nil, {"verify"}} {
		other := call(into(verb, "DEFAULT")...)
		const want = `the server's database takes the name of the experiment "DEFAULT" for that of "Default", which is there: give that, or choose another name`
		if other.status != statusFailed || !strings.Contains(other.err, want) {
			t.Errorf("%q in the name of another: status %d\n%s", verb, other.status, other.err)
		}
	}
}
