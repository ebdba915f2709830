package plan

import (
	"tbexport/convert"
)

// Schema is the version of PlanDocument and ReportDocument; it grows when a
// field changes its meaning or goes. New fields do not count.
const Schema = 1

// PlanDocument is a plan as JSON, for destinations that have no document of
// their own. Times are seconds since 1970; 0: not known.
type PlanDocument struct {
	Schema         int                  `json:"schema"`
	Tool           string               `json:"tool"`        // name and version of the program
	Destination    string               `json:"destination"` // a path or an address, without secrets
	Totals         TotalsDocument       `json:"totals"`
	Changed        []RenamedDocument    `json:"changed_names"`
	SameButForCase [][2]string          `json:"same_but_for_case"`
	Empty          []string             `json:"empty_runs"`  // left out
	Folded         []string             `json:"folded_runs"` // part of another
	Runs           []PlannedRunDocument `json:"runs"`
}

// TotalsDocument is Totals as JSON, with what was written or is to be.
type TotalsDocument struct {
	Runs       int   `json:"runs"`
	Series     int   `json:"metrics"`
	Params     int   `json:"params"`
	Points     int64 `json:"points"`
	Rows       int64 `json:"rows"`
	Bytes      int64 `json:"bytes"`
	NaN        int64 `json:"nan"`
	Infinite   int64 `json:"infinite"`
	Skipped    int64 `json:"skipped"`     // not finite, and left out
	SampledOut int64 `json:"sampled_out"` // left out
	Superseded int64 `json:"superseded"`  // carried over, though a later point goes back to their step
	// Repeated and TwoWriters are those of Superseded that no restart wrote again,
	// see convert.Counts.
	Repeated   int64 `json:"repeated_steps"`
	TwoWriters int64 `json:"two_writers"`
	// Moved are points whose time at the destination is that of another point
	// of their row; Spread, in seconds, is the most that it is off.
	Moved  int64   `json:"points_with_the_time_of_their_row"`
	Spread float64 `json:"most_seconds_off"`
	// BadTimes are rows none of whose times the destination can show.
	BadTimes int64 `json:"bad_times"`
	// OtherRows are the rows of values that are no points, by table; NULs are how
	// many of these values have a text that loses a NUL.
	OtherRows map[string]int64 `json:"other_rows,omitempty"`
	NULs      int64            `json:"values_that_lose_a_nul,omitempty"`
	Media     MediaDocument    `json:"media"`
}

// MediaDocument is a MediaResult as JSON.
type MediaDocument struct {
	Values    int64 `json:"values"` // in rows
	Files     int64 `json:"files"`
	FileBytes int64 `json:"file_bytes"`
	LeftOut   int64 `json:"left_out"` // images, clips and histograms that cannot be shown there
	Coarser   int64 `json:"coarser"`  // histograms that have more buckets in the logs
}

// PlannedRunDocument is one run of a plan.
type PlannedRunDocument struct {
	RunDocument
	Start     float64          `json:"start_time"`
	End       float64          `json:"end_time"`
	Points    int64            `json:"points"`
	Rows      int64            `json:"rows"`
	OtherRows map[string]int64 `json:"other_rows,omitempty"` // of values that are no points, by table
	Bytes     int64            `json:"bytes"`
	Series    []SeriesDocument `json:"metrics"`
	Params    []ParamDocument  `json:"params"`
}

// TotalsDocument sums up a plan and what was, or is to be, written of it; nil:
// nothing was.
func (p *Plan) TotalsDocument(r *Result) TotalsDocument {
	t := p.Totals()
	d := TotalsDocument{Runs: t.Runs, Series: t.Series, Params: t.Params, Points: t.Points, NaN: t.NaN,
		Infinite: t.Infinite,
		Skipped:  t.Skipped, SampledOut: t.SampledOut, Superseded: t.Superseded, Repeated: t.Repeated,
		TwoWriters: t.TwoWriters}
	if r == nil {
		return d
	}
	var media MediaResult
	for _, run := range r.Runs {
		media.Add(run.Media)
		d.Rows += run.Rows
		d.Bytes += run.Bytes
		d.Moved += run.Moved
		d.Spread = max(d.Spread, run.Spread)
		d.BadTimes += run.BadTimes
		d.NULs += run.NULs
		for table, n := range run.OtherRows {
			if d.OtherRows == nil {
				d.OtherRows = make(map[string]int64)
			}
			d.OtherRows[table] += n
		}
	}
	d.Media = MediaDocument(media)
	return d
}

// NewPlanDocument makes the JSON of a plan, with what was measured of it.
func NewPlanDocument(p *Plan, tool, destination string, measured *Result) *PlanDocument {
	d := &PlanDocument{
		Schema: Schema, Tool: tool, Destination: destination, Totals: p.TotalsDocument(measured),
		Changed: p.ChangedDocument(), SameButForCase: append([][2]string{}, p.SameButForCase...),
		Empty: append([]string{}, p.Empty...), Folded: append([]string{}, p.Folded...), Runs: []PlannedRunDocument{},
	}
	sizes := make(map[*Run]*RunResult)
	if measured != nil {
		for _, r := range measured.Runs {
			sizes[r.Run] = r
		}
	}
	for _, r := range p.Runs {
		run := PlannedRunDocument{RunDocument: r.Document(), Start: r.Start, End: r.End, Points: r.Points(),
			Series: r.SeriesDocument(), Params: r.ParamsDocument()}
		if size := sizes[r]; size != nil {
			run.Rows, run.OtherRows, run.Bytes = size.Rows, size.OtherRows, size.Bytes
		}
		d.Runs = append(d.Runs, run)
	}
	return d
}

// ReportDocument is what became of a plan, as JSON.
type ReportDocument struct {
	Schema      int                `json:"schema"`
	Tool        string             `json:"tool"`
	Destination string             `json:"destination"`
	Totals      TotalsDocument     `json:"totals"`
	Runs        []ResultDocument   `json:"runs"`    // those that were come to
	Reading     convert.ReportJSON `json:"reading"` // of the logs
}

// ResultDocument is what became of a run.
type ResultDocument struct {
	Run         string               `json:"run"` // its path
	Name        string               `json:"name"`
	SourceID    string               `json:"source_id"`
	Outcome     string               `json:"outcome"`         // created, completed, skipped, verified, missing, failed
	Where       string               `json:"where,omitempty"` // its id at the destination, or a path
	Rows        int64                `json:"rows"`            // written or compared
	Points      int64                `json:"points"`          // in these rows
	OtherRows   map[string]int64     `json:"other_rows,omitempty"`
	Bytes       int64                `json:"bytes"`
	Moved       int64                `json:"points_with_the_time_of_their_row"`
	Spread      float64              `json:"most_seconds_off"`
	BadTimes    int64                `json:"bad_times"`
	Media       MediaDocument        `json:"media"`
	Differences []DifferenceDocument `json:"differences"`
	// Additions are what people added or changed at the destination.
	Additions []DifferenceDocument `json:"additions,omitempty"`
	Error     string               `json:"error,omitempty"`
}

// DifferenceDocument is a Difference.
type DifferenceDocument struct {
	What     string `json:"what"`
	Key      string `json:"key"`
	InLogs   string `json:"in_logs"`
	There    string `json:"there"`
	NotThere int64  `json:"points_not_there"`
	NotHere  int64  `json:"points_only_there"`
}

func (d Difference) document() DifferenceDocument {
	return DifferenceDocument{d.What, d.Key, d.Expected, d.Got, d.NotThere, d.NotHere}
}

// NewReportDocument makes the JSON of a result. words puts the error of a run
// in words.
func NewReportDocument(p *Plan, r *Result, tool, destination string, reading convert.ReportJSON,
	words func(error) string) *ReportDocument {
	d := &ReportDocument{
		Schema: Schema, Tool: tool, Destination: destination, Totals: p.TotalsDocument(r),
		Runs: []ResultDocument{}, Reading: reading,
	}
	for _, run := range r.Runs {
		x := ResultDocument{
			Run: run.Run.Path, Name: run.Run.Name, SourceID: run.Run.SourceID, Outcome: string(run.Outcome),
			Where: run.Where,
			Rows:  run.Rows, Points: run.Points, OtherRows: run.OtherRows, Bytes: run.Bytes, Moved: run.Moved,
			Spread: run.Spread, BadTimes: run.BadTimes,
			Media: MediaDocument(run.Media), Differences: []DifferenceDocument{},
		}
		for _, q := range run.Differences {
			x.Differences = append(x.Differences, q.document())
		}
		for _, q := range run.Theirs {
			x.Additions = append(x.Additions, q.document())
		}
		if run.Err != nil {
			x.Error = words(run.Err)
		}
		d.Runs = append(d.Runs, x)
	}
	return d
}
