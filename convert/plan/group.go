package plan

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// group is the sources of one run, the run's own first.
type group struct {
	path     string
	identity string // the path of its run however the logdirs were spelled, see eventfile.Run
	sources  []*Source
}

// group says which sources go into one run, in the order of the runs' paths.
func (p *Planner) group(owners *owners) []*group {
	groups := make(map[string]*group)
	var order []*group
	for i, s := range p.sources {
		if owners.none[i] {
			continue
		}
		_, s.folded = owners.folds[i]
		var owner string
		owner, s.Prefix = owners.of(i)
		g := groups[owner]
		if g == nil {
			g = &group{path: owner, identity: owners.identity(i)}
			groups[owner] = g
			order = append(order, g)
		}
		g.sources = append(g.sources, s)
	}
	for _, g := range order {
		slices.SortStableFunc(g.sources, func(a, b *Source) int {
			return cmp.Or(slices.Index(p.options.Merge, a.Prefix)-slices.Index(p.options.Merge, b.Prefix),
				strings.Compare(path.Clean(a.Run.Name), path.Clean(b.Run.Name)))
		})
	}
	slices.SortFunc(order, func(a, b *group) int { return strings.Compare(a.path, b.path) })
	return order
}

// owners says for each source into which run it goes, and with what prefix.
type owners struct {
	sources []*Source
	folds   map[int]convert.Fold // by index of the source that is part of another
	none    map[int]bool         // sources that go into no run
	empty   []string             // the names of those that hold nothing
	merge   []string
	result  convert.Result
}

func (p *Planner) owners() *owners {
	o := &owners{sources: p.sources, folds: make(map[int]convert.Fold), none: make(map[int]bool),
		merge: p.options.Merge}
	whole := make(map[int]bool)
	if p.options.Fold {
		runs := make([]convert.Foldable, len(p.sources))
		for i, s := range p.sources {
			runs[i] = s.fold
		}
		folds := convert.FoldRuns(runs)
		for _, fold := range folds.Folds {
			o.folds[fold.Run], whole[fold.Into] = fold, true
			o.result.Folded = append(o.result.Folded,
				convert.FoldedRun{Run: runs[fold.Run].Run, Into: runs[fold.Into].Run, Session: fold.Prefix != ""})
		}
		for _, i := range folds.LeftOut {
			if o.none[i] = true; !runs[i].Part {
				o.empty = append(o.empty, runs[i].Run)
			}
		}
	}
	for i, s := range p.sources {
		if s.holdsNothing() && !whole[i] && !o.none[i] {
			o.none[i] = true
			o.empty = append(o.empty, s.Run.Name)
		}
	}
	slices.Sort(o.empty)
	return o
}

// of gives the path of the run that source i goes into.
func (o *owners) of(i int) (owner, prefix string) {
	if fold, ok := o.folds[i]; ok {
		owner, prefix = o.of(fold.Into)
		return owner, path.Join(prefix, strings.TrimSuffix(fold.Prefix, "/"))
	}
	owner = path.Clean(o.sources[i].Run.Name)
	if base := path.Base(owner); owner != "." && slices.Contains(o.merge, base) {
		return path.Dir(owner), base
	}
	return owner, ""
}

// identity is what of gives, by the runs' Path: it does not depend on how the
// logdirs were spelled.
func (o *owners) identity(i int) string {
	if fold, ok := o.folds[i]; ok {
		return o.identity(fold.Into)
	}
	run := &o.sources[i].Run
	identity := path.Clean(cmp.Or(run.Path, run.Name))
	if owner := path.Clean(run.Name); owner != "." && slices.Contains(o.merge, path.Base(owner)) {
		return path.Dir(identity)
	}
	return identity
}

// below is the path of a source from that of its run; empty: it is the run's
// own.
func (g *group) below(s *Source) string {
	return strings.TrimPrefix(strings.TrimPrefix(path.Clean(s.Run.Name), g.path), "/")
}

// apart tells a source from the others of its run, where they have the same
// name for different things. The directories of torch's add_hparams are called
// by the time: keys with that would be others in every run, and no two runs
// could be compared by them.
func (g *group) apart(s *Source) string {
	if s.folded {
		return "hparams"
	}
	return cmp.Or(g.below(s), s.Run.Name)
}

// status is that of all the sources.
func (g *group) status() convert.Status {
	parts := make([]*hparams.HParams, len(g.sources))
	for i, s := range g.sources {
		parts[i] = s.HParams
	}
	return convert.StatusOf(parts...)
}
