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

// KeptFlags gives the Options.Flags that the runs of an experiment were made
// with, the most frequent first: of those from the logdir, where there are any.
// It changes nothing.
func KeptFlags(ctx context.Context, client *rest.Client, experiment, id, logdir string) ([]string, error) {
	c := &server{client}
	e, err := c.findExperiment(ctx, experiment, id)
	if e == nil || err != nil {
		return nil, err
	}
	runs, err := c.findRuns(ctx, e.ID, "")
	if err != nil {
		return nil, err
	}
	from := func(run *serverRun) bool { return run.tag(tagLogdir) == logdir }
	here := slices.ContainsFunc(runs, from)
	counts := make(map[string]int)
	for _, run := range runs {
		if hasKey(run.Data.Tags, tagFlags) && !run.deleted() && (!here || from(run)) {
			counts[run.tag(tagFlags)]++
		}
	}
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	}), nil
}
