package main

import (
	"errors"
	"fmt"
	"testing"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

func TestErrorsNameTheFlagsThatHelp(t *testing.T) {
	for want, err := range map[string]error{
		`run a: the hyperparameter "text" has 6001 characters, and MLflow keeps 6000: choose --long-params truncate, artifact or skip`: &plan.LongParamError{
			Run: "a", Name: "text", Length: 6001, Limit: 6000},
		`run a: tag "x" has values that are not finite (--nonfinite fail)`:                &plan.NonFiniteError{Run: "a", Tag: "x"},
		`"a" and "b" would both become the key "same": change --rename or --strip-prefix`: &plan.CollisionError{Key: "same", Names: [2]string{"a", "b"}},
		`run a is in the experiment "e" already, as 7 (--on-existing fail)`:               &mlflow.ExistsError{Run: "a", Experiment: "e", RunID: "7"},
		`the experiment "e" (id 1) is deleted: migrate with --restore, which brings it back with all its runs, or choose another name`: &mlflow.DeletedExperimentError{
			Name: "e", ID: "1"},
		`which MLflow server? Give --tracking-uri http://HOST:PORT, or set MLFLOW_TRACKING_URI`: rest.ErrNoTrackingURI,
		`something else`: errors.New("something else"),
	} {
		if got := advised(err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
	if advised(nil) != nil {
		t.Error("nothing is an error")
	}
	if got := advised(fmt.Errorf("%w (and more)", &plan.NonFiniteError{Run: "a", Tag: "x"})).Error(); got != `run a: tag "x" has values that are not finite (and more) (--nonfinite fail)` {
		t.Errorf("got %s", got)
	}
}
