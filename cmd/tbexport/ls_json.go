package main

import (
	"encoding/json"
	"io"
	"math"

	"tbexport/eventfile"
	"tbexport/internal/ui"
)

// lsVersion is that of the JSON of ls; it grows when a field goes or changes
// its meaning. New fields do not count.
const lsVersion = 1

// lsSchema documents the JSON of ls.
const lsSchema = `With --json, an object {schema: 1, tool, runs: [...], problems: [{path, error}]}
with names as they are in the logs. A number that is not finite is one of the
strings "NaN", "Infinity", "-Infinity". A run:

  run, writer, file_version   writer and version are of its first such event
  bytes, events, points       of its files; points are of scalars
  min_step, max_step          of all tags; null without one
  start, end                  lowest and highest wall time above 0, or null
  kinds                       {kind: values}; scalars are counted by "points"
  hparams                     hyperparameters of its session start
  superseded_by_step, superseded_by_session
                              points that --restarts step, session takes out
  files                       as in the report of verify --json
  tags                        [{tag, kind, scalar, dtype, values,
                              first_step, last_step (in file order),
                              min_step, max_step, first_time, last_time}]
                              and where scalar is true: first, last, min, max
                              (null where none is finite), not_finite, course:
                              means of 1 to 32 stretches of equal length`

type (
	lsReport struct {
		Schema   int           `json:"schema"`
		Tool     string        `json:"tool"`
		Runs     []lsRun       `json:"runs"`
		Problems []jsonProblem `json:"problems"`
	}
	lsRun struct {
		Run                 string           `json:"run"`
		Writer              string           `json:"writer,omitempty"`
		FileVersion         string           `json:"file_version,omitempty"`
		Bytes               int64            `json:"bytes"`
		Events              int64            `json:"events"`
		Points              int64            `json:"points"`
		MinStep             *int64           `json:"min_step"`
		MaxStep             *int64           `json:"max_step"`
		Start               *jsonFloat       `json:"start"`
		End                 *jsonFloat       `json:"end"`
		Kinds               map[string]int64 `json:"kinds"`
		HParams             int              `json:"hparams"`
		SupersededByStep    int64            `json:"superseded_by_step"`
		SupersededBySession int64            `json:"superseded_by_session"`
		Files               []jsonFile       `json:"files"`
		Tags                []lsTag          `json:"tags"`
	}
	lsTag struct {
		Tag       string    `json:"tag"`
		Kind      string    `json:"kind"`
		Scalar    bool      `json:"scalar"`
		DType     string    `json:"dtype,omitempty"`
		Values    int64     `json:"values"`
		FirstStep int64     `json:"first_step"`
		LastStep  int64     `json:"last_step"`
		MinStep   int64     `json:"min_step"`
		MaxStep   int64     `json:"max_step"`
		FirstTime jsonFloat `json:"first_time"`
		LastTime  jsonFloat `json:"last_time"`
		*LsSeries
	}
	// LsSeries has the fields of a tag whose values are points. Its name is
	// exported because encoding/json does not read into others.
	LsSeries struct {
		First     jsonFloat   `json:"first"`
		Last      jsonFloat   `json:"last"`
		Min       *jsonFloat  `json:"min"`
		Max       *jsonFloat  `json:"max"`
		NotFinite int64       `json:"not_finite"`
		Course    []jsonFloat `json:"course"`
	}
)

// writeJSON writes the listing as lsSchema says.
func (l *listing) writeJSON(w io.Writer) error {
	report := lsReport{Schema: lsVersion, Tool: "tbexport " + version, Runs: []lsRun{}, Problems: []jsonProblem{}}
	for i := range l.runs {
		report.Runs = append(report.Runs, newLsRun(&l.runs[i]))
	}
	for _, p := range l.summary.problems {
		report.Problems = append(report.Problems, jsonProblem{p.Path, p.Err.Error()})
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(ui.VisibleJSON(text), '\n'))
	return err
}

func newLsRun(r *listed) lsRun {
	run := lsRun{
		Run: r.Run, Writer: r.Writer, FileVersion: r.FileVersion, Bytes: r.bytes, Events: r.Events, Points: r.Points,
		Start: wallTime(r.FirstTime), End: wallTime(r.LastTime), Kinds: r.others(), HParams: r.Outline.HParams,
		SupersededByStep: r.SupersededByStep, SupersededBySession: r.SupersededBySession,
		Files: []jsonFile{}, Tags: []lsTag{},
	}
	if run.Kinds == nil {
		run.Kinds = map[string]int64{}
	}
	if r.steps {
		run.MinStep, run.MaxStep = &r.minStep, &r.maxStep
	}
	for _, f := range r.Files {
		run.Files = append(run.Files, newJSONFile(f))
	}
	for _, t := range r.Outline.Tags {
		run.Tags = append(run.Tags, newLsTag(t))
	}
	return run
}

func newLsTag(t *eventfile.TagOutline) lsTag {
	tag := lsTag{
		Tag: t.Tag, Kind: t.Kind, Scalar: t.Scalar, DType: t.DType, Values: t.Values,
		FirstStep: t.FirstStep, LastStep: t.LastStep, MinStep: t.MinStep, MaxStep: t.MaxStep,
		FirstTime: jsonFloat(t.FirstTime), LastTime: jsonFloat(t.LastTime),
	}
	if t.Scalar {
		tag.LsSeries = &LsSeries{
			First: jsonFloat(t.First), Last: jsonFloat(t.Last), Min: finite(t.Min), Max: finite(t.Max), NotFinite: t.NotFinite,
		}
		for _, m := range t.Course {
			tag.Course = append(tag.Course, jsonFloat(m))
		}
	}
	return tag
}

// wallTime is a time, or null for 0, which is none.
func wallTime(seconds float64) *jsonFloat {
	if seconds == 0 {
		return nil
	}
	return finite(seconds)
}

// finite is a number, or null if it is not finite.
func finite(x float64) *jsonFloat {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	f := jsonFloat(x)
	return &f
}
