package mlflow

import (
	"cmp"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/eventfile"
)

// group is the sources of one run in MLflow, the run's own first.
type group struct {
	path    string
	sources []*Source
}

// group says which sources go into one run, in the order of the runs' paths.
func (p *Planner) group(sources []*Source, plan *Plan) []*group {
	groups := make(map[string]*group)
	var order []*group
	owners := p.owners(sources)
	for i, s := range sources {
		if _, s.folded = owners.folds[i]; s.folded {
			plan.Folded = append(plan.Folded, s.Run.Name)
		}
		var owner string
		owner, s.prefix = owners.of(i)
		g := groups[owner]
		if g == nil {
			g = &group{path: owner}
			groups[owner] = g
			order = append(order, g)
		}
		g.sources = append(g.sources, s)
	}
	for _, g := range order {
		slices.SortStableFunc(g.sources, func(a, b *Source) int {
			return cmp.Or(slices.Index(p.options.Merge, a.prefix)-slices.Index(p.options.Merge, b.prefix),
				strings.Compare(path.Clean(a.Run.Name), path.Clean(b.Run.Name)))
		})
	}
	slices.SortFunc(order, func(a, b *group) int { return strings.Compare(a.path, b.path) })
	return order
}

// newRun makes a run of a group. Its keys are names yet.
func (p *Planner) newRun(g *group) (*RunPlan, error) {
	r := &RunPlan{Path: g.path, Name: runName(g), Sources: g.sources, Status: g.status()}
	r.Start, r.End = g.times()
	metrics, params := scope{rules: &p.options.Rules}, scope{rules: new(Rules)}
	files := make(artifactNames)
	for _, s := range g.sources {
		apart := g.apart(s)
		for _, series := range s.series {
			if series.Points == 0 {
				continue
			}
			var err error
			if series.Key, err = metrics.name(s.prefix, series.Tag, apart); err != nil {
				return nil, err
			}
			r.Series = append(r.Series, series)
		}
		if err := r.addParams(s, &params, apart, p.options.LongParams); err != nil {
			return nil, err
		}
		if p.options.Artifacts {
			r.addFiles(s, files)
		}
	}
	r.SourceID = sourceID("run", g.path, g.sources[0].firstRecord)
	return r, nil
}

// apart tells a source from the others of its run, where they have the same
// name for different things. The directories of torch's add_hparams are called
// by the time: keys with that would be others in every run, and no two runs
// could be compared by them.
func (g *group) apart(s *Source) string {
	if s.folded {
		return "hparams"
	}
	return cmp.Or(strings.TrimPrefix(strings.TrimPrefix(path.Clean(s.Run.Name), g.path), "/"), s.Run.Name)
}

// runName is the last word on what the run is called: its path, and for the
// logdir itself the name of that directory.
func runName(g *group) string {
	name := g.path
	if name == "." {
		name = "logdir"
		if files := slices.Concat(g.sources[0].Run.Files, g.sources[0].Run.Markers); len(files) > 0 {
			if dir, err := filepath.Abs(filepath.Dir(files[0])); err == nil {
				if g.sources[0].prefix != "" {
					dir = filepath.Dir(dir)
				}
				name = filepath.Base(dir)
			}
		}
	}
	name = strings.ToValidUTF8(name, "\uFFFD")
	if cutText(name, longestName) != name {
		name = markedName(name, name)
	}
	return name
}

// status is that of the session's end. Where none is said, training is over
// as far as anybody knows.
func (g *group) status() string {
	for _, s := range g.sources {
		if s.HParams == nil || s.HParams.End == nil {
			continue
		}
		switch s.HParams.End.Status {
		case eventfile.StatusFailure:
			return "FAILED"
		case eventfile.StatusRunning:
			return "RUNNING"
		}
	}
	return "FINISHED"
}

// times are those of the first and last point and of the session's start and
// end; without any, the files' own.
func (g *group) times() (start, end int64) {
	var all Source
	for _, s := range g.sources {
		all.times(s.first)
		all.times(s.last)
		if s.HParams != nil && s.HParams.Start != nil {
			all.times(milliseconds(s.HParams.Start.StartTime))
		}
		if s.HParams != nil && s.HParams.End != nil {
			all.times(milliseconds(s.HParams.End.Time))
		}
	}
	if all.first == 0 {
		for _, s := range g.sources {
			for _, file := range s.Run.Files {
				if info, err := os.Stat(file); err == nil {
					all.times(info.ModTime().UnixMilli())
				}
			}
		}
	}
	return all.first, all.last
}

// addFiles tells which files of a source are kept, and where.
func (r *RunPlan) addFiles(s *Source, names artifactNames) {
	for _, f := range s.Stats.Files {
		if f.Err != nil && f.Bytes == 0 {
			continue
		}
		below := strings.TrimPrefix(strings.TrimPrefix(path.Clean(s.Run.Name), r.Path), "/")
		if r.Path == "." && below == "" {
			below = path.Clean(s.Run.Name)
		}
		name := names.take(path.Join(eventFiles, below, filepath.Base(f.Path)))
		r.Files = append(r.Files, File{Path: f.Path, Artifact: name, Bytes: f.Bytes})
	}
}

// eventFiles is the directory in which MLflow's own logging for TensorFlow
// keeps event files.
const eventFiles = "tensorboard_logs"

// nameAll turns the names of metrics and parameters into keys.
func (p *Planner) nameAll(plan *Plan) error {
	var metrics, params names
	for _, r := range plan.Runs {
		for _, s := range r.Series {
			metrics.add(s.Key)
		}
		for _, q := range r.Params {
			params.add(q.Key)
		}
	}
	if err := metrics.resolve(); err != nil {
		return err
	}
	if err := params.resolve(); err != nil {
		return err
	}
	changed := make(map[Renamed]bool)
	for _, r := range plan.Runs {
		for _, s := range r.Series {
			s.Key = metrics.key(s.Key)
			if original := s.name(); s.Key != original {
				changed[Renamed{From: original, To: s.Key}] = true
			}
		}
		for i := range r.Params {
			q := &r.Params[i]
			q.Key = params.key(q.Key)
			if q.Key != q.Name {
				changed[Renamed{q.Name, q.Key, true}] = true
			}
		}
		slices.SortFunc(r.Series, func(a, b *Series) int { return strings.Compare(a.Key, b.Key) })
	}
	for c := range changed {
		plan.Changed = append(plan.Changed, c)
	}
	slices.SortFunc(plan.Changed, func(a, b Renamed) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	plan.SameButForCase = append(metrics.sameButForCase(), params.sameButForCase()...)
	return nil
}

// name is the whole name of a series before anything was changed in it.
func (s *Series) name() string {
	if s.Source.prefix == "" {
		return s.Tag
	}
	return s.Source.prefix + "/" + s.Tag
}
