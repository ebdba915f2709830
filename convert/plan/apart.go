package plan

import (
	"context"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/series"
)

// Apart plans those parts of runs that PartIDs has, each as the run of its own that it would be if the logs did not
// tell that it is a part. They are read again.
func (p *Plan) Apart(ctx context.Context, of []*Run, read convert.ReadOptions) (*Plan, error) {
	var store eventfile.Store
	var runs []eventfile.Run
	for _, r := range of {
		for _, s := range r.Sources {
			if s.folded {
				store, runs = s.Store, append(runs, s.Run)
			}
		}
	}
	slices.SortFunc(runs, func(a, b eventfile.Run) int { return strings.Compare(a.Name, b.Name) })
	options := p.Options
	options.Fold, options.Merge, options.Nest = false, nil, false
	planner := NewPlanner(p.rules, options)
	read.MaxPoints = series.DefaultMaxPoints
	o := convert.Options{Store: store, Read: read, Forms: Forms(p.rules, options)}
	_, err := convert.Export(ctx, runs, planner, o)
	return planner.Plan(), err
}
