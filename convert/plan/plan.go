package plan

import (
	"context"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/hparams"
)

// Plan says what becomes of a logdir. It is made by a Planner.
type Plan struct {
	Runs []*Run // by path, parents before their children
	// Changed are the names whose keys are others, by name: the destination
	// does not take them as they are, or the user changed them.
	Changed []Renamed
	// SameButForCase are pairs of keys of one run that are one where case does
	// not count.
	SameButForCase [][2]string
	// Empty are the names of the runs with nothing in them to carry over.
	Empty []string
	// Folded are the names of the runs that became part of another.
	Folded []string
	// Problems are files beside the logs that were asked for and could not be
	// read; TooLarge, those that are larger than Options.IncludeMax.
	Problems []*FileError
	TooLarge []File
	// ParamFiles and IncludedFiles are how many files Options.ParamsFrom and
	// Options.Include chose, readable or not.
	ParamFiles, IncludedFiles int
	// Options are those that it was made with.
	Options Options

	rules Rules
}

// Run is one run in the tracker.
type Run struct {
	Name string // what it is called there, at most Rules.LongestName characters
	// Path is the name of the TensorBoard run, or of the directory it stands
	// for; "." is the logdir itself.
	Path   string
	Status convert.Status // empty: nothing says it
	// Start and End are in seconds since 1970; 0: nothing says it.
	Start, End float64
	// FileTimes: Start and End are those of the files themselves, as neither the
	// logs nor the files' names tell a time. A copy of the files has others.
	FileTimes bool
	Sources   []*Source // its own run first; none: a directory of runs
	Params    []Param
	Series    []*Series // by key
	Media     []*Media  // by form and name; only with Options.Media
	Files     []File    // to be kept
	Parent    *Run      // nil: none

	// SourceID is the run's identity. Digest is the same as long as there is
	// the same to carry over.
	SourceID, Digest string

	identity string // Path, however the logdirs were spelled
	rules    *Rules // of its keys; nil: those of the plan
}

// Source is a TensorBoard run that goes into a Run.
type Source struct {
	Run     eventfile.Run
	Store   eventfile.Store // that opens its files
	Stats   *convert.RunStats
	HParams *hparams.HParams // nil: none
	// Prefix is that of its keys, without the slash; empty: none.
	Prefix string

	fold        convert.Foldable
	folded      bool // it is a part of another by convert.FoldRuns
	series      []*Series
	media       []*Media
	counted     []byte // the hash of which values Rules.Counted has; nil: it has no form
	points      span   // wall times of the points that are to be sent
	fileTimes   span   // when the files were changed, where no event tells a time
	firstRecord []byte
	held        []*Chunk // its points, but where notHeld
	notHeld     bool
}

// Series is what becomes of one tag of a source.
type Series struct {
	Source *Source
	Tag    string
	Wanted string // its key, if the destination took every name
	Key    string
	Points int64 // to be sent
	// NaN and Infinite are how many points are; Skipped, how many of them are
	// not to be sent for that.
	NaN, Infinite, Skipped int64
	Tally                  Tally
	// BestOf is the series whose best values these are; nil: it is one of the
	// logs.
	BestOf *Series

	read    int64    // points that the reader gave: these are planned for
	records *records // of its best values; nil: they are not asked for
	made    *Chunk   // its points; nil: they are read from the logs
}

// Name is the whole name of a series before anything was changed in it.
func (s *Series) Name() string {
	if s.BestOf != nil {
		return s.Wanted
	}
	if s.Source.Prefix == "" {
		return s.Tag
	}
	return s.Source.Prefix + "/" + s.Tag
}

// Param is a param.
type Param struct {
	HParam hparams.HParam // with its name, and its value as it was logged
	Wanted string         // its key, if the destination took every name
	Key    string
	Value  string // as text, what is sent where params are text
	// Full is the whole text where Value is not: it was cut, or is to be kept
	// in a file. Omitted says that there is no param then.
	Full    string
	Omitted bool
}

// Cut says that the param is kept, but not whole.
func (p *Param) Cut() bool { return p.Full != "" && !p.Omitted }

// File is a file to be kept.
type File struct {
	Path  string // where it is opened by; on this machine, where it is beside the event files
	Place string // below the run, with slashes
	Bytes int64  // of it when it was read
	Sum   string // of its bytes, where it is beside the event files; empty: it is one

	store eventfile.Store // nil: that of the file system
}

// Open opens the file. It fails as the Open of a Store does.
func (f *File) Open(ctx context.Context) (eventfile.File, error) {
	if f.store == nil {
		return dirstore.New().Open(ctx, f.Path)
	}
	return f.store.Open(ctx, f.Path)
}

// Renamed is a name and the key it gets.
type Renamed struct {
	From, To string
	Param    bool // a param; else a series
}

// Kind is what was renamed: "param" or "metric".
func (r Renamed) Kind() string {
	if r.Param {
		return "param"
	}
	return "metric"
}

// Points is how many points of the run are to be sent.
func (r *Run) Points() (n int64) {
	for _, s := range r.Series {
		n += s.Points
	}
	return n
}

// EventFiles is how many files the run was read from, and their bytes.
func (r *Run) EventFiles() (files int, bytes int64) {
	for _, s := range r.Sources {
		for _, f := range s.Stats.Files {
			files++
			bytes += f.Bytes
		}
	}
	return files, bytes
}

// Subset is the plan of some of its runs; parents and children must be in the
// same one.
func (p *Plan) Subset(wanted func(*Run) bool) *Plan {
	part := *p
	part.Runs = nil
	for _, r := range p.Runs {
		if wanted(r) {
			part.Runs = append(part.Runs, r)
		}
	}
	return &part
}

// Totals are the sums over a plan, or over one run.
type Totals struct {
	Runs, Series, Params, Files int
	Points                      int64 // to be sent
	NaN, Infinite, Skipped      int64
	SampledOut                  int64
	Superseded                  int64 // points whose step a later one goes back to, and which are sent all the same
	Repeated, TwoWriters        int64 // of these, see convert.Counts
	FileBytes                   int64
	Included                    int // of Files, those that are no event files
	CutParams, OmittedParams    int
}

// Totals sums up the plan.
func (p *Plan) Totals() (t Totals) {
	for _, r := range p.Runs {
		t.Add(r)
	}
	return t
}

// Add adds those of a run.
func (t *Totals) Add(r *Run) {
	t.Runs++
	t.Series += len(r.Series)
	t.Files += len(r.Files)
	for _, f := range r.Files {
		t.FileBytes += f.Bytes
		if f.Sum != "" {
			t.Included++
		}
	}
	for i := range r.Params {
		p := &r.Params[i]
		switch {
		case p.Omitted:
			t.OmittedParams++
			continue
		case p.Cut():
			t.CutParams++
		}
		t.Params++
	}
	for _, s := range r.Series {
		t.Points += s.Points
		t.NaN += s.NaN
		t.Infinite += s.Infinite
		t.Skipped += s.Skipped
	}
	for _, s := range r.Sources {
		t.SampledOut += s.Stats.SampledOut
		t.Superseded += s.Stats.SupersededByStep - s.Stats.Dropped
		if s.Stats.Dropped == 0 {
			t.Repeated += s.Stats.Repeated
			t.TwoWriters += s.Stats.TwoWriters
		}
	}
}
