package sqlmodel

import (
	"path"

	"tbexport/convert/plan"
)

// session is what the hparams plugin says of where a run belongs; empty: nothing.
type session struct{ experiment, group string }

// sessions gives that of each run, as the exported table of runs has it: the
// experiment is the one of the run or of the nearest above it, and the group of a
// session that names none is its own.
func sessions(p *plan.Plan) map[*plan.Run]session {
	experiments := make(map[string]string) // by the path of a run
	all := make(map[*plan.Run]session, len(p.Runs))
	for _, r := range p.Runs {
		for _, s := range r.Sources {
			if s.HParams != nil && s.HParams.Experiment != nil {
				experiments[path.Clean(s.Run.Name)] = s.HParams.Experiment.Name
			}
		}
	}
	for _, r := range p.Runs {
		var x session
		for _, s := range r.Sources {
			if s.HParams == nil || s.HParams.Start == nil {
				continue
			}
			if x.group = s.HParams.Start.Group; x.group == "" {
				x.group = r.Path
			}
			x.experiment = nearest(experiments, path.Clean(s.Run.Name))
		}
		if x.experiment == "" {
			x.experiment = nearest(experiments, r.Path)
		}
		all[r] = x
	}
	return all
}

// nearest is the experiment of a directory, or of the nearest above it.
func nearest(experiments map[string]string, name string) string {
	for {
		if e, ok := experiments[name]; ok || name == "." || name == "/" || name == "" {
			return e
		}
		name = path.Dir(name)
	}
}
