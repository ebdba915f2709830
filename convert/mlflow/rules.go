package mlflow

import (
	"strings"

	"tbexport/convert/plan"
	"tbexport/eventfile/hparams"
)

// What MLflow keeps (mlflow/utils/validation.py): characters of a key, of a
// run's name where that is a column of a database, and of a param, which the
// server would cut without a word.
const (
	longestKey   = 250
	longestName  = 250
	longestParam = 6000
)

// Rules are those of MLflow, for a plan.
func Rules() plan.Rules {
	return plan.Rules{
		Key: cleanName, LongestKey: longestKey, LongestName: longestName, LongestParam: longestParam,
		Param:        param,
		NewFileNames: func() func(string) string { return newFileName(make(artifactNames)) },
		NewTally:     func() plan.Tally { return new(tally) },
	}
}

// LongestParam is the most characters that the server keeps of a param.
const LongestParam = longestParam

// param is the text of an hparam. No database but SQLite keeps a NUL.
func param(h hparams.HParam) string { return strings.ReplaceAll(h.String(), "\x00", "") }

// newFileName gives event files a place where MLflow's own logging for
// TensorFlow keeps them.
func newFileName(names artifactNames) func(string) string {
	return func(path string) string { return names.take("tensorboard_logs/" + path) }
}
