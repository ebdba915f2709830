package main

import (
	"context"
	"fmt"
	"path"

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

// experimentNames are those of the experiments that the runs which were found will
// go into: one, where its name is no template.
func experimentNames(name string, found *found, logdir string) (experiments []string) {
	names := experimentTemplate(name)
	if names == nil {
		return []string{name}
	}
	p := &plan.Plan{Options: plan.Options{LogdirName: logdir}}
	for _, run := range found.runs {
		p.Runs = append(p.Runs, &plan.Run{Path: path.Clean(run.Name)})
	}
	for _, part := range mlflow.Divide(p, names) {
		experiments = append(experiments, part.Experiment)
	}
	return experiments
}

// askAll finds out what a server takes. A colon that one of the experiments was
// begun without is in no key.
func askAll(ctx context.Context, client *rest.Client, experiments []string, id string) (all mlflow.Limits, err error) {
	for _, name := range experiments {
		l, err := mlflow.Ask(ctx, client, name, id)
		if err != nil {
			return l, err
		}
		l.NoColon = l.NoColon || all.NoColon
		all = l
	}
	return all, nil
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
