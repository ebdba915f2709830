package main

import (
	"encoding/json"
	"math"
	"strconv"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/eventfile"
)

// reportSchema is the version of the JSON report; it grows when a field
// changes its meaning or goes. New fields do not count.
const reportSchema = 1

// The JSON report. Counts are of what was read unless they say otherwise;
// bytes are of event files.
type (
	jsonReport struct {
		Schema   int           `json:"schema"`
		Tool     string        `json:"tool"`
		Totals   jsonTotals    `json:"totals"`
		Problems []jsonProblem `json:"problems"` // directories and links passed over
		Runs     []jsonRun     `json:"runs"`
		Folded   []jsonFold    `json:"folded,omitempty"` // runs that the output has as a part of another
	}
	jsonCounts struct {
		Events int64 `json:"events"`
		Series int   `json:"series"`
		Points int64 `json:"points"` // == written + unselected + dropped + sampled_out

		Written    int64 `json:"written"`
		Unselected int64 `json:"unselected"`
		Dropped    int64 `json:"dropped"` // by --restarts
		SampledOut int64 `json:"sampled_out"`

		SupersededByStep    int64            `json:"superseded_by_step"`
		SupersededBySession int64            `json:"superseded_by_session"`
		InexactIntegers     int64            `json:"inexact_integers"`
		HigherRank          int64            `json:"higher_rank"`
		RenamedTags         int              `json:"renamed_tags"`
		NotExported         map[string]int64 `json:"not_exported"`
		HParams             jsonHParams      `json:"hparams"`
	}
	// jsonHParams counts records of the hparams plugin, and what of them could
	// not be taken over.
	jsonHParams struct {
		Records         int64 `json:"records"`
		OtherVersions   int64 `json:"other_versions"`
		Misplaced       int64 `json:"misplaced"`
		Disagreeing     int64 `json:"disagreeing"`
		EndWithoutStart int64 `json:"end_without_start"`
		RepeatedNames   int64 `json:"repeated_names"`
		Renamed         int64 `json:"renamed"`
	}
	jsonFold struct {
		Run     string `json:"run"`
		Into    string `json:"into"`
		Session bool   `json:"session"` // run has metrics of the session into; else the hparams of into
	}
	jsonTotals struct {
		Runs    int   `json:"runs"`
		Files   int   `json:"files"`
		Bytes   int64 `json:"bytes"`
		Records int64 `json:"records"`
		jsonCounts
		RenamedRuns     int   `json:"renamed_runs"`
		TornFiles       int   `json:"torn_files"`
		DamagedFiles    int   `json:"damaged_files"`
		DamagedBytes    int64 `json:"damaged_bytes"`
		UnreadableFiles int   `json:"unreadable_files"`
	}
	jsonRun struct {
		Run string `json:"run"`
		jsonCounts
		Writer      string     `json:"writer,omitempty"`
		FileVersion string     `json:"file_version,omitempty"`
		Files       []jsonFile `json:"files"`
	}
	jsonFile struct {
		Path        string       `json:"path"`
		Bytes       int64        `json:"bytes"` // == record_bytes + those of damage, unless error is set
		RecordBytes int64        `json:"record_bytes"`
		Records     int64        `json:"records"`
		Damage      []jsonDamage `json:"damage,omitempty"`
		Error       string       `json:"error,omitempty"`
	}
	jsonDamage struct {
		Offset      int64         `json:"offset"`
		Bytes       int64         `json:"bytes"`
		Cause       string        `json:"cause"`
		RecordsLost *int64        `json:"records_lost"` // null: not to be known
		Torn        bool          `json:"torn"`
		Before      *jsonPosition `json:"before,omitempty"`
		After       *jsonPosition `json:"after,omitempty"`
	}
	jsonPosition struct {
		Step     int64     `json:"step"`
		WallTime jsonFloat `json:"wall_time"`
	}
	jsonProblem struct {
		Path  string `json:"path"`
		Error string `json:"error"`
	}
	// jsonFloat is a number, or one of the strings "NaN", "Infinity" and
	// "-Infinity", as in the JSON Lines that tbexport writes.
	jsonFloat float64
)

func (f jsonFloat) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case math.IsNaN(x):
		return []byte(`"NaN"`), nil
	case math.IsInf(x, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return strconv.AppendFloat(nil, x, 'g', -1, 64), nil
	}
}

// writeReport writes the JSON report to a file and commits it.
func writeReport(file *output.File, r *convert.Report, problems []eventfile.Problem) error {
	text, err := json.MarshalIndent(newReport(r, problems), "", "  ")
	if err != nil {
		return err
	}
	if _, err := file.Write(append(text, '\n')); err != nil {
		return err
	}
	return file.Commit()
}

func newReport(r *convert.Report, problems []eventfile.Problem) jsonReport {
	t := r.Totals()
	report := jsonReport{
		Schema: reportSchema,
		Tool:   "tbexport " + programVersion(),
		Totals: jsonTotals{
			Runs: t.Runs, Files: t.Files, Bytes: t.Bytes, Records: t.Records,
			jsonCounts: jsonCounts{
				Events: t.Events, Series: t.Series, Points: t.Points, Written: t.Written, Unselected: t.Unselected,
				Dropped: t.Dropped, SampledOut: t.SampledOut, SupersededByStep: t.SupersededByStep,
				SupersededBySession: t.SupersededBySession, InexactIntegers: t.InexactIntegers,
				HigherRank: t.HigherRank, RenamedTags: t.RenamedTags, NotExported: t.NotExported, HParams: jsonHParams(t.HParams),
			},
			RenamedRuns: r.RenamedRuns, TornFiles: t.Torn, DamagedFiles: t.Damaged, DamagedBytes: t.DamagedBytes,
			UnreadableFiles: t.Unreadable,
		},
		Problems: []jsonProblem{},
		Runs:     make([]jsonRun, 0, len(r.Runs)),
	}
	for _, p := range problems {
		report.Problems = append(report.Problems, jsonProblem{p.Path, p.Err.Error()})
	}
	for _, s := range r.Runs {
		report.Runs = append(report.Runs, newJSONRun(s))
	}
	for _, f := range r.Folded {
		report.Folded = append(report.Folded, jsonFold(f))
	}
	return report
}

func newJSONRun(s *eventfile.RunStats) jsonRun {
	run := jsonRun{
		Run: s.Run,
		jsonCounts: jsonCounts{
			Events: s.Events, Series: s.Series, Points: s.Points, Written: s.Written, Unselected: s.Unselected,
			Dropped: s.Dropped, SampledOut: s.SampledOut, SupersededByStep: s.SupersededByStep,
			SupersededBySession: s.SupersededBySession, InexactIntegers: s.InexactIntegers,
			HigherRank: s.HigherRank, RenamedTags: s.RenamedTags, NotExported: s.NotExported, HParams: jsonHParams(s.HParams),
		},
		Writer: s.Writer, FileVersion: s.FileVersion, Files: []jsonFile{},
	}
	if run.NotExported == nil {
		run.NotExported = map[string]int64{}
	}
	for i := range s.Files {
		run.Files = append(run.Files, newJSONFile(s.Files[i]))
	}
	return run
}

func newJSONFile(f *eventfile.FileStats) jsonFile {
	file := jsonFile{Path: f.Path, Bytes: f.Bytes, RecordBytes: f.RecordBytes, Records: f.Records}
	if f.Err != nil {
		file.Error = f.Err.Error()
	}
	for _, d := range f.Damage {
		damage := jsonDamage{Offset: d.Offset, Bytes: d.Bytes, Cause: d.Cause, Torn: d.Torn}
		if d.Records >= 0 {
			damage.RecordsLost = &d.Records
		}
		damage.Before, damage.After = newJSONPosition(d.Before), newJSONPosition(d.After)
		file.Damage = append(file.Damage, damage)
	}
	return file
}

func newJSONPosition(p *eventfile.Position) *jsonPosition {
	if p == nil {
		return nil
	}
	return &jsonPosition{p.Step, jsonFloat(p.WallTime)}
}
