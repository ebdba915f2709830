package mlflow

import (
	"strings"

	"tbexport/eventfile/hparams"
)

// What MLflow keeps (mlflow/utils/validation.py): characters of a key, of a
// run's name where that is a column of a database, and of a param, which the
// server would cut without a word, or refuse before MLflow 2.8.
const (
	longestKey   = 250
	longestName  = 250
	longestParam = 6000
	shortParam   = 500
)

// LongestParam is the most characters that the server keeps of a param.
const LongestParam = longestParam

// param is the text of an hparam. No database but SQLite keeps a NUL.
func param(h hparams.HParam) string { return strings.ReplaceAll(h.String(), "\x00", "") }

// newFileName gives event files a place where MLflow's own logging for
// TensorFlow keeps them.
func newFileName(names artifactNames) func(string) string {
	return func(path string) string { return names.take("tensorboard_logs/" + path) }
}

// newIncludedName gives files beside the logs the place that they have below
// the run, but for the directories of artifacts that are for something else.
func newIncludedName(names artifactNames) func(string) string {
	return func(path string) string {
		switch first, _, _ := strings.Cut(path, "/"); first {
		case "tbexport", "tensorboard_logs", gridDir, mediaDir:
			path = "files/" + path
		}
		return names.take(path)
	}
}
