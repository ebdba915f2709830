package main

import (
	"bytes"
	"testing"
	"time"

	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
)

// A run that differs is not counted as verified, and one that an earlier
// migration made otherwise is no dead end.
func TestWordsOnRunsThatDiffer(t *testing.T) {
	start := []mlflow.Difference{{What: "start", Expected: "1", Got: "2"}}
	result := func(runs ...*mlflow.RunResult) *mlflow.Result {
		for _, run := range runs {
			run.Plan = &plan.Run{Path: "a"}
		}
		return &mlflow.Result{Experiment: mlflow.Experiment{ID: "7", Name: "e"}, Runs: runs}
	}
	for _, c := range []struct {
		verb, lines, closing string
		result               *mlflow.Result
	}{
		{"verify", "tbexport: run a: start: in the logs 1, on the server 2\n",
			`2 runs, 1 verified, 1 different from the logs in experiment "e" (id 7) at http://h, 1.0 s`,
			result(&mlflow.RunResult{Outcome: mlflow.Verified}, &mlflow.RunResult{Outcome: mlflow.Verified, Differences: start})},
		{"migrate", "tbexport: run a: start: in the logs 1, on the server 2\n",
			`1 run, 1 completed, 1 different from the logs; 3 points sent -> experiment "e" (id 7) at http://h, 1.0 s`,
			result(&mlflow.RunResult{Outcome: mlflow.Completed, PointsSent: 3, Differences: start})},
	} {
		var said bytes.Buffer
		sayRuns(console{err: &said}, c.result, c.verb)
		if said.String() != c.lines {
			t.Errorf("said %q\nwant %q", &said, c.lines)
		}
		if got := (&closingMLflow{"http://h", c.verb, c.result}).line(time.Second); got != c.closing {
			t.Errorf("closing %s\nwant    %s", got, c.closing)
		}
	}
}

// A param that changed in the logs is listed by verify, with what to do, and is no difference.
func TestWordsOnChangedParams(t *testing.T) {
	changed := []mlflow.Difference{{What: "param", Key: "lr", Expected: "0.1", Got: "0.2"}}
	result := &mlflow.Result{Runs: []*mlflow.RunResult{{Plan: &plan.Run{Path: "a"}, Outcome: mlflow.Verified, ChangedParams: changed}}}
	var said bytes.Buffer
	sayRuns(console{err: &said}, result, "verify")
	sayChangedParams(console{err: &said}, result)
	const want = "tbexport: run a: params are others in the logs now, and MLflow does not change them (mlflow --on-existing replace makes such runs anew)\n" +
		"tbexport: run a: param \"lr\": in the logs 0.1, on the server 0.2; MLflow does not change it\n"
	if said.String() != want || !result.Good() {
		t.Errorf("said %q", &said)
	}
}
