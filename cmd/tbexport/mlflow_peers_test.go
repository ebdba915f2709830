package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
)

// TestRunsHasTheColumnsOfSearchRuns: the runs table, and what MLflow says of the same runs once they are there, have
// the same params and metrics.
func TestRunsHasTheColumnsOfSearchRuns(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}})
	logs := testdata(t, "logs", "hparams")
	// Names that MLflow does not take, and the many hparams of one run, are left out.
	selection := []string{"--run", "{torch*,keras-callback,tensorboardX,lightning}{,/**}"}
	migrate := mustCall(t, append([]string{"mlflow", logs, "--tracking-uri", server.URL, "--experiment", "columns"}, selection...)...)
	if page := "to look at: " + server.URL + "/#/experiments/1?"; !strings.Contains(migrate.err, `-> experiment "columns" (id 1) at `) || !strings.Contains(migrate.err, page) {
		t.Errorf("the experiment is not named in:\n%s", migrate.err)
	}
	verify := mustCall(t, append([]string{"mlflow", "verify", logs, "--tracking-uri", server.URL, "--experiment", "columns"}, selection...)...)
	if !strings.Contains(verify.err, ` verified in experiment "columns" (id 1) at `) {
		t.Errorf("verify says:\n%s", verify.err)
	}
	table := mustCall(t, append([]string{"csv", logs, "--table", "runs", "-q"}, selection...)...)
	header, err := csv.NewReader(strings.NewReader(table.stdout)).Read()
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, column := range header {
		if strings.HasPrefix(column, "params.") || strings.HasPrefix(column, "metrics.") {
			ours = append(ours, column)
		}
	}
	slices.Sort(ours)
	script := testdata(t, "peers", "search_runs_columns.py")
	cmd := exec.Command(mlflowtest.Python(t), "-P", script, "columns")
	cmd.Env = append(os.Environ(), "MLFLOW_TRACKING_URI="+server.URL)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs []string
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	// What add_hparams logged of a tag that the training logged, too, is kept
	// beside it in MLflow; a table of last values has room for one of them.
	theirs = slices.DeleteFunc(theirs, func(column string) bool { return column == "metrics.loss.hparams" })
	if !slices.Equal(ours, theirs) || len(ours) < 10 {
		t.Errorf("runs has %q,\nsearch_runs %q", ours, theirs)
	}
}
