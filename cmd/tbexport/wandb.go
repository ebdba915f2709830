package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
	"tbexport/convert/wandb"
)

// trackerExit lists the exit statuses of the verbs that write a tracker's files.
var trackerExit = exitHelp("done: everything is there", "failed; running it again goes on where it stopped",
	"done, but something could not be read, or a run is not there as it is",
	"interrupted; running it again goes on where it stopped")

// verifyExit lists those of the verbs that compare a tracker with the logs.
var verifyExit = exitHelp("compared: everything is there as in the logs", "failed: not everything could be compared",
	"compared, but something could not be read, or a run is not there as it is", "interrupted")

// wandbFlags are those of "tbexport wandb" and "tbexport wandb verify".
type wandbFlags struct {
	trackerFlags
	output                 string
	project, entity, group string
	media                  mediaFlag
}

func (w *wandbFlags) add(f *pflag.FlagSet) {
	f.StringVarP(&w.output, "output", "o", "", "`DIR` of the runs' directories, as ./wandb")
	f.StringVar(&w.project, "project", "", "`NAME` of the project (default: that of who syncs)")
	f.StringVar(&w.entity, "entity", "", "`NAME` of the user or team (default: that of who syncs)")
	f.StringVar(&w.group, "group", "",
		"`NAME` of the runs' group (default: none, with --nest the run of their directory)")
	w.media.add(f)
	w.addNames(f)
	w.addPoints(f)
	w.addReading(f)
}

func newWandb(c console) *cobra.Command {
	var w wandbFlags
	cmd := &cobra.Command{
		Use:     "wandb LOGDIR... -o DIR",
		GroupID: groupMigrate,
		Short:   "Write runs as W&B's offline runs, for wandb sync",
		Long: `Write every run as a directory of W&B's offline mode, which "wandb sync"
uploads: hyperparameters as config, a row of history for each step with its
time, the summary, how the run ended. NaN and infinities are kept. Images, audio
clips and histograms are media of their steps; of a histogram W&B takes at most
512 buckets. Texts and what else logs hold are not written: "tbexport extract"
takes them. Nothing is sent anywhere.

W&B wants steps that grow. Where they repeat or go back, rows are counted and
charts are over global_step, which is TensorBoard's step.

A run's id is always the same: running it again writes what is new or has grown,
and syncing again makes no second run. Give the same --project each time: with
another, or none, all runs are written again for that. --dry-run reads
everything and says rows and bytes.

` + trackerExit,
		Example: `  tbexport wandb logs -o wandb --project mine
  tbexport wandb verify logs -o wandb --project mine
  wandb sync wandb/offline-run-*`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return w.run(cmd.Context(), c, args, wandb.Write) },
	}
	cmd.Flags().SortFlags = false
	w.addPlan(cmd.Flags(), "show the plan, and write nothing")
	w.add(cmd.Flags())
	cmd.AddCommand(newWandbVerify(c))
	return cmd
}

func newWandbVerify(c console) *cobra.Command {
	var w wandbFlags
	cmd := &cobra.Command{
		Use:   "verify LOGDIR... -o DIR",
		Short: "Compare offline runs with the logs they came from",
		Long: `Read what "tbexport wandb" wrote, given with the same flags, and compare every
point of every run with the logs: names, config, steps, values, the times of
rows, and media; and project, entity and group with the flags. Nothing is
changed.

` + verifyExit,
		Example: `  tbexport wandb verify logs -o wandb --project mine`,
		Args:    wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return w.run(cmd.Context(), c, args, nil)
		},
	}
	cmd.Flags().SortFlags = false
	w.add(cmd.Flags())
	return cmd
}

// run writes the runs by write; nil compares them.
func (w *wandbFlags) run(ctx context.Context, c console, args []string,
	write func(context.Context, *plan.Plan, wandb.Options) (*plan.Result, error)) error {
	if w.output == "" && !w.dryRun {
		return usagef("where to? Give -o DIR")
	}
	if err := wandb.CheckProject(w.project); err != nil {
		return usageError{err}
	}
	forms, err := w.media.read(rows.MediaForms())
	if err != nil {
		return err
	}
	p, err := w.makePlan(ctx, c, args, wandb.Rules(), forms...)
	if err != nil {
		return err
	}
	o := wandb.Options{
		Dir: w.output, Project: w.project, Entity: w.entity, Group: w.group,
		Logdir: p.logdir, Version: programVersion(), Read: p.read,
	}
	o.Waiting = w.sayWaiting(c, w.output)
	notes := wandbNotes(p.plan)
	if w.output != "" && write != nil {
		notes = append(notes, movesNotes(p.plan, o)...)
	}
	verb := &trackerVerb{
		destination: w.output, others: "not in the runs", notes: notes, verify: write == nil,
	}
	verb.measure = func(ctx context.Context, p *plan.Plan) (*plan.Result, error) { return wandb.Measure(ctx, p, o) }
	if verb.verify {
		write = wandb.Verify
	}
	verb.work = func(ctx context.Context, p *plan.Plan, progress func(int64)) (*plan.Result, error) {
		o.Progress = progress
		return write(ctx, p, o)
	}
	return w.carry(ctx, c, p, verb)
}

// wandbNotes are lines about what W&B cannot have as it is.
func wandbNotes(p *plan.Plan) []string {
	n := int64(0)
	for _, r := range p.Runs {
		if len(r.Sources) > 0 && wandb.Counted(r) {
			n++
		}
	}
	var l noteLines
	const how = ": W&B's steps count rows, and charts are over global_step"
	l.add(n, "1 run has steps that repeat, go back or are negative"+how,
		"%s runs have steps that repeat, go back or are negative"+how)
	return l
}

// movesNotes are lines about runs that leave the project that they were written for. What cannot be read of them is for
// writing to say.
func movesNotes(p *plan.Plan, o wandb.Options) []string {
	moves, err := wandb.Moves(p, o)
	if err != nil {
		return nil
	}
	to := wandb.Place{Entity: o.Entity, Project: o.Project}
	var l []string
	for _, from := range slices.SortedFunc(maps.Keys(moves), func(a, b wandb.Place) int {
		return strings.Compare(a.String(), b.String())
	}) {
		l = append(l, fmt.Sprintf("%s from project %s to %s (--project, --entity), to be synced again",
			plural(moves[from], "1 run moves", "%s runs move"), from, to))
	}
	return l
}
