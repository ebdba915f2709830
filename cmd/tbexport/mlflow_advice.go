package main

import (
	"errors"
	"fmt"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// advisedError is an error of a library in the words of this program.
type advisedError struct {
	error
	text string
}

func (e *advisedError) Error() string { return e.text }
func (e *advisedError) Unwrap() error { return e.error }

// advised adds to an error of planning or migrating which flag is the way out,
// where there is one.
func advised(err error) error {
	var long *plan.LongParamError
	if errors.As(err, &long) {
		return &advisedError{err, fmt.Sprintf(
			"run %s: the hyperparameter %q has %d characters, and MLflow keeps %d: choose --long-params truncate, "+
				"artifact or skip",
			long.Run, long.Name, long.Length, long.Limit)}
	}
	if errors.Is(err, rest.ErrNoTrackingURI) {
		return &advisedError{err,
			"which MLflow server? Give --tracking-uri http://HOST:PORT, or set MLFLOW_TRACKING_URI"}
	}
	if advice := advice(err); advice != "" {
		return &advisedError{err, err.Error() + advice}
	}
	return err
}

// advice is what comes after the words of an error.
func advice(err error) string {
	var nonFinite *plan.NonFiniteError
	var collision *plan.CollisionError
	var exists *mlflow.ExistsError
	var deleted *mlflow.DeletedExperimentError
	var rules *mlflow.RulesError
	var other *mlflow.OtherNameError
	switch {
	case errors.As(err, &nonFinite):
		return " (--nonfinite fail)"
	case errors.As(err, &collision):
		return ": change --rename or --strip-prefix"
	case errors.As(err, &exists):
		return " (--on-existing fail)"
	case errors.As(err, &other):
		return ": give that, or choose another name"
	case errors.As(err, &rules):
		return ": migrate into it alone, with its name as --experiment"
	case errors.As(err, &deleted):
		return ": migrate with --restore, which brings it back with all its runs, or choose another name"
	}
	return ""
}
