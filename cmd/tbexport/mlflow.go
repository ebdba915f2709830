package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/output"
	"tbexport/eventfile"
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

const mlflowHelp = `Environment, as MLflow's Python client has it: MLFLOW_TRACKING_URI,
MLFLOW_TRACKING_USERNAME and _PASSWORD (or ~/.mlflow/credentials),
MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_INSECURE_TLS,
MLFLOW_TRACKING_SERVER_CERT_PATH, MLFLOW_TRACKING_CLIENT_CERT_PATH,
MLFLOW_WORKSPACE, MLFLOW_EXPERIMENT_NAME and _ID, MLFLOW_HTTP_REQUEST_TIMEOUT,
MLFLOW_HTTP_REQUEST_MAX_RETRIES,
MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR and _JITTER.

Exit status:
  0    done: everything arrived
  1    failed; running it again goes on where it stopped
  2    wrong usage
  3    done, but something could not be read, or a run did not arrive as it is
  130  interrupted; running it again goes on where it stopped`

func newMLflow(c console) *cobra.Command {
	var m mlflowFlags
	cmd := &cobra.Command{
		Use:     "mlflow LOGDIR...",
		GroupID: groupMigrate,
		Short:   "Migrate runs into an MLflow server",
		Long: `Migrate every run into an MLflow tracking server: metrics with their steps and
times, hyperparameters as params, start, end and status, and the event files as
artifacts. First a plan is made, without the server; --dry-run stops there. What
was sent is read back and compared, and only then is a run complete.

Running it again skips what is complete, completes what is not, and sends what
is new in the logs; nothing is sent twice.

` + mlflowHelp,
		Example: `  tbexport mlflow logs --dry-run
  tbexport mlflow logs --tracking-uri http://127.0.0.1:5000 --experiment logs
  tbexport mlflow verify logs --tracking-uri http://127.0.0.1:5000 --experiment logs`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), c, args, m.migrate) },
	}
	cmd.Flags().SortFlags = false
	m.addMigrate(cmd.Flags())
	m.addCommon(cmd.Flags())
	cmd.AddCommand(newMLflowVerify(c))
	return cmd
}

func newMLflowVerify(c console) *cobra.Command {
	m := mlflowFlags{onExisting: "skip"}
	cmd := &cobra.Command{
		Use:   "verify LOGDIR...",
		Short: "Compare an experiment with the logs it came from",
		Long: `Compare each run of a logdir with what "tbexport mlflow" made of it, given with
the same flags: params, times, status, artifacts and every point of every
metric. Nothing is changed on the server.

` + mlflowHelp,
		Example: `  tbexport mlflow verify logs --tracking-uri http://127.0.0.1:5000 --experiment sample
  tbexport mlflow verify logs --verify latest --report verified.json`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), c, args, m.compare) },
	}
	cmd.Flags().SortFlags = false
	m.addCommon(cmd.Flags())
	cmd.Flags().StringVar(&m.verify, "verify", "full", "compare: full, or latest (last values only)")
	return cmd
}

func wantLogdirs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which LOGDIR?")
	}
	return nil
}

// planned is a plan with what is needed to carry it out.
type planned struct {
	plan    *mlflow.Plan
	report  *convert.Report
	found   *found
	client  *mlflow.Client // nil: nothing is sent
	options mlflow.Options
	begin   time.Time
}

// run makes the plan, and hands it to act. Whether the server answers shows
// before the logs are read, which may take long.
func (m *mlflowFlags) run(ctx context.Context, c console, args []string, act func(context.Context, console, *planned) error) error {
	p := &planned{begin: time.Now()}
	planOptions, err := m.readPlan()
	if err == nil {
		err = m.readOptions(&p.options)
	}
	if err == nil {
		err = m.checkReport()
	}
	if err == nil && !m.dryRun {
		p.client, err = m.newClient(c, &p.options)
	}
	if err != nil {
		return err
	}
	if p.client != nil {
		defer p.client.Close()
	}
	err = m.makePlan(ctx, p, c, args, planOptions)
	if err != nil && ctx.Err() != nil {
		c.say("interrupted, nothing was sent")
		return statusError(statusInterrupted)
	}
	if err != nil {
		return err
	}
	return act(ctx, c, p)
}

// checkReport finds a report that cannot be written before anything is done.
func (m *mlflowFlags) checkReport() error {
	if m.report == "" {
		return nil
	}
	if m.dryRun {
		return usagef("--report tells what became of a migration; with --dry-run, --json writes the plan")
	}
	return output.Check(m.report, m.overwrite)
}

// newClient makes a client of the server that flags and environment name.
func (m *mlflowFlags) newClient(c console, o *mlflow.Options) (*mlflow.Client, error) {
	config, err := m.readServer(o)
	if err != nil {
		return nil, err
	}
	client, err := mlflow.NewClient(config)
	if err != nil {
		return nil, usageError{err}
	}
	retries := retryWords{c: c, quiet: m.quiet}
	client.Retrying = retries.say
	return client, nil
}

// makePlan reads what is selected of the logs.
func (m *mlflowFlags) makePlan(ctx context.Context, p *planned, c console, args []string, o mlflow.PlanOptions) error {
	wanted, err := m.selection.read(&p.options.Read)
	if err != nil {
		return err
	}
	if n := p.options.Read.Select.Sample; m.maxPoints > 0 && (n == 0 || m.maxPoints < n) {
		p.options.Read.Select.Sample = m.maxPoints
	}
	p.options.Time = p.begin
	p.options.Logdir = strings.ToValidUTF8(strings.Join(args, " "), "\uFFFD")
	if p.found, err = findRuns(args, wanted); err != nil {
		return err
	}
	if p.client != nil {
		if err := p.client.Ping(ctx); err != nil && ctx.Err() == nil {
			// Not to be taken for a pipe of ours that broke.
			c.say("error: %v", err)
			return statusError(statusFailed)
		}
	}
	p.plan, p.report, err = m.plan(ctx, c, p, o)
	return err
}

// plan reads the logs.
func (m *mlflowFlags) plan(ctx context.Context, c console, p *planned, o mlflow.PlanOptions) (*mlflow.Plan, *convert.Report, error) {
	planner := mlflow.NewPlanner(p.found.runs, o)
	read := p.options.Read
	bar := newProgress(c, m.quiet, p.found.bytes(), 1)
	read.Progress = bar.Add
	read.MaxPoints = eventfile.DefaultMaxPoints
	report, err := convert.Export(ctx, p.found.runs, planner, convert.Options{Read: read})
	bar.Stop()
	return planner.Plan(), report, err
}

func (m *mlflowFlags) readPlan() (o mlflow.PlanOptions, err error) {
	o.Merge, o.Nest, o.Fold = m.merge, m.nest, !m.noFold
	o.Rules.StripPrefixes = m.stripPrefix
	for _, text := range m.renames {
		rename, err := mlflow.ParseRename(text)
		if err != nil {
			return o, usagef("--rename %v", err)
		}
		o.Rules.Renames = append(o.Rules.Renames, rename)
	}
	for _, choice := range []struct {
		flag, value string
		words       []string
		set         func(int)
	}{
		{"--long-params", m.longParams, []string{"refuse", "truncate", "artifact", "skip"}, func(i int) { o.LongParams = mlflow.LongParams(i) }},
		{"--nonfinite", m.nonFinite, []string{"keep", "skip", "fail"}, func(i int) { o.NonFinite = mlflow.NonFinite(i) }},
		{"--artifacts", m.artifacts, []string{"events", "none"}, func(i int) { o.Artifacts = i == 0 }},
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

func (m *mlflowFlags) readOptions(o *mlflow.Options) error {
	if m.jobs < 1 || m.jobs > 64 {
		return usagef("--jobs %d: want 1 to 64", m.jobs)
	}
	if m.maxPoints < 0 {
		return usagef("--max-points-per-tag %d: not a number of points", m.maxPoints)
	}
	o.Jobs, o.Restore, o.Version = m.jobs, m.restore, programVersion()
	o.Read.TempDir, o.Read.Strict = m.tempDir, m.strict
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if err := choose("--verify", m.verify, []string{"full", "latest", "none"}, func(i int) { o.Verify = mlflow.Verification(i) }); err != nil {
		return err
	}
	return choose("--on-existing", m.onExisting, []string{"skip", "replace", "fail"}, func(i int) { o.Existing = mlflow.Existing(i) })
}

// readServer reads flags and environment on where to send to.
func (m *mlflowFlags) readServer(o *mlflow.Options) (mlflow.Config, error) {
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
	config, err := mlflow.FromEnvironment(m.trackingURI, os.Getenv, home)
	if err != nil {
		return config, usageError{err}
	}
	if o.Experiment == "" && o.ExperimentID == "" {
		return config, usageError{fmt.Errorf("which experiment? Give --experiment NAME, or set MLFLOW_EXPERIMENT_NAME")}
	}
	return config, nil
}
