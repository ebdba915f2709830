package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dustin/go-humanize"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/internal/match"
)

// chosen are the runs and tags that the flags choose by their names.
type chosen struct {
	runs *chosenNames
	tags *chosenTags
}

// selectNames reads the flags that choose by names, and fills o.
func selectNames(runs *runFlags, tags, expressions []string, o *convert.ReadOptions) (c chosen, err error) {
	if c.runs, err = runs.read(); err != nil {
		return c, err
	}
	if o.WallTimeUnit, err = readWallTimeUnit(runs.wallTimeUnit); err != nil {
		return c, err
	}
	names, err := chooseNames("--tag", tags, expressions)
	if err != nil {
		return c, err
	}
	c.tags = &chosenTags{chosenNames: names}
	if names.choice != nil {
		o.Tags, o.Choose = names.choice.Candidate, c.tags.choose
	}
	return c, nil
}

// unmet are lines about what is asked for beside other things, and not there.
func (c *chosen) unmet() []string {
	lines := c.runs.unmet()
	if c.tags != nil {
		lines = append(lines, c.tags.unmet()...)
	}
	return lines
}

// chosenNames are names that are chosen by a flag for globs, and one for regular
// expressions.
type chosenNames struct {
	flag   string
	choice *match.Choice // nil: all names
	met    *match.Met    // of a choice
}

func chooseNames(flag string, globs, expressions []string) (*chosenNames, error) {
	choice, err := match.New(globs, expressions)
	var glob *match.GlobError
	var re *match.RegexpError
	switch {
	case errors.As(err, &glob):
		return nil, usagef("%s %w", flag, err)
	case errors.As(err, &re):
		return nil, usagef("%s-regex %w", flag, err)
	case choice == nil:
		return &chosenNames{flag: flag}, nil
	}
	return &chosenNames{flag, choice, match.NewMet(choice)}, nil
}

// unmet are lines about the globs and expressions that choose nothing, beside
// others that do.
func (n *chosenNames) unmet() (lines []string) {
	if n == nil || n.choice == nil {
		return nil
	}
	unmet := n.met.Unmet()
	for i, u := range unmet {
		if i == mostUnmet {
			more := int64(len(unmet) - i)
			return append(lines,
				plural(more, "and 1 more "+n.flag+" matches nothing", "and %s more "+n.flag+" match nothing"))
		}
		lines = append(lines, n.words(&u)+" matches nothing"+similar(u.Nearest))
	}
	return lines
}

// words name a part of a choice as it was typed.
func (n *chosenNames) words(u *match.Unmet) string {
	switch {
	case u.Expression:
		return n.flag + "-regex " + u.Text
	case u.Invalid:
		return n.flag + " " + u.Text + ", which is no valid glob but may be a name,"
	}
	return n.flag + " " + u.Text
}

// nothing is the error of a choice that no name satisfies; what is what has the
// names.
func (n *chosenNames) nothing(what string) error {
	var parts, near []string
	unmet := n.met.Unmet()
	for i, u := range unmet {
		switch {
		case i < mostUnmet:
			parts = append(parts, strings.TrimSuffix(n.words(&u), ","))
		case i == mostUnmet:
			parts = append(parts, fmt.Sprintf("or any of %s more", humanize.Comma(int64(len(unmet)-i))))
		}
		for _, name := range u.Nearest {
			if len(near) < mostOffered {
				near = append(near, name)
			}
		}
	}
	if len(parts) == 0 { // each matches something, but nothing matches both
		return fmt.Errorf("no %s matches both %s and %s-regex", what, n.flag, n.flag)
	}
	words := fmt.Sprintf("no %s matches %s", what, strings.Join(parts, ", "))
	if first := n.met.First(); near == nil && len(first) > 0 {
		is := "is"
		if len(first) > 1 {
			is = "are"
		}
		return fmt.Errorf("%s; there %s %s", words, is, inWords(first))
	}
	return errors.New(words + similar(near))
}

// mostUnmet is how many globs and expressions that choose nothing are named.
const mostUnmet = 10

// mostOffered is how many similar names are offered together.
const mostOffered = 5

// similar offers names; none: it says nothing.
func similar(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + inWords(names) + "?"
}

// inWords joins names with commas, in quotes where they would not be told apart.
func inWords(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		if words[i] = name; name == "" || strings.ContainsAny(name, " ,\"") {
			words[i] = strconv.Quote(name)
		}
	}
	return strings.Join(words, ", ")
}

// among gives the choice from the runs, and the runs below it that are neither
// chosen nor excluded, which may be parts of chosen ones. It is an error if none is
// chosen, but for those that are excluded.
func (n *chosenNames) among(runs []eventfile.Run) (kept, below []eventfile.Run, err error) {
	if n == nil || n.choice == nil {
		return runs, nil, nil
	}
	names := make([]string, len(runs))
	for i := range runs {
		names[i] = runs[i].Name
	}
	n.met.Add(names)
	if !n.met.Any() {
		return nil, nil, n.nothing("run")
	}
	wanted, excluded := n.choice.Among(names), n.choice.Excludes(names)
	chosen := make(map[string]bool)
	for _, run := range runs {
		if wanted(run.Name) {
			kept = append(kept, run)
			chosen[strings.TrimSuffix(run.Name, "/.")] = true
		}
	}
	for _, run := range runs {
		if !wanted(run.Name) && !excluded(run.Name) && isBelow(run.Name, chosen) {
			below = append(below, run)
		}
	}
	return kept, below, nil
}

// isBelow says whether a directory above a run is one of these.
func isBelow(run string, directories map[string]bool) bool {
	for i := len(run); i > 0; {
		i = strings.LastIndexByte(run[:i], '/')
		if i > 0 && directories[run[:i]] || i < 0 && run != "." && directories["."] {
			return true
		}
	}
	return false
}

// chosenTags are the tags that are chosen. In which runs there are such, only
// reading them tells.
type chosenTags struct {
	*chosenNames
	all   bool // tags of every kind count, and not only scalars
	mutex sync.Mutex
	other map[string]string // chosen tags without a point, and their kinds
}

// choose chooses among the tags of a run.
func (t *chosenTags) choose(tags []*eventfile.Tag) func(tag string) bool {
	names, wanted := make([]string, 0, len(tags)), make([]string, 0, len(tags))
	for _, tag := range tags {
		names = append(names, tag.Name)
		if t.all || tag.Points > 0 {
			wanted = append(wanted, tag.Name)
		}
	}
	t.met.Add(wanted)
	if !t.met.Any() {
		t.others(tags, t.choice.Among(names))
	}
	return t.choice.Among(names)
}

// others remembers tags that are chosen, and have no point.
func (t *chosenTags) others(tags []*eventfile.Tag, wanted func(string) bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, tag := range tags {
		if wanted(tag.Name) {
			if t.other == nil {
				t.other = make(map[string]string)
			}
			t.other[tag.Name] = tag.Plugin
			if len(t.other) > mostOffered {
				delete(t.other, slices.Max(slices.Collect(maps.Keys(t.other))))
			}
		}
	}
}

// check fails where the runs were read, and have no tag that is chosen.
func (t *chosenTags) check() error {
	if t.choice == nil || t.met.Any() {
		return nil
	}
	if t.all || len(t.other) == 0 {
		return t.nothing("tag")
	}
	return fmt.Errorf("%s matches no scalar: %s", t.flag, kindsInWords(t.other))
}

// kindsInWords says of tags what they hold.
func kindsInWords(tags map[string]string) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		kind := tags[name]
		if kind == "" {
			kind = "tensors"
		}
		words = append(words, inWords([]string{name})+" holds "+kind)
	}
	return strings.Join(words, ", ")
}

// sink checks the choice before it commits, so that nothing is written of a
// choice that chooses nothing.
func (t *chosenTags) sink(to convert.Sink) convert.Sink { return &checkedSink{to, t} }

type checkedSink struct {
	convert.Sink
	tags *chosenTags
}

// Commit commits where there is something that is chosen.
func (s *checkedSink) Commit() (convert.Result, error) {
	if err := s.tags.check(); err != nil {
		return convert.Result{}, err
	}
	return s.Sink.Commit()
}

// each is convert.Each for verbs that have no sink.
func (t *chosenTags) each(ctx context.Context, runs []eventfile.Run, o convert.Options,
	f func(context.Context, *convert.Input) error) (*convert.Report, error) {
	report, err := convert.Each(ctx, runs, o, f)
	if err == nil {
		err = t.check()
	}
	return report, err
}
