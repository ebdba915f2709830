package mlflow

import (
	"path"
	"slices"
	"strings"

	"tbexport/convert"
)

// owners says for each source into which run it goes, and with what prefix.
type owners struct {
	sources []*Source
	folds   map[int]convert.Fold // by index of the source that is part of another
	merge   []string
}

func (p *Planner) owners(sources []*Source) *owners {
	o := &owners{sources: sources, folds: make(map[int]convert.Fold), merge: p.options.Merge}
	if !p.options.Fold {
		return o
	}
	runs := make([]convert.Foldable, len(sources))
	for i, s := range sources {
		runs[i] = convert.Foldable{Run: s.Run.Name, HParams: s.HParams, Others: s.hasOthers()}
		for _, series := range s.series {
			runs[i].Tags = append(runs[i].Tags, series.Tag)
		}
	}
	for _, fold := range convert.FoldRuns(runs).Folds {
		o.folds[fold.Run] = fold
	}
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

// hasOthers says that a source holds summaries that are not scalars.
func (s *Source) hasOthers() bool {
	for kind := range s.Stats.NotExported {
		if kind != "hparams" {
			return true
		}
	}
	return false
}
