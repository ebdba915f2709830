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

// inExperiments does work for each experiment that runs of the plan go into. limits
// are theirs, where there is more than one.
func inExperiments(work mlflowWork, limits map[string]mlflow.Limits) mlflowWork {
	return func(ctx context.Context, client *rest.Client, p *plan.Plan, o mlflow.Options) (*mlflow.Result, error) {
		names := experimentTemplate(o.Experiment)
		if names == nil {
			return work(ctx, client, p, o)
		}
		all := new(mlflow.Result)
		for _, part := range mlflow.Divide(p, names) {
			o.Experiment = part.Experiment
			if l, ok := limits[part.Experiment]; ok {
				o.Limits = l
			}
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

// askLimits finds out what a server takes, and what of the experiments that runs
// go into; each is nil where there is one experiment.
func (m *mlflowFlags) askLimits(ctx context.Context, client *rest.Client, p *planned, args []string) (err error) {
	o := &p.options
	if experimentTemplate(o.Experiment) == nil {
		o.Limits, err = mlflow.Ask(ctx, client, o.Experiment, o.ExperimentID)
		return err
	}
	o.Limits, p.limits, err = mlflow.AskEach(ctx, client, experimentNames(o.Experiment, p.found, logdirName(args)))
	return err
}

// nameByExperiment gives the runs of experiments that were begun without colons in
// keys the keys that are in these.
func (p *planned) nameByExperiment() {
	names := experimentTemplate(p.options.Experiment)
	if names == nil {
		return
	}
	without := make(map[*plan.Run]bool)
	var rules plan.Rules
	for _, part := range mlflow.Divide(p.plan, names) {
		if l := p.limits[part.Experiment]; l.NoColon && !p.options.Limits.NoColon {
			rules = l.Rules()
			for _, r := range part.Plan.Runs {
				without[r] = true
			}
		}
	}
	if len(without) > 0 {
		p.plan.NameBy(rules, func(r *plan.Run) bool { return without[r] })
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
