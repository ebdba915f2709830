package main

import (
	"context"
	"os"
	"os/user"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
	"tbexport/convert/trackio"
)

// trackioFlags are those of "tbexport trackio" and "tbexport trackio verify".
type trackioFlags struct {
	trackerFlags
	project, dir, group string
	media               mediaFlag
}

func (t *trackioFlags) add(f *pflag.FlagSet) {
	f.StringVar(&t.project, "project", "", "`NAME` of the project: letters, digits, - and _")
	f.StringVar(&t.dir, "trackio-dir", "", "`DIR` of the projects (default: $TRACKIO_DIR, else Trackio's own)")
	f.StringVar(&t.group, "group", "",
		"`NAME` of the runs' group (default: none, with --nest the run of their directory)")
	t.media.add(f)
	t.addNames(f)
	t.addPoints(f)
	t.addReading(f)
}

func newTrackio(c console) *cobra.Command {
	var t trackioFlags
	cmd := &cobra.Command{
		Use:     "trackio LOGDIR... --project NAME",
		GroupID: groupMigrate,
		Short:   "Write runs into a project of Trackio",
		Long: `Write every run into the SQLite file of a Trackio project, under Trackio's lock:
a row for each step with its time, hyperparameters as config. NaN and infinities
are kept. Images, audio clips and histograms are media of their steps; of a
histogram Trackio takes at most 512 buckets. Texts and what else logs hold are
not written: "tbexport extract" takes them. Trackio need not be installed.

A run's id is always the same: running it again writes what is new in the logs,
and mends what is other. Names that people gave runs in Trackio and what they
logged there stay. A run that was deleted there is written again, unless --run
'!NAME' leaves it out. --dry-run reads everything and says rows and bytes.

Environment: TRACKIO_DIR, HF_HOME.

` + trackerExit,
		Example: `  tbexport trackio logs --project mine
  tbexport trackio verify logs --project mine
  trackio show --project mine`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return t.run(cmd.Context(), c, args, false) },
	}
	cmd.Flags().SortFlags = false
	t.addPlan(cmd.Flags(), "show the plan, and write nothing")
	t.add(cmd.Flags())
	cmd.AddCommand(newTrackioVerify(c))
	return cmd
}

func newTrackioVerify(c console) *cobra.Command {
	var t trackioFlags
	cmd := &cobra.Command{
		Use:   "verify LOGDIR... --project NAME",
		Short: "Compare a project of Trackio with the logs it came from",
		Long: `Read what "tbexport trackio" wrote, given with the same flags, and compare every
point of every run with the logs: names, config, steps, values, the times of
rows, and media. What people added in Trackio, and the names they gave, is
listed, and no difference. Nothing is changed.

` + verifyExit,
		Example: `  tbexport trackio verify logs --project mine`,
		Args:    wantLogdirs,
		RunE:    func(cmd *cobra.Command, args []string) error { return t.run(cmd.Context(), c, args, true) },
	}
	cmd.Flags().SortFlags = false
	t.add(cmd.Flags())
	return cmd
}

// run writes the runs, or compares them.
func (t *trackioFlags) run(ctx context.Context, c console, args []string, verify bool) error {
	if t.project == "" && !t.dryRun {
		return usagef("which project? Give --project NAME")
	}
	if err := trackio.CheckProject(t.project); err != nil && t.project != "" {
		return usageError{err}
	}
	if t.dir == "" && trackio.Dir(os.Getenv, homeDirectory()) == "" {
		return usagef("which directory of projects? Give --trackio-dir DIR, or set TRACKIO_DIR")
	}
	forms, err := t.media.read(rows.MediaForms())
	if err != nil {
		return err
	}
	if !verify {
		t.hold = 1 << 20
	}
	p, err := t.makePlan(ctx, c, args, trackio.Rules(), forms...)
	if err != nil {
		return err
	}
	o := t.options(p)
	o.Waiting = t.sayWaiting(c, o.Path())
	verb := &trackerVerb{tracker: "Trackio", others: "not in the project", verify: verify}
	if t.project != "" {
		verb.destination = o.Path()
	}
	verb.measure = func(ctx context.Context, p *plan.Plan) (*plan.Result, error) { return trackio.Measure(ctx, p, o) }
	verb.work = func(ctx context.Context, p *plan.Plan, progress func(int64)) (*plan.Result, error) {
		o.Progress = progress
		if verify {
			return trackio.Verify(ctx, p, o)
		}
		return trackio.Write(ctx, p, o)
	}
	return t.carry(ctx, c, p, verb)
}

func (t *trackioFlags) options(p *trackerPlan) trackio.Options {
	o := trackio.Options{Dir: t.dir, Project: t.project, Group: t.group, Logdir: p.logdir, Version: programVersion(),
		Read: p.read}
	if o.Dir == "" {
		o.Dir = trackio.Dir(os.Getenv, homeDirectory())
	}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	return o
}

// homeDirectory is the user's, where the environment does not say it the one that the system knows, as Python has it;
// empty: nobody knows.
func homeDirectory() string {
	home, err := os.UserHomeDir()
	if err != nil {
		if u, err := user.Current(); err == nil {
			return u.HomeDir
		}
	}
	return home
}
