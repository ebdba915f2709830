package plan

import (
	"path"
	"slices"
	"strings"
)

// nest makes each run a child of the run of its directory, which is made where
// there is none.
func (p *Plan) nest() {
	byPath := make(map[string]*Run, len(p.Runs))
	for _, r := range p.Runs {
		byPath[r.Path] = r
	}
	for _, r := range slices.Clone(p.Runs) {
		for child := r; child.Parent == nil; child = child.Parent {
			dir := path.Dir(child.Path)
			if dir == "." {
				break
			}
			parent := byPath[dir]
			if parent == nil {
				parent = newDirectory(&p.rules, dir, path.Dir(child.identity), r)
				byPath[dir] = parent
				p.Runs = append(p.Runs, parent)
			}
			child.Parent = parent
		}
		for above := r.Parent; above != nil && len(above.Sources) == 0; above = above.Parent {
			above.spans(r)
		}
	}
	slices.SortFunc(p.Runs, func(a, b *Run) int { return strings.Compare(a.Path, b.Path) })
}

// newDirectory makes the run of a directory that holds only other runs, of
// which first is the first. A directory above what the paths of runs begin with is
// its own name.
func newDirectory(rules *Rules, dir, identity string, first *Run) *Run {
	if identity == "." {
		identity = dir
	}
	return &Run{
		Path: dir, identity: identity, Name: rules.runName(&group{path: dir}),
		SourceID: sourceID("directory", identity, first.Sources[0].firstRecord),
	}
}

// spans widens the times of r to those of a run below it.
func (r *Run) spans(below *Run) {
	if r.Start == 0 || below.Start > 0 && below.Start < r.Start {
		r.Start = below.Start
	}
	r.End = max(r.End, below.End)
}
