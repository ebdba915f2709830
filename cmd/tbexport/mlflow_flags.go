package main

import (
	"fmt"
	"os"
	"os/user"
	"time"

	"github.com/spf13/pflag"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// mlflowFlags are those of "tbexport mlflow" and "tbexport mlflow verify".
type mlflowFlags struct {
	trackerFlags
	mlflowNames
	mlflowFiles
	mlflowMedia

	trackingURI string
	experiment  string
	restore     bool

	longParams string
	artifacts  string

	verify        string
	onExisting    string
	deleted       string
	duplicates    string
	serverVersion string
	yes           bool
	wait          time.Duration
	learns        bool // the flags of the migration that are kept on its runs
	flags         *pflag.FlagSet

	jobs int
}

// addCommon adds the flags that say what a run becomes and where it is.
func (m *mlflowFlags) addCommon(f *pflag.FlagSet) {
	m.flags = f
	f.StringVar(&m.trackingURI, "tracking-uri", "", "`URI` of the MLflow server (default: $MLFLOW_TRACKING_URI)")
	f.DurationVar(&m.wait, "wait", defaultWait, "wait for `TIME` for a server on this machine that is starting")
	f.StringVar(&m.experiment, "experiment", "", "`NAME` of the experiment (default: $MLFLOW_EXPERIMENT_NAME, or "+
		"_ID); {top} is the first directory of a run, {logdir} the logdir's name")
	m.mlflowNames.add(f)
	m.addNames(f)
	f.StringVar(&m.longParams, "long-params", "refuse", "params over 6000 characters: refuse, truncate, artifact or "+
		"skip; before MLflow 2.8 over 500, by default truncate")
	m.addPoints(f)
	m.mlflowFiles.add(f)
	m.mlflowMedia.add(f)
	f.StringVar(&m.artifacts, "artifacts", "events", "events: keep the event files as artifacts; none")
	f.IntVarP(&m.jobs, "jobs", "j", mlflow.DefaultJobs, "send `N` calls at a time")
	m.addReading(f)
}

func (m *mlflowFlags) addMigrate(f *pflag.FlagSet) {
	m.addPlan(f, "show the plan, and do nothing; a server that is named is asked what it takes")
	f.StringVar(&m.serverVersion, "server-version", "",
		"with --dry-run: plan for MLflow `VERSION`, as 2.14.3, without asking a server")
	f.BoolVar(&m.restore, "restore", false, "bring the experiment back if it is deleted")
	f.StringVar(&m.verify, "verify", "full", "read back: full, latest (last values only) or none")
	f.StringVar(&m.onExisting, "on-existing", "skip", "runs of an earlier migration: skip (but complete them), "+
		"replace, fail, or one (skip, and of several runs of one source delete all but one)")
	f.StringVar(&m.deleted, "deleted", "keep",
		"runs of an earlier migration that somebody deleted: keep them deleted, restore them, or make them again")
	f.StringVar(&m.duplicates, "duplicates", "skip",
		"runs whose event files are those of a run that is there: skip, or create")
}

// readPlan reads what a run becomes.
func (m *mlflowFlags) readPlan(args []string) (o plan.Options, err error) {
	if o, err = m.trackerFlags.readPlan(); err != nil {
		return o, err
	}
	if err := m.mlflowNames.readPlan(&o, args); err != nil {
		return o, err
	}
	if err := m.mlflowFiles.readPlan(&o); err != nil {
		return o, err
	}
	if err := m.mlflowMedia.readPlan(&o); err != nil {
		return o, err
	}
	if err := choose("--long-params", m.longParams, []string{"refuse", "truncate", "artifact", "skip"},
		func(i int) { o.LongParams = plan.LongParams(i) }); err != nil {
		return o, err
	}
	return o, choose("--artifacts", m.artifacts, []string{"events", "none"}, func(i int) { o.Files = i == 0 })
}

// readOptions reads how it is sent.
func (m *mlflowFlags) readOptions(o *mlflow.Options) error {
	if m.jobs < 1 || m.jobs > 64 {
		return usagef("--jobs %d: want 1 to 64", m.jobs)
	}
	if m.serverVersion != "" && !m.dryRun {
		return usagef("--server-version is for --dry-run: a server is asked for its version")
	}
	if err := checkExperiment(m.experiment); err != nil {
		return err
	}
	o.Jobs, o.Restore, o.Version, o.Flags = m.jobs, m.restore, programVersion(), keptFlags(m.flags)
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if err := m.mlflowNames.readOptions(o); err != nil {
		return err
	}
	if err := choose("--verify", m.verify, []string{"full", "latest", "none"},
		func(i int) { o.Verify = mlflow.Verification(i) }); err != nil {
		return err
	}
	if err := choose("--deleted", m.deleted, []string{"keep", "restore", "again"},
		func(i int) { o.Deleted = mlflow.DeletedRuns(i) }); err != nil {
		return err
	}
	if err := choose("--duplicates", m.duplicates, []string{"skip", "create"},
		func(i int) { o.Duplicates = mlflow.Duplicates(i) }); err != nil {
		return err
	}
	return choose("--on-existing", m.onExisting, []string{"skip", "replace", "fail", "one"},
		func(i int) { o.Existing = mlflow.Existing(i) })
}

// readServer reads flags and environment on where to send to.
func (m *mlflowFlags) readServer(o *mlflow.Options) (rest.Config, error) {
	o.Experiment, o.ExperimentID = m.experiment, m.experimentID
	if o.Experiment != "" && o.ExperimentID != "" {
		return rest.Config{}, usagef("--experiment and --experiment-id name one experiment each: give one of them")
	}
	if o.Experiment == "" && o.ExperimentID == "" {
		o.Experiment = os.Getenv("MLFLOW_EXPERIMENT_NAME")
		if err := checkExperiment(o.Experiment); err != nil {
			return rest.Config{}, err
		}
	}
	if o.Experiment == "" && o.ExperimentID == "" {
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
