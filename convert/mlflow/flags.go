package mlflow

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"tbexport/convert/mlflow/rest"
)

// tagFlags keeps how a run was asked for, in the words of the program that asked.
const tagFlags = "tbexport.flags"

// KeptFlags gives the Options.Flags of the last migrations that looked at the runs
// of experiments, the most frequent first, empty where there were none: of those
// from the logdir, where there are any. The id is for an experiment without a
// name. It changes nothing.
func KeptFlags(ctx context.Context, client *rest.Client, experiments []string, id, logdir string) ([]string, error) {
	c := &server{client}
	var runs []*serverRun
	for _, name := range experiments {
		e, err := c.findExperiment(ctx, name, id)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		found, err := c.findRuns(ctx, e.ID, "")
		if err != nil {
			return nil, err
		}
		runs = append(runs, found...)
	}
	from := func(run *serverRun) bool { return run.tag(tagLogdir) == logdir }
	here := slices.ContainsFunc(runs, from)
	counts := make(map[string]int)
	for _, run := range runs {
		if !run.deleted() && (!here || from(run)) {
			counts[run.tag(tagFlags)]++
		}
	}
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	}), nil
}
