package plan

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/convert"
)

// newRun makes a run of a group, without keys.
func (p *Planner) newRun(g *group, plan *Plan) (*Run, error) {
	r := &Run{Path: g.path, identity: g.identity, Name: p.rules.runName(g), Sources: g.sources, Status: g.status()}
	times, guessed := g.times()
	r.Start, r.End, r.FileTimes = times.first, times.last, guessed
	series, params := scope{changes: &p.options.Changes}, scope{changes: &Changes{Renames: p.options.RenameParams}}
	files, media := p.rules.fileNames(), make(map[convert.Form]*scope)
	for _, s := range g.sources {
		apart := g.apart(s)
		for _, x := range s.series {
			if x.Points == 0 {
				continue
			}
			var err error
			if x.Wanted, err = series.name(s.Prefix, x.Tag, apart); err != nil {
				return nil, err
			}
			r.Series = append(r.Series, x)
		}
		r.addMedia(s, media, &p.options.Changes, apart)
		if err := p.addParams(r, s, &params, apart); err != nil {
			return nil, err
		}
		if p.options.Files {
			r.addFiles(g, s, files)
		}
	}
	if err := r.addBest(&series, &p.rules); err != nil {
		return nil, err
	}
	if p.options.Include != nil || p.options.ParamsFrom != nil {
		files := g.neighbours(func(e *FileError) { plan.Problems = append(plan.Problems, e) })
		if err := p.addFileParams(r, files, &params, plan); err != nil {
			return nil, err
		}
		p.addIncluded(r, files, plan)
	}
	r.SourceID = sourceID("run", g.identity, g.sources[0].firstRecord)
	r.sortMedia()
	r.settleMedia(p.options.MostImages)
	return r, nil
}

// runName is what the run is called: its path, and for the logdir itself the
// name of that directory.
func (r *Rules) runName(g *group) string {
	name := g.path
	if name == "." {
		name = "logdir"
		if files := slices.Concat(g.sources[0].Run.Files, g.sources[0].Run.Markers); len(files) > 0 {
			if dir, err := filepath.Abs(filepath.Dir(files[0])); err == nil {
				if g.sources[0].Prefix != "" {
					dir = filepath.Dir(dir)
				}
				name = filepath.Base(dir)
			}
		}
	}
	return r.shortName(strings.ToValidUTF8(name, "\uFFFD"))
}

// shortName cuts a name to what the destination takes.
func (r *Rules) shortName(name string) string {
	if r.LongestName > 0 && Cut(name, r.LongestName) != name {
		name = Marked(name, name, r.LongestName)
	}
	return name
}

// addFiles says which files of a source are kept, and where.
func (r *Run) addFiles(g *group, s *Source, place func(string) string) {
	below := g.below(s)
	if r.Path == "." && below == "" {
		below = path.Clean(s.Run.Name)
	}
	for _, f := range s.Stats.Files {
		if f.Err != nil && f.Bytes == 0 || isOther(f) {
			continue
		}
		r.Files = append(r.Files,
			File{Path: f.Path, Place: place(path.Join(below, filepath.Base(f.Path))), Bytes: f.Bytes, store: s.Store})
	}
}
