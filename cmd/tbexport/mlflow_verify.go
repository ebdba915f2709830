package main

import (
	"context"

	"github.com/spf13/cobra"

	"tbexport/convert/mlflow"
)

func newMLflowVerify(c console) *cobra.Command {
	m := mlflowFlags{learns: true, onExisting: "skip", deleted: "keep", duplicates: "skip"}
	cmd := &cobra.Command{
		Use:   "verify LOGDIR...",
		Short: "Compare an experiment with the logs it came from",
		Long: `Compare each run of a logdir with what "tbexport mlflow" made of it: params,
times, status, artifacts and every point of every metric. The flags that the
migration was given are kept on its runs, and need not be given again. What
people added or changed in MLflow is listed, and no difference; nor is a param
that changed in the logs since, as MLflow does not change params. Nothing is
changed on the server.

` + mlflowEnvironment + verifyExit,
		Example: `  tbexport mlflow verify logs --experiment sample
  tbexport mlflow verify logs --verify latest --report verified.json`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), c, args, m.compare) },
	}
	cmd.Flags().SortFlags = false
	m.addCommon(cmd.Flags())
	cmd.Flags().StringVar(&m.verify, "verify", "full", "compare: full, or latest (last values only)")
	return cmd
}

// compare reads everything back.
func (m *mlflowFlags) compare(ctx context.Context, c console, p *planned) error {
	return m.serve(ctx, c, p, "verify", mlflow.Verify)
}
