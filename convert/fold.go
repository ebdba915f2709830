package convert

import (
	"regexp"
	"slices"
	"strings"

	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
)

// Foldable is what has to be known of a run to tell whether it is a part of
// another.
type Foldable struct {
	Run     string
	HParams *hparams.HParams
	Points  bool // it has points
	Curves  bool // it has series of more than one point
	Unnamed bool // it has points of tags that its own experiment does not name as metrics
	Others  bool // it holds summaries that are not scalars, beside hparams
	// Part says that the run is to be there as a part of another only.
	Part bool
}

// newFoldable gives what folding needs of a run that was read: its hparams, nil
// where it has none, its stats, and its tags.
func newFoldable(h *hparams.HParams, s *RunStats, tags []*eventfile.Tag) Foldable {
	f := Foldable{Run: s.Run, HParams: h}
	for _, t := range tags {
		f.Points = f.Points || t.Points > 0
		f.Curves = f.Curves || t.Points > 1
	}
	if isSession(&f) {
		named := make(map[string]bool)
		if h.Experiment != nil {
			for _, m := range h.Experiment.Metrics {
				named[m.Tag] = named[m.Tag] || strings.Trim(m.Group, "/") == ""
			}
		}
		f.Unnamed = slices.ContainsFunc(tags, func(t *eventfile.Tag) bool { return t.Points > 0 && !named[t.Name] })
	}
	for kind := range s.NotExported {
		f.Others = f.Others || kind != "hparams"
	}
	return f
}

// Fold says that a run is a part of another.
type Fold struct {
	Run, Into int    // indices
	Prefix    string // of the tags of Run within Into: "", or "validation/"
}

// Folds says which runs are a part of another.
type Folds struct {
	Folds []Fold // in the order of the runs
	// Several are the runs named after a time that hold only hparams, where
	// their parent has more than one of these; they are not folded.
	Several []int
	// LeftOut are the runs that are no run: those that hold nothing but an
	// experiment, and those that were to be a part of another and are not.
	LeftOut []int
}

// FoldedRun is a Fold by its names.
type FoldedRun struct {
	Run, Into string
	Session   bool // Into is the session that Run is a metric group of; else Run has the hparams of Into
}

// FoldRuns decides which runs are a part of another. The runs must have
// different names, and all runs that may be a part of one must be there. There
// are two cases.
//
// torch's and tensorboardX's add_hparams open a run of their own below the
// run they are called for, named after the time, as exp/1636363636.12345, or as
// they are told. Such a run, a session directly below a run that is none, without
// other summaries than scalars, is a part of the run above in two cases. Named
// after a time, it has single points or metrics that its own experiment names, and
// there is no second such run; the run above may be empty but for it. Of any other
// name, it has single points, it is the only session there, and the run above has
// points.
//
// Keras writes its metrics to the runs train and validation below the run with
// the session. A run below a session, itself none, is a part of the session if
// the experiment, which stands in the session's own run or in the nearest one
// above it, has metrics of a group of that name, or, for train, of validation
// beside it; or if there is no experiment that names metrics.
func FoldRuns(runs []Foldable) Folds {
	f := folder{runs: runs, byName: make(map[string]int, len(runs)), children: make(map[int]children)}
	for i := range runs {
		f.byName[runs[i].Run] = i
	}
	return f.fold()
}

type folder struct {
	runs     []Foldable
	byName   map[string]int
	children map[int]children // by parent
}

// children counts the sessions directly below a run.
type children struct{ sessions, timed int }

func (f *folder) fold() (out Folds) {
	for i := range f.runs {
		if parent, ok := f.parent(i); ok && isSession(&f.runs[i]) {
			c := f.children[parent]
			c.sessions++
			if f.timed(i) {
				c.timed++
			}
			f.children[parent] = c
		}
	}
	for i := range f.runs {
		if parent, ok := f.parent(i); ok && f.added(i) {
			switch c := f.children[parent]; {
			case f.timed(i) && c.timed == 1, f.single(i, parent) && c.sessions == 1:
				out.Folds = append(out.Folds, Fold{Run: i, Into: parent})
			case f.timed(i):
				out.Several = append(out.Several, i)
			}
			continue
		}
		if session, group, ok := f.group(i); ok {
			out.Folds = append(out.Folds, Fold{Run: i, Into: session, Prefix: group + "/"})
		}
	}
	out.resolve()
	out.leaveOut(f.runs)
	return out
}

// leaveOut finds the runs that are none.
func (f *Folds) leaveOut(runs []Foldable) {
	folded, left := make(map[int]bool, len(f.Folds)), make(map[int]bool)
	for _, fold := range f.Folds {
		folded[fold.Run] = true
	}
	for i := range runs {
		left[i] = runs[i].Part && !folded[i] || onlyExperiment(&runs[i])
	}
	f.Folds = slices.DeleteFunc(f.Folds, func(fold Fold) bool {
		out := left[fold.Into]
		left[fold.Run] = out && runs[fold.Run].Part
		return out
	})
	f.Several = slices.DeleteFunc(f.Several, func(i int) bool { return runs[i].Part })
	for i := range runs {
		if left[i] {
			f.LeftOut = append(f.LeftOut, i)
		}
	}
}

// resolve makes the parts of a run that is itself a part those of the whole.
func (f *Folds) resolve() {
	into := make(map[int]int, len(f.Folds))
	for _, fold := range f.Folds {
		into[fold.Run] = fold.Into
	}
	for i := range f.Folds {
		if whole, ok := into[f.Folds[i].Into]; ok {
			f.Folds[i].Into = whole
		}
	}
}

// timeName is str(time.time()) in Python.
var timeName = regexp.MustCompile(`^[0-9]{9,11}\.[0-9]+$`)

// parent gives the run directly above run i that it may be a part of, as what
// add_hparams writes.
func (f *folder) parent(i int) (parent int, ok bool) {
	name := f.runs[i].Run
	parent, ok = f.above(name)
	if !ok || directory(f.runs[parent].Run) != parentName(name) {
		return 0, false
	}
	return parent, !isSession(&f.runs[parent]) && !onlyExperiment(&f.runs[parent])
}

// added says whether run i may be what add_hparams writes.
func (f *folder) added(i int) bool { return isSession(&f.runs[i]) && !f.runs[i].Others }

// timed says whether run i is named after a time, and is what add_hparams writes.
func (f *folder) timed(i int) bool {
	r := &f.runs[i]
	return f.added(i) && timeName.MatchString(base(r.Run)) && !(r.Curves && r.Unnamed)
}

// single says whether run i is like what add_hparams writes into a run of any name.
func (f *folder) single(i, parent int) bool {
	return !f.runs[i].Curves && f.runs[parent].Points && !timeName.MatchString(base(f.runs[i].Run))
}

// group gives the session that run i is a metric group of.
func (f *folder) group(i int) (session int, group string, ok bool) {
	run := &f.runs[i]
	if isSession(run) || !run.Points {
		return 0, "", false
	}
	for name := run.Run; ; name = f.runs[session].Run {
		if session, ok = f.above(name); !ok {
			return 0, "", false
		}
		if isSession(&f.runs[session]) {
			break
		}
	}
	group = relative(run.Run, f.runs[session].Run)
	e := f.experiment(session)
	beside := group
	if base(group) == "train" {
		beside = strings.TrimSuffix(group, "train") + "validation"
	}
	return session, group, e == nil || len(e.Metrics) == 0 || hasMetric(e, group) || hasMetric(e, beside)
}

// experiment is the one that rules for run i.
func (f *folder) experiment(i int) *hparams.Experiment {
	for ok := true; ok; i, ok = f.above(f.runs[i].Run) {
		if h := f.runs[i].HParams; h != nil && h.Experiment != nil {
			return h.Experiment
		}
	}
	return nil
}

// above gives the nearest run whose directory is above that of the run name.
// The root of a logdir with a name is the run NAME/. of it.
func (f *folder) above(name string) (int, bool) {
	if name == "." {
		return 0, false
	}
	for name = directory(name); name != "."; {
		name = parentName(name)
		for _, n := range []string{name, name + "/."} {
			if i, ok := f.byName[n]; ok {
				return i, true
			}
		}
	}
	return 0, false
}

// parentName is the name of the directory above, "." being above all.
func parentName(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return "."
}

func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// relative is the name of a run from a run above it.
func relative(name, from string) string {
	if from == "." {
		return name
	}
	return strings.TrimPrefix(name, directory(from)+"/")
}

// directory is the name of a run without the dot of a named logdir's root.
func directory(name string) string { return strings.TrimSuffix(name, "/.") }

func isSession(r *Foldable) bool { return r.HParams != nil && r.HParams.Start != nil }

// onlyExperiment reports whether a run holds an experiment, and nothing else.
func onlyExperiment(r *Foldable) bool {
	return r.HParams != nil && r.HParams.Experiment != nil && r.HParams.Start == nil && r.HParams.End == nil &&
		!r.Points && !r.Others
}

// hasMetric reports whether an experiment names a metric of the group.
func hasMetric(e *hparams.Experiment, group string) bool {
	return e != nil &&
		slices.ContainsFunc(e.Metrics, func(m hparams.MetricInfo) bool { return strings.Trim(m.Group, "/") == group })
}
