package plan

import (
	"slices"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/hparams"
)

// Rules are those of a destination. The zero value takes every name, param and
// point as it is.
type Rules struct {
	// Key gives the name itself where the destination takes it as a key, but for
	// its length, else the nearest that it takes: that, cut to LongestKey
	// characters, gets the name's mark. It depends on the name alone. nil:
	// every name is taken.
	Key func(name string) string
	// Fold gives the same for keys that are one there, as for those that are equal
	// but for case; nil: every key is one of its own.
	Fold func(key string) string
	// LongestKey, LongestName and LongestParam are the most characters of a
	// key, of the name of a run, and of the text of a param. 0: any number.
	LongestKey, LongestName, LongestParam int
	// Param gives the text of an hparam; nil: that of its String method.
	Param func(h hparams.HParam) string
	// NewFileNames begins a run and returns what gives the place of each of its
	// files below the run; nil: they are kept by their own paths. A place is
	// given once.
	NewFileNames func() func(path string) string
	// NewIncludedNames does the same for the files beside the logs that are kept.
	NewIncludedNames func() func(path string) string
	// NewTally makes what tells the points of a series apart; nil: points are
	// what they are in the files, and each of them counts.
	NewTally func() Tally
	// Counted are the forms of values that are no points and that the destination
	// reads itself: the plan counts them, and finds what of them does not decode.
	Counted []convert.Form
}

// Forms are those that a planner of the rules and options wants to be read.
func Forms(r Rules, o Options) []convert.Form { return slices.Concat(o.Media, r.Counted) }

func (r *Rules) param(h hparams.HParam) string {
	if r.Param == nil {
		return h.String()
	}
	return r.Param(h)
}

func (r *Rules) fileNames() func(string) string {
	if r.NewFileNames == nil {
		return func(path string) string { return path }
	}
	return r.NewFileNames()
}

func (r *Rules) includedNames() func(string) string {
	if r.NewIncludedNames == nil {
		return func(path string) string { return path }
	}
	return r.NewIncludedNames()
}

func (r *Rules) tally() Tally {
	if r.NewTally == nil {
		return new(exactTally)
	}
	return r.NewTally()
}

// NonFinite says what becomes of points that are NaN or infinite.
type NonFinite uint8

// The choices.
const (
	KeepNonFinite NonFinite = iota
	SkipNonFinite
	FailNonFinite
)

// LongParams says what becomes of params longer than Rules.LongestParam.
type LongParams uint8

// The choices.
const (
	RefuseLongParams   LongParams = iota
	TruncateLongParams            // cut, and whole in a file where the destination keeps files
	FileLongParams                // no param but a file
	SkipLongParams                // neither
)

// Options say how runs are carried over. The zero value takes every point of
// every run, each run for itself.
type Options struct {
	// Store opens the event files, the runs' Files; nil: that of the file system.
	// The files beside them, of Include and ParamsFrom, are always looked for there.
	Store      eventfile.Store
	Changes    Changes // of tags on their way to keys
	NonFinite  NonFinite
	LongParams LongParams
	// Fold makes the runs that convert.FoldRuns finds to be parts of another
	// parts of that.
	Fold bool
	// Merge are names of directories that hold parts of one run, as Keras's
	// train and validation: their tags get the name as a prefix.
	Merge []string
	// Nest makes each run a child of the run of the directory it is in.
	Nest bool
	// Files keeps the event files.
	Files bool
	// Include chooses files beside the event files of a run, by their paths below
	// its directory, that are kept too; nil: none. Those in the directories of
	// other runs are not asked for. IncludeMax is the most bytes of one; 0: any.
	Include    func(path string) bool
	IncludeMax int64
	// ParamsFrom chooses, likewise, files of YAML or JSON whose values become
	// params; nil: none.
	ParamsFrom func(path string) bool
	// RenameParams are applied to the names of params, one after another.
	RenameParams []Rename
	// RunName makes the names of runs; nil: their paths. RenameRuns are applied
	// to these, one after another.
	RunName    *Template
	RenameRuns []Rename
	// LogdirName is what the logdir is called in names; empty: "logdir".
	LogdirName string
	// Media are the forms of values that are carried over beside points, and
	// MostImages is how many pictures of a run are; 0: all.
	Media      []convert.Form
	MostImages int64
	// Best are series that get a series of their best values beside them.
	Best []Best
	// Hold is how many points are kept in memory, 24 bytes each, fewer where series are
	// short: the runs that come first, as far as they fit, are not read again by Points.
	Hold int64
}

func (o *Options) store() eventfile.Store {
	if o.Store == nil {
		return dirstore.New()
	}
	return o.Store
}
