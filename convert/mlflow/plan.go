package mlflow

import (
	"math"

	"tbexport/eventfile"
)

// Plan says what a migration will make of a logdir. It is made by a Planner,
// without a server.
type Plan struct {
	Runs []*RunPlan // parents before their children, else by name
	// Changed are the names that MLflow does not take as they are, or that the
	// rules changed, with their keys, by name.
	Changed []Renamed
	// SameButForCase are pairs of keys that are one on a MySQL or SQL Server
	// database.
	SameButForCase [][2]string
	// Empty are the names of the runs with nothing in them to migrate.
	Empty []string
	// Folded are the runs that became part of their parent, as they hold the
	// hyperparameters of it.
	Folded []string

	options PlanOptions
}

// Renamed is a name and the key it gets.
type Renamed struct {
	From, To string
	Param    bool // a parameter; else a metric
}

// RunPlan is one run in MLflow.
type RunPlan struct {
	Name       string // the run's name there, at most 250 characters
	Path       string // the name of the TensorBoard run, or of the directory it stands for
	Status     string
	Start, End int64 // milliseconds since 1970
	Sources    []*Source
	Params     []Param
	Series     []*Series // by key
	Files      []File    // to be kept as artifacts
	Parent     *RunPlan

	// SourceID is the run's identity, see sourceID. Digest tells whether what
	// there is to migrate is the same as another time.
	SourceID string
	Digest   string
}

// Source is a TensorBoard run that goes into a RunPlan.
type Source struct {
	Run     eventfile.Run
	Stats   *eventfile.RunStats
	HParams *eventfile.HParams

	prefix      string // of its keys
	folded      bool   // it holds the hyperparameters of the run it goes into
	series      []*Series
	first, last int64 // wall times in milliseconds, of points; 0: none
	firstRecord []byte
}

// Series is what becomes of one tag of a source.
type Series struct {
	Source *Source
	Tag    string
	Key    string
	Points int64 // to be sent
	// Duplicates are points equal to another of the series, once their time is
	// in milliseconds; the server keeps one of each.
	Duplicates int64
	NaN        int64 // sent as NaN
	Infinite   int64 // sent, and kept by the server as ±1.7976931348623157e308
	Skipped    int64 // not finite, and not to be sent
	BadTimes   int64 // wall times that are negative, not finite or too large, and become the nearest that MLflow takes
	NegZero    int64 // zeros that lose their sign on the server

	read   int64 // points that the reader gave, the first of which are planned for
	digest digest
	last   point // in the order of point.compare
	latest point // as MLflow has it: that with the highest step, then time, then value
	// mixed: points came out of the server's order over a chunk's end, so
	// digest counts duplicates too.
	mixed bool
}

// Param is a parameter.
type Param struct {
	Name  string // of the hyperparameter
	Key   string
	Value string // what is sent
	// Full is the whole value where Value is not: it was cut, or is to be kept
	// as an artifact. Omitted says that there is no parameter then.
	Full    string
	Omitted bool
}

// File is an event file to be kept.
type File struct {
	Path     string // on this machine
	Artifact string // below the run's artifacts
	Bytes    int64
}

// Points is how many points of the run are to be sent.
func (r *RunPlan) Points() (n int64) {
	for _, s := range r.Series {
		n += s.Points
	}
	return n
}

// Totals are the sums over a plan.
type Totals struct {
	Runs, Series, Params, Files            int
	Points, Duplicates, NaN, Infinite      int64
	Skipped, BadTimes, NegZero, SampledOut int64
	Superseded                             int64 // points whose step a later one goes back to, which are sent all the same
	LastNaN                                int   // metrics whose latest value is NaN, which MLflow 3.17 leaves out of a run's page
	FileBytes                              int64
	CutParams, OmittedParams               int
	Calls                                  int64 // of the API, verification not counted
	VerifyCalls                            int64
	Seconds                                float64 // estimate of the whole, on a server of four workers on two processors
	DatabaseBytes                          int64   // estimate of what the points take in PostgreSQL
}

// Measured with MLflow 3.17 on PostgreSQL 15, two processors.
const (
	pointsPerSecond = 9000
	secondsPerCall  = 0.015
	bytesPerPoint   = 435
)

// Totals sums up the plan.
func (p *Plan) Totals() Totals {
	var t Totals
	for _, r := range p.Runs {
		t.addRun(r)
		t.Calls += 3 + int64(len(r.Files)) // create, tags and update
		if p.options.Artifacts {
			t.Calls++ // keys.json
		}
		t.Calls += int64(len(r.Params)+most-1)/most + (r.Points()+mostMetrics-1)/mostMetrics
		t.VerifyCalls += 1 + int64(len(r.Series))
	}
	t.Seconds = float64(t.Points)/pointsPerSecond + float64(t.Calls+t.VerifyCalls)*secondsPerCall
	t.DatabaseBytes = t.Points * bytesPerPoint
	return t
}

func (t *Totals) addRun(r *RunPlan) {
	t.Runs++
	t.Series += len(r.Series)
	t.Files += len(r.Files)
	for _, f := range r.Files {
		t.FileBytes += f.Bytes
	}
	for _, p := range r.Params {
		if p.Omitted {
			t.OmittedParams++
			continue
		}
		t.Params++
		if p.Full != "" {
			t.CutParams++
		}
	}
	for _, s := range r.Series {
		t.Points += s.Points
		t.Duplicates += s.Duplicates
		t.NaN += s.NaN
		t.Infinite += s.Infinite
		t.Skipped += s.Skipped
		t.BadTimes += s.BadTimes
		t.NegZero += s.NegZero
		if math.IsNaN(s.latest.value) {
			t.LastNaN++
		}
	}
	for _, s := range r.Sources {
		t.SampledOut += s.Stats.SampledOut
		t.Superseded += s.Stats.SupersededByStep - s.Stats.Dropped
	}
}
