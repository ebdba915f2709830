package main

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tbexport/convert/mlflow"
	"tbexport/internal/match"
	"tbexport/internal/ui"
)

const mlflowEnvironment = `Environment, as MLflow's Python client has it: MLFLOW_TRACKING_URI,
MLFLOW_TRACKING_USERNAME and _PASSWORD (or ~/.mlflow/credentials),
MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_INSECURE_TLS,
MLFLOW_TRACKING_SERVER_CERT_PATH (or REQUESTS_CA_BUNDLE),
MLFLOW_TRACKING_CLIENT_CERT_PATH, MLFLOW_WORKSPACE, MLFLOW_EXPERIMENT_NAME and
_ID, MLFLOW_HTTP_REQUEST_TIMEOUT, MLFLOW_HTTP_REQUEST_MAX_RETRIES,
MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR and MLFLOW_HTTP_REQUEST_BACKOFF_JITTER.

`

const mlflowHelp = mlflowEnvironment + `Exit status:
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
times, hyperparameters as params, images into the image grid, texts, audio and
tables of histograms, start, end and status, and the event files as artifacts.
First a plan is made, for what the server takes; --dry-run stops there. What was
sent is read back and compared, and only then is a run complete.

Running it again skips what is complete, completes what is not, and sends what
is new in the logs; nothing is sent twice. What people do to the runs in MLflow
is theirs: names, descriptions, users, and added metrics, params, tags and
artifacts stay, and a run that somebody deleted stays deleted.

` + mlflowHelp,
		Example: `  tbexport mlflow logs --dry-run
  tbexport mlflow logs --tracking-uri http://127.0.0.1:5000 --experiment logs
  tbexport mlflow verify logs --experiment logs`,
		Args: wantLogdirs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), c, args, m.migrate) },
	}
	cmd.Flags().SortFlags = false
	m.addMigrate(cmd.Flags())
	m.addCommon(cmd.Flags())
	cmd.AddCommand(newMLflowVerify(c), newMLflowUndo(c))
	return cmd
}

// wantLogdirs wants one at least. What is none, but nearly a verb below this one, is
// that verb mistyped.
func wantLogdirs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which LOGDIR?")
	}
	if _, err := os.Stat(args[0]); err == nil || strings.ContainsAny(args[0], "/=") {
		return nil
	}
	var verbs []string
	for _, sub := range cmd.Commands() {
		verbs = append(verbs, sub.Name())
	}
	if nearest := match.Nearest(args[0], verbs, 1); len(nearest) > 0 {
		return usagef("there is no LOGDIR %q; did you mean %s %s?", args[0], cmd.CommandPath(), nearest[0])
	}
	return nil
}

// migrate shows the plan and carries it out.
func (m *mlflowFlags) migrate(ctx context.Context, c console, p *planned) error {
	if m.json {
		if err := writeIndented(ui.UntilClosed(c.json()), mlflow.NewPlanDocument(p.plan, tool())); err != nil {
			return err
		}
	}
	if !m.quiet {
		if err := m.sayPlan(c, p.plan, p.options.Limits); err != nil {
			return err
		}
		if line := p.experimentsLine(); line != "" {
			c.say("%s", line)
		}
		p.sayOtherNames(c)
	}
	if m.dryRun && m.report != "" {
		if err := writeMLflowReport(m.report, m.overwrite, m.trackingURIWords(), p,
			mlflow.PlannedResult(p.plan)); err != nil {
			return err
		}
	}
	if m.dryRun {
		return m.close(c, p, nil)
	}
	return m.serve(ctx, c, p, "migrate", mlflow.Migrate)
}
