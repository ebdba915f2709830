package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/dustin/go-humanize"

	"tbexport/convert/mlflow"
	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// mlflowWork is something that is done with a plan and a server.
type mlflowWork func(context.Context, *rest.Client, *plan.Plan, mlflow.Options) (*mlflow.Result, error)

// inExperiments does work for each experiment that runs of the plan go into.
func (p *planned) inExperiments(ctx context.Context, work mlflowWork) (*mlflow.Result, error) {
	o := p.options
	if experimentTemplate(o.Experiment) == nil {
		return work(ctx, p.client, p.plan, o)
	}
	all := new(mlflow.Result)
	for _, part := range p.parts() {
		o.Experiment = part.Experiment
		if l, ok := p.limits[part.Experiment]; ok {
			o.Limits = l
		}
		result, err := work(ctx, p.client, part.Plan, o)
		all.Add(result)
		if err != nil {
			return all, fmt.Errorf("experiment %q: %w", part.Experiment, err)
		}
	}
	return all, nil
}

// parts are those of the plan that go into an experiment each; nil: its name is no
// template.
func (p *planned) parts() []mlflow.Part {
	names := experimentTemplate(p.options.Experiment)
	if names == nil {
		return nil
	}
	parts := mlflow.Divide(p.plan, names)
	for i := range parts {
		parts[i].Experiment = cmp.Or(p.others[parts[i].Experiment], parts[i].Experiment)
	}
	return parts
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
	names := experimentNames(o.Experiment, p.found, logdirName(args))
	if p.others, err = mlflow.OtherNames(ctx, client, names); err != nil {
		return err
	}
	o.Limits, p.limits, err = mlflow.AskEach(ctx, client, inPlaceOf(names, p.others))
	return err
}

// inPlaceOf are names, or what is used in their place.
func inPlaceOf(names []string, others map[string]string) []string {
	used := make([]string, len(names))
	for i, name := range names {
		used[i] = cmp.Or(others[name], name)
	}
	return used
}

// sayOtherNames says which experiments are called otherwise than was asked for.
func (p *planned) sayOtherNames(c console) {
	for i, name := range slices.Sorted(maps.Keys(p.others)) {
		if i == mostNames {
			c.say("and %d more experiments have other names", len(p.others)-i)
			break
		}
		c.say("the experiment %q becomes %q, as the server's database takes its name for another's", name,
			p.others[name])
	}
}

// nameByExperiment gives the runs of experiments that were begun without colons in
// keys the keys that are in these.
func (p *planned) nameByExperiment() {
	without := make(map[*plan.Run]bool)
	var rules plan.Rules
	for _, part := range p.parts() {
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
func (p *planned) experimentsLine() string {
	parts := p.parts()
	if parts == nil {
		return ""
	}
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
