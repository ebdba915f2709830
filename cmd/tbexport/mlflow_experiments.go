package main

import (
	"context"
	"fmt"

	"github.com/dustin/go-humanize"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// mlflowWork is something that is done with a plan and a server.
type mlflowWork func(context.Context, *rest.Client, *plan.Plan, mlflow.Options) (*mlflow.Result, error)

// inExperiments does work for each experiment that runs of the plan go into.
func inExperiments(work mlflowWork) mlflowWork {
	return func(ctx context.Context, client *rest.Client, p *plan.Plan, o mlflow.Options) (*mlflow.Result, error) {
		names := experimentTemplate(o.Experiment)
		if names == nil {
			return work(ctx, client, p, o)
		}
		all := new(mlflow.Result)
		for _, part := range mlflow.Divide(p, names) {
			o.Experiment = part.Experiment
			result, err := work(ctx, client, part.Plan, o)
			all.Add(result)
			if err != nil {
				return all, fmt.Errorf("experiment %q: %w", part.Experiment, err)
			}
		}
		return all, nil
	}
}

// experimentsLine says into how many experiments runs will go; empty: into one
// that was named.
func experimentsLine(p *plan.Plan, experiment string) string {
	names := experimentTemplate(experiment)
	if names == nil {
		return ""
	}
	parts := mlflow.Divide(p, names)
	text := plural(int64(len(parts)), "1 experiment", "%s experiments")
	for i, part := range parts {
		if i == mostNames {
			return text + ", ..."
		}
		sign := ", "
		if i == 0 {
			sign = ": "
		}
		text += fmt.Sprintf("%s%q (%s)", sign, part.Experiment, plural(int64(len(part.Plan.Runs)), "1 run", "%s runs"))
	}
	return text
}

// place says where the runs are.
func (e *closingMLflow) place() string {
	if n := len(e.result.More); n > 0 {
		return fmt.Sprintf("%s experiments at %s", humanize.Comma(int64(n+1)), e.server)
	}
	return fmt.Sprintf("experiment %q (id %s) at %s", e.result.Experiment.Name, e.result.Experiment.ID, e.server)
}
