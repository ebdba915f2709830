package mlflow

import (
	"cmp"
	"slices"
	"strings"

	"tbexport/convert/plan"
)

// Part is what of a plan goes into one experiment.
type Part struct {
	Experiment string
	Plan       *plan.Plan
}

// longestExperiment is the most characters that every backend keeps of an
// experiment's name.
const longestExperiment = 250

// Divide says which runs of a plan go into which experiment, by a template of the
// experiments' names. Parts are in the order of their names.
func Divide(p *plan.Plan, names *plan.Template) []Part {
	byName := make(map[string]map[*plan.Run]bool)
	for _, r := range p.Runs {
		name := strings.TrimSpace(strings.ToValidUTF8(names.Name(p, r), "\uFFFD"))
		if name = cmp.Or(name, "logdir"); plan.Cut(name, longestExperiment) != name {
			name = plan.Marked(name, name, longestExperiment)
		}
		if byName[name] == nil {
			byName[name] = make(map[*plan.Run]bool)
		}
		byName[name][r] = true
	}
	var parts []Part
	for name, runs := range byName {
		parts = append(parts, Part{name, p.Subset(func(r *plan.Run) bool { return runs[r] })})
	}
	slices.SortFunc(parts, func(a, b Part) int { return strings.Compare(a.Experiment, b.Experiment) })
	return parts
}

// Add takes in the result of another part of the plan.
func (r *Result) Add(part *Result) {
	for _, run := range part.Runs {
		run.Experiment = part.Experiment
	}
	if r.Experiment.ID == "" {
		r.Experiment = part.Experiment
	} else if part.Experiment.ID != "" {
		r.More = append(r.More, part.Experiment)
	}
	r.Runs = append(r.Runs, part.Runs...)
	r.Calls += part.Calls
}
