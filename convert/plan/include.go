package plan

import (
	"context"
	"os"
)

// addIncluded adds the files beside the logs that Options.Include chooses.
func (p *Planner) addIncluded(r *Run, files []neighbour, plan *Plan) {
	if p.options.Include == nil {
		return
	}
	place := p.rules.includedNames()
	for _, f := range files {
		if !p.options.Include(f.rel) {
			continue
		}
		plan.IncludedFiles++
		info, err := os.Stat(f.file)
		switch {
		case err != nil:
			plan.Problems = append(plan.Problems, &FileError{r.Path, f.file, err})
			continue
		case !info.Mode().IsRegular():
			continue
		case p.options.IncludeMax > 0 && info.Size() > p.options.IncludeMax:
			plan.TooLarge = append(plan.TooLarge, File{Path: f.file, Place: f.rel, Bytes: info.Size()})
			continue
		}
		found := File{Path: f.file, Place: f.rel, Bytes: info.Size()}
		found.Sum, err = contentOf(context.Background(), &found)
		if err != nil {
			plan.Problems = append(plan.Problems, &FileError{r.Path, f.file, err})
			continue
		}
		found.Place = place(f.rel)
		r.Files = append(r.Files, found)
	}
}
