package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"tbexport/eventfile"
	"tbexport/internal/ui"
)

// plural words a number of things; many has %s for the number.
func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, humanize.Comma(n))
}

// noteLines are lines about numbers of things.
type noteLines []string

// add adds a line about one thing, or about many; none about none.
func (l *noteLines) add(n int64, one, many string) {
	if n > 0 {
		*l = append(*l, plural(n, one, many))
	}
}

// are adds a line that says the same of one thing as of many: "1 value is NaN",
// "2 values are NaN".
func (l *noteLines) are(n int64, what, rest string) {
	switch {
	case n == 1:
		*l = append(*l, ui.Counted(n, what)+" is "+rest)
	case n > 1:
		*l = append(*l, ui.Counted(n, what)+" are "+rest)
	}
}

// counted lists kinds with how many values there are of each, the most frequent
// first: "9 histograms, 2 texts".
func counted(kinds map[string]int64) string {
	kinds = plurals(kinds)
	names := slices.Collect(maps.Keys(kinds))
	slices.SortFunc(names, func(a, b string) int {
		if kinds[a] != kinds[b] {
			return int(kinds[b] - kinds[a])
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = countedKind(kinds[name], name)
	}
	return strings.Join(names, ", ")
}

// plurals counts the kinds by their names.
func plurals(kinds map[string]int64) map[string]int64 {
	all := make(map[string]int64, len(kinds))
	for kind, n := range kinds {
		all[kindName(kind)] += n
	}
	return all
}

// kindName is the name of a kind whose plugin is called otherwise: torch has a
// plugin "tensor" for what is of no other.
func kindName(kind string) string {
	switch eventfile.Kind(kind) {
	case "tensor":
		return string(eventfile.Tensors)
	case eventfile.Meshes:
		return "meshes"
	case eventfile.Layout:
		return "layouts"
	}
	return kind
}

// countedKind is a number of values of a kind, by its name. The kinds are counted as
// the rows of their tables are; other plugins are called what they are.
func countedKind(n int64, name string) string {
	switch name {
	case "text":
		return ui.Counted(n, name)
	case "audio":
		return ui.Counted(n, "clip")
	case "meshes":
		return ui.Counted(n, "mesh")
	case "pr_curves":
		return ui.Counted(n, "PR curve")
	case "log_messages":
		return ui.Counted(n, "log message")
	case "scalars":
		return plural(n, "1 scalar of several numbers", "%s scalars of several numbers")
	case "images", "histograms", "graphs", "tensors", "layouts", "points", "events":
		return ui.Counted(n, strings.TrimSuffix(name, "s"))
	}
	return humanize.Comma(n) + " " + name
}
