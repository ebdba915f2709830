package mlflow

import (
	"slices"
	"strings"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// changedParam tells of a param that the server has with another value.
func changedParam(p plan.Param, onServer string) Difference {
	return Difference{What: "param", Key: p.Key, Expected: rest.OneLine(p.Value), Got: rest.OneLine(onServer)}
}

// changedKeys is the value of the tag tbexport.params_changed of a run that is complete: the keys of its params that
// were others in the logs when it was completed, one a line; anyKey: too many for a tag.
func changedKeys(params []Difference) string {
	keys := make([]string, len(params))
	for i, p := range params {
		keys[i] = p.Key
	}
	text := strings.Join(keys, "\n")
	if plan.Cut(text, longestTag) != text {
		return anyKey
	}
	return text
}

// anyKey is no key of a param.
const anyKey = "*"

// checkParams notes which params the server does not have as they are in the logs. One that changed in the logs after
// the server had it is no difference.
func checkParams(r *plan.Run, run *serverRun, result *RunResult, c *comparison) {
	known := strings.Split(run.tag(tagParams), "\n")
	for _, p := range r.Params {
		got := find(run.Data.Params, p.Key)
		switch {
		case p.Omitted || got == p.Value && hasKey(run.Data.Params, p.Key):
		case slices.ContainsFunc(result.ChangedParams, func(d Difference) bool { return d.Key == p.Key }):
		case result.Outcome == Verified && hasKey(run.Data.Params, p.Key) && mayHaveChanged(r, run, p.Key, known):
			result.ChangedParams = append(result.ChangedParams, changedParam(p, got))
		default:
			c.text("param", p.Key, p.Value, got)
		}
	}
}

// mayHaveChanged says that a param was another in the logs when the server got it: the run was completed so, or the
// logs are others than they were then.
func mayHaveChanged(r *plan.Run, run *serverRun, key string, known []string) bool {
	return slices.Contains(known, key) || slices.Contains(known, anyKey) ||
		run.tag(tagDigest) != "" && run.tag(tagDigest) != r.Digest
}
