package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

func newMLflowUndo(c console) *cobra.Command {
	m := mlflowFlags{learns: true, onExisting: "skip", deleted: "keep", duplicates: "skip", verify: "full"}
	cmd := &cobra.Command{
		Use:   "undo LOGDIR...",
		Short: "Delete what a migration made and nobody touched since",
		Long: `List the runs that "tbexport mlflow" made of a logdir; with --yes, delete them.
The flags that it was given need not be given again. A run that somebody worked
on in MLflow is kept: one with another name, description, status or end, or with
metrics, points, params, tags or artifacts that no migration made. MLflow keeps
deleted runs until "mlflow gc".

` + mlflowHelp,
		Example: `  tbexport mlflow undo logs --experiment sample
  tbexport mlflow undo logs --experiment sample --yes`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), c, args, m.undo) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&m.yes, "yes", false, "delete them; else they are only listed")
	m.addCommon(cmd.Flags())
	return cmd
}

// undo lists the runs on standard output, with what becomes of them.
func (m *mlflowFlags) undo(ctx context.Context, c console, p *planned) error {
	result, err := p.inExperiments(ctx,
		func(ctx context.Context, client *rest.Client, p *plan.Plan, o mlflow.Options) (*mlflow.Result, error) {
			return mlflow.Undo(ctx, client, p, o, m.yes)
		})
	counts, failed := make(map[mlflow.Outcome]int64), false
	for _, run := range result.Runs {
		counts[run.Outcome]++
		switch {
		case run.Err != nil:
			c.say("run %s: %v", run.Plan.Path, advised(run.Err))
			failed = true
		case run.Outcome == mlflow.Kept:
			fmt.Fprintf(c.text(), "%s  %s  kept: %s\n", run.RunID, run.Plan.Path, run.Theirs[0].Added())
		case run.Outcome != mlflow.Missing:
			fmt.Fprintf(c.text(), "%s  %s  %s\n", run.RunID, run.Plan.Path, run.Outcome)
		}
	}
	if m.report != "" {
		if e := writeMLflowReport(m.report, m.overwrite, p.client.Server(), p, result); e != nil && err == nil {
			return e
		}
	}
	if err != nil {
		return stopped(ctx, c, p, result, err)
	}
	if !m.quiet {
		text := fmt.Sprintf("%s removed", ui.Counted(counts[mlflow.Removed], "run"))
		if !m.yes {
			text = fmt.Sprintf("%s to be deleted, with --yes", ui.Counted(counts[mlflow.Removable], "run"))
		}
		c.say("%s; %s kept, %s not there; %s, %.1f s", text, humanize.Comma(counts[mlflow.Kept]),
			humanize.Comma(counts[mlflow.Missing]), (&closingMLflow{p.client.Server(), "undo", result}).place(),
			time.Since(p.begin).Seconds())
	}
	if failed {
		return statusError(statusFailed)
	}
	return nil
}
