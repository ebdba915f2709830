package main

import (
	"fmt"
	"os"
	"os/user"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// mlflowFlags are those of "tbexport mlflow" and "tbexport mlflow verify".
type mlflowFlags struct {
	selection selectionFlags

	trackingURI string
	experiment  string
	restore     bool

	stripPrefix []string
	renames     []string
	merge       []string
	nest        bool
	noFold      bool
	longParams  string
	hparams     hparamsFlag
	nonFinite   string
	maxPoints   int
	artifacts   string

	verify     string
	onExisting string
	jobs       int
	dryRun     bool
	json       bool
	tempDir    string
	strict     bool
	report     string
	overwrite  bool
	quiet      bool
}

// addCommon adds the flags that say what a run becomes and where it is.
func (m *mlflowFlags) addCommon(f *pflag.FlagSet) {
	f.StringVar(&m.trackingURI, "tracking-uri", "", "`URI` of the MLflow server (default: $MLFLOW_TRACKING_URI)")
	f.StringVar(&m.experiment, "experiment", "", "`NAME` of the experiment (default: $MLFLOW_EXPERIMENT_NAME, or _ID)")
	f.StringArrayVar(&m.stripPrefix, "strip-prefix", nil, "take `PREFIX` off the tags (repeatable)")
	f.StringArrayVar(&m.renames, "rename", nil, "`REGEX=TEXT`: replace matches in the tags; $1 is a group (repeatable)")
	f.StringSliceVar(&m.merge, "merge", nil, "make sibling directories of these `NAMES` one run, as train,validation; the names prefix the keys")
	f.BoolVar(&m.nest, "nest", false, "make runs children of the run of their directory")
	f.BoolVar(&m.noFold, "no-fold-hparams", false, "keep apart the runs that hold the hparams or metrics of the session above them")
	m.hparams.add(f)
	f.StringVar(&m.longParams, "long-params", "refuse", "params over 6000 characters: refuse, truncate, artifact or skip")
	f.StringVar(&m.nonFinite, "nonfinite", "keep", "NaN and infinities: keep, skip or fail")
	f.IntVar(&m.maxPoints, "max-points-per-tag", 0, "at most `N` points a series, as --sample")
	f.StringVar(&m.artifacts, "artifacts", "events", "events: keep the event files as artifacts; none")
	f.IntVarP(&m.jobs, "jobs", "j", mlflow.DefaultJobs, "send `N` calls at a time")
	f.StringVar(&m.tempDir, "temp-dir", "", "`DIR` for the points of very long runs (default: the system's)")
	f.StringVar(&m.report, "report", "", "write what became of each run to `FILE`, as JSON")
	f.BoolVar(&m.overwrite, "overwrite", false, "replace a report that is there already")
	f.BoolVarP(&m.quiet, "quiet", "q", false, "say nothing but errors")
	m.selection.add(f)
	f.BoolVar(&m.strict, "strict", false, "fail at the first damage, and send nothing")
}

func (m *mlflowFlags) addMigrate(f *pflag.FlagSet) {
	f.BoolVar(&m.dryRun, "dry-run", false, "show the plan, and do nothing; needs no server")
	f.BoolVar(&m.json, "json", false, "write the plan to standard output as JSON")
	f.BoolVar(&m.restore, "restore", false, "bring the experiment back if it is deleted")
	f.StringVar(&m.verify, "verify", "full", "read back: full, latest (last values only) or none")
	f.StringVar(&m.onExisting, "on-existing", "skip", "runs of an earlier migration: skip (but complete them), replace or fail")
}

// readPlan reads what a run becomes.
func (m *mlflowFlags) readPlan() (o plan.Options, err error) {
	o.Merge, o.Nest, o.Fold = m.merge, m.nest, !m.noFold
	o.Changes.StripPrefixes = m.stripPrefix
	for _, text := range m.renames {
		rename, err := plan.ParseRename(text)
		if err != nil {
			return o, usagef("--rename %v", err)
		}
		o.Changes.Renames = append(o.Changes.Renames, rename)
	}
	for _, choice := range []struct {
		flag, value string
		words       []string
		set         func(int)
	}{
		{"--long-params", m.longParams, []string{"refuse", "truncate", "artifact", "skip"}, func(i int) { o.LongParams = plan.LongParams(i) }},
		{"--nonfinite", m.nonFinite, []string{"keep", "skip", "fail"}, func(i int) { o.NonFinite = plan.NonFinite(i) }},
		{"--artifacts", m.artifacts, []string{"events", "none"}, func(i int) { o.Files = i == 0 }},
	} {
		if err := choose(choice.flag, choice.value, choice.words, choice.set); err != nil {
			return o, err
		}
	}
	return o, nil
}

// choose sets the index of one of several words.
func choose(flag, value string, words []string, set func(int)) error {
	for i, word := range words {
		if word == value {
			set(i)
			return nil
		}
	}
	return usagef("%s %s: want one of %s", flag, value, strings.Join(words, ", "))
}

// readOptions reads how it is sent.
func (m *mlflowFlags) readOptions(o *mlflow.Options) error {
	if m.jobs < 1 || m.jobs > 64 {
		return usagef("--jobs %d: want 1 to 64", m.jobs)
	}
	if m.maxPoints < 0 {
		return usagef("--max-points-per-tag %d: not a number of points", m.maxPoints)
	}
	o.Jobs, o.Restore, o.Version = m.jobs, m.restore, programVersion()
	o.Read.TempDir, o.Read.Strict = m.tempDir, m.strict
	var err error
	if o.Read.HParams, err = m.hparams.read(); err != nil {
		return err
	}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if err := choose("--verify", m.verify, []string{"full", "latest", "none"}, func(i int) { o.Verify = mlflow.Verification(i) }); err != nil {
		return err
	}
	return choose("--on-existing", m.onExisting, []string{"skip", "replace", "fail"}, func(i int) { o.Existing = mlflow.Existing(i) })
}

// readServer reads flags and environment on where to send to.
func (m *mlflowFlags) readServer(o *mlflow.Options) (rest.Config, error) {
	o.Experiment = m.experiment
	if o.Experiment == "" {
		o.Experiment = os.Getenv("MLFLOW_EXPERIMENT_NAME")
	}
	if o.Experiment == "" {
		o.ExperimentID = os.Getenv("MLFLOW_EXPERIMENT_ID")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	config, err := rest.FromEnvironment(m.trackingURI, os.Getenv, home)
	if err != nil {
		return config, usageError{advised(err)}
	}
	if o.Experiment == "" && o.ExperimentID == "" {
		return config, usageError{fmt.Errorf("which experiment? Give --experiment NAME, or set MLFLOW_EXPERIMENT_NAME")}
	}
	return config, nil
}
