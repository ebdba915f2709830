package convert

import (
	"regexp"
	"slices"
	"strings"

	"tbexport/eventfile/hparams"
)

// Foldable is what has to be known of a run to tell whether it is a part of
// another.
type Foldable struct {
	Run     string
	HParams *hparams.HParams
	Tags    []string // those with points
	Others  bool     // it holds summaries that are not scalars, beside hparams
}

// NewFoldable gives what folding needs of a run that was read: its hparams, nil
// where it has none, its stats, and its tags with points.
func NewFoldable(h *hparams.HParams, s *RunStats, tags []string) Foldable {
	f := Foldable{Run: s.Run, HParams: h, Tags: tags}
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
}

// FoldedRun is a Fold by its names.
type FoldedRun struct {
	Run, Into string
	Session   bool // Into is the session that Run is a metric group of; else Run has the hparams of Into
}

// FoldRuns decides which runs are a part of another. The runs must have
// different names. There are two cases.
//
// torch's and tensorboardX's add_hparams open a run of their own below the
// run they are called for, named after the time, as exp/1636363636.12345. It
// is a part of its parent if it holds nothing but a session and points of the
// metrics that its experiment names, the parent has points and is no session
// itself, and has no second such child.
//
// Keras writes its metrics to the runs train and validation below the run with
// the session. A run below a session, itself none, is a part of the session if
// the experiment, which stands in the session's own run or in the nearest one
// above it, has metrics of a group of that name; or if there is no experiment
// that names metrics.
func FoldRuns(runs []Foldable) Folds {
	f := folder{runs: runs, byName: make(map[string]int, len(runs))}
	for i := range runs {
		f.byName[runs[i].Run] = i
	}
	return f.fold()
}

type folder struct {
	runs   []Foldable
	byName map[string]int
}

func (f *folder) fold() (out Folds) {
	timed := make(map[int][]int) // parent -> its children named after a time
	for i := range f.runs {
		if parent, ok := f.timeNamed(i); ok {
			timed[parent] = append(timed[parent], i)
		}
	}
	for i := range f.runs {
		if parent, ok := f.timeNamed(i); ok {
			if len(timed[parent]) == 1 {
				out.Folds = append(out.Folds, Fold{Run: i, Into: parent})
			} else {
				out.Several = append(out.Several, i)
			}
			continue
		}
		if session, group, ok := f.group(i); ok {
			out.Folds = append(out.Folds, Fold{Run: i, Into: session, Prefix: group + "/"})
		}
	}
	out.resolve()
	return out
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

// timeNamed gives the parent of run i if i is what add_hparams writes.
func (f *folder) timeNamed(i int) (parent int, ok bool) {
	run := &f.runs[i]
	if !isSession(run) || run.Others || !timeName.MatchString(base(run.Run)) {
		return 0, false
	}
	for _, tag := range run.Tags {
		if !hasMetric(run.HParams.Experiment, "", tag) {
			return 0, false
		}
	}
	parent, ok = f.above(run.Run)
	if !ok || directory(f.runs[parent].Run) != parentName(run.Run) {
		return 0, false
	}
	return parent, !isSession(&f.runs[parent]) && len(f.runs[parent].Tags) > 0
}

// group gives the session that run i is a metric group of.
func (f *folder) group(i int) (session int, group string, ok bool) {
	run := &f.runs[i]
	if isSession(run) || len(run.Tags) == 0 {
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
	return session, group, e == nil || len(e.Metrics) == 0 || hasMetric(e, group, "")
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

// hasMetric reports whether an experiment names a metric of the group, and of
// the tag, if one is given.
func hasMetric(e *hparams.Experiment, group, tag string) bool {
	return e != nil && slices.ContainsFunc(e.Metrics, func(m hparams.MetricInfo) bool {
		return strings.Trim(m.Group, "/") == group && (tag == "" || m.Tag == tag)
	})
}
