package trackio

import (
	"slices"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// Rules are those of Trackio: every name is taken, but for those that it writes
// itself, in rows and in configs.
func Rules() plan.Rules { return plan.Rules{Key: key, NewTally: rows.NewTally} }

// taken reports whether a word is one that Trackio keeps for itself in rows, or
// one of a config that it or this package writes.
func taken(name string) bool {
	return slices.Contains([]string{
		"project", "run", "timestamp", "step", "time", "metrics",
		"_Username", "_Created", "_Group", provenanceKey,
	}, name)
}

// key puts before such a word what Trackio does.
func key(name string) string {
	if taken(name) {
		return "__" + name
	}
	return name
}
