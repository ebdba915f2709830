package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
)

// Migrations with other flags, one after another, that nobody comes between, leave
// verify and undo nothing to complain of.
func TestFlagsOneAfterAnother(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}})
	logs := testdata(t, "logs", "sample")
	best, named := "--best=metrics.*loss*:min", "--run-name=basename"
	for name, c := range map[string]struct {
		steps [][]string
		said  string // by the second migration
	}{
		"best":   {[][]string{{best}, nil}, ""},
		"sample": {[][]string{{"--sample=5"}, nil}, ""},
		"fewer":  {[][]string{nil, {"--sample=5"}}, ""},
		"name":   {[][]string{nil, {named}}, "the name in MLflow stays as it was made (--on-existing replace makes such runs anew)"},
		"tag":    {[][]string{nil, {"--set-tag=team=vision", "--description=Mine."}}, "6 skipped"},
		"chain":  {[][]string{nil, {named}, {named, "--rename=loss=LOSS"}, {best}, {}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			to := []string{logs, "--tracking-uri", server.URL, "--experiment", name}
			for i, flags := range c.steps {
				done := mustCall(t, append(append([]string{"mlflow"}, to...), flags...)...)
				if i == 1 && !strings.Contains(done.err, c.said) {
					t.Errorf("said\n%s", done.err)
				}
			}
			verified := mustCall(t, append([]string{"mlflow", "verify"}, to...)...)
			if !strings.Contains(verified.err, "6 runs, 6 verified in") || strings.Contains(verified.err, "in MLflow:") {
				t.Errorf("verify says\n%s", verified.err)
			}
			undone := mustCall(t, append([]string{"mlflow", "undo", "--yes"}, to...)...)
			if !strings.Contains(undone.err, "6 runs removed; 0 kept") {
				t.Errorf("undo says\n%s%s", undone.stdout, undone.err)
			}
		})
	}
	t.Run("status", func(t *testing.T) { testStatusThatSomebodySet(t, server) })
}

// testStatusThatSomebodySet: a status that somebody set is listed and kept, and no difference.
func testStatusThatSomebodySet(t *testing.T, server *mlflowtest.Server) {
	to := []string{testdata(t, "logs", "sample"), "--tracking-uri", server.URL, "--experiment", "status"}
	mustCall(t, append([]string{"mlflow"}, to...)...)
	listed := mustCall(t, append([]string{"mlflow", "undo"}, to...)...)
	id := regexp.MustCompile(`[0-9a-f]{32}`).FindString(listed.stdout)
	body, err := json.Marshal(map[string]any{"run_id": id, "status": "FAILED", "end_time": 1800000000000})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(server.URL+"/api/2.0/mlflow/runs/update", "application/json", strings.NewReader(string(body)))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(err, answer)
	}
	answer.Body.Close()
	if done := mustCall(t, append([]string{"mlflow"}, to...)...); !strings.Contains(done.err, "6 skipped") {
		t.Errorf("said\n%s", done.err)
	}
	verified := mustCall(t, append([]string{"mlflow", "verify"}, to...)...)
	if !strings.Contains(verified.err, "in MLflow: status was changed: FAILED") || !strings.Contains(verified.err, "6 verified in") {
		t.Errorf("verify says\n%s", verified.err)
	}
	if undone := mustCall(t, append([]string{"mlflow", "undo", "--yes"}, to...)...); !strings.Contains(undone.err, "5 runs removed; 1 kept") {
		t.Errorf("undo says\n%s%s", undone.stdout, undone.err)
	}
}
