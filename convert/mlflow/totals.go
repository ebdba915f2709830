package mlflow

import (
	"math"

	"tbexport/convert"
	"tbexport/convert/plan"
)

// Totals are the sums over a plan, as its JSON has them.
type Totals struct {
	Runs          int     `json:"runs"`
	Series        int     `json:"metrics"`
	Params        int     `json:"params"`
	Files         int     `json:"files"`
	Included      int     `json:"included_files"` // of files, those that are no event files
	FileBytes     int64   `json:"file_bytes"`
	Images        int64   `json:"images"`      // pictures to be sent
	AllImages     int64   `json:"images_read"` // with those above the most of a run, which are not sent
	Texts         int64   `json:"texts"`
	Clips         int64   `json:"audio"`
	Tables        int64   `json:"tables"`                  // of histograms and curves, one a tag
	MediaBytes    int64   `json:"media_bytes"`             // of all these, as the logs have them
	Points        int64   `json:"points"`                  // to be sent
	Duplicates    int64   `json:"duplicates"`              // equal to another, to the millisecond
	NaN           int64   `json:"nan"`                     // sent as NaN
	LastNaN       int     `json:"metrics_ending_with_nan"` // those MLflow 3.17 leaves out of a run's page
	Infinite      int64   `json:"infinite"`                // sent, and kept by the server as ±1.7976931348623157e308
	Skipped       int64   `json:"skipped"`                 // not finite, and not to be sent
	BadTimes      int64   `json:"bad_times"`               // wall times that become the nearest that MLflow takes
	NegZero       int64   `json:"negative_zeros"`          // zeros that lose their sign on the server
	SampledOut    int64   `json:"sampled_out"`
	Superseded    int64   `json:"superseded"`     // sent, though a later point goes back to their step
	Repeated      int64   `json:"repeated_steps"` // of these, points whose step the next one has
	TwoWriters    int64   `json:"two_writers"`    // of these, points of series that two writers write at a time
	CutParams     int     `json:"cut_params"`
	OmittedParams int     `json:"omitted_params"`
	Calls         int64   `json:"calls"` // of the API, verification not counted
	VerifyCalls   int64   `json:"verify_calls"`
	Seconds       float64 `json:"estimated_seconds"`        // of the whole: four workers, two processors
	DatabaseBytes int64   `json:"estimated_database_bytes"` // what the points take in PostgreSQL
}

// Measured with MLflow 3.17 on PostgreSQL 15, two processors.
const (
	pointsPerSecond = 9000
	secondsPerCall  = 0.015
	bytesPerPoint   = 435
)

// TotalsOf sums up a plan, and estimates what it takes to carry it out.
func TotalsOf(p *plan.Plan) Totals {
	t := totalsOf(p.Runs...)
	for _, r := range p.Runs {
		t.Calls += 4 + int64(len(r.Files)) // create, search, tags and update
		if oneCall(r, mostMetrics) {
			t.Calls++
		} else {
			t.Calls += max(1, int64(len(r.Params)+most-1)/most) + (r.Points()+mostMetrics-1)/mostMetrics
		}
		t.VerifyCalls += 2 + int64(len(r.Series)) // the run, and the sizes of its files
		files, pictures := mediaFiles(r), totalsOf(r).Images
		t.Calls += files + pictures // a small one each
		t.VerifyCalls += files
	}
	t.Seconds = float64(t.Points)/pointsPerSecond + float64(t.Calls+t.VerifyCalls)*secondsPerCall
	t.DatabaseBytes = t.Points * bytesPerPoint
	return t
}

// totalsOf sums up runs, without what is estimated.
func totalsOf(runs ...*plan.Run) Totals {
	var sums plan.Totals
	var t Totals
	for _, r := range runs {
		sums.Add(r)
		for _, s := range r.Series {
			t.addSeries(tallyOf(s))
		}
		for _, m := range r.Media {
			t.addMedia(m)
		}
	}
	t.Runs, t.Series, t.Params, t.Files, t.FileBytes, t.Included = sums.Runs, sums.Series, sums.Params, sums.Files,
		sums.FileBytes, sums.Included
	t.Points, t.NaN, t.Infinite, t.Skipped = sums.Points, sums.NaN, sums.Infinite, sums.Skipped
	t.SampledOut, t.Superseded, t.Repeated, t.TwoWriters = sums.SampledOut, sums.Superseded, sums.Repeated,
		sums.TwoWriters
	t.CutParams, t.OmittedParams = sums.CutParams, sums.OmittedParams
	return t
}

func (t *Totals) addSeries(s *tally) {
	t.Duplicates += s.duplicates
	t.BadTimes += s.badTimes
	t.NegZero += s.negZero
	if math.IsNaN(s.latest.value) {
		t.LastNaN++
	}
}

// addMedia adds the media of a tag. The bytes of pictures that are not sent are
// not known: they are taken for as large as the others.
func (t *Totals) addMedia(m *plan.Media) {
	kept, all := m.Count()
	switch {
	case m.Form == convert.FormImages:
		t.Images += kept
		t.AllImages += all
	case m.Form == convert.FormAudio:
		t.Clips += kept
	case isTable(m.Form):
		t.Tables++
	default:
		t.Texts += kept
	}
	if all > 0 {
		t.MediaBytes += int64(float64(m.Bytes) * float64(kept) / float64(all))
	}
}
