package main

import (
	"encoding/json"
	"errors"
	"io"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/output"
)

// mlflowSchema is the version of the JSON plan and of the report; it grows
// when a field changes its meaning or goes. New fields do not count.
const mlflowSchema = 1

// The JSON plan. Times are milliseconds since 1970.
type (
	jsonPlan struct {
		Schema         int            `json:"schema"`
		Tool           string         `json:"tool"`
		Totals         jsonPlanTotals `json:"totals"`
		Changed        []jsonRenamed  `json:"changed_names"`
		SameButForCase [][2]string    `json:"same_but_for_case"` // keys that are one on MySQL and SQL Server
		Empty          []string       `json:"empty_runs"`        // left out
		Folded         []string       `json:"folded_runs"`       // part of another
		Runs           []jsonPlanRun  `json:"runs"`
	}
	jsonPlanTotals struct {
		Runs             int     `json:"runs"`
		Metrics          int     `json:"metrics"`
		Params           int     `json:"params"`
		Files            int     `json:"files"`
		FileBytes        int64   `json:"file_bytes"`
		Points           int64   `json:"points"`     // to be sent
		Duplicates       int64   `json:"duplicates"` // equal to another, to the millisecond
		NaN              int64   `json:"nan"`
		LastNaN          int     `json:"metrics_ending_with_nan"`
		Infinite         int64   `json:"infinite"`
		Skipped          int64   `json:"skipped"`   // by --nonfinite
		BadTimes         int64   `json:"bad_times"` // wall times that MLflow does not take
		NegativeZeros    int64   `json:"negative_zeros"`
		SampledOut       int64   `json:"sampled_out"`
		Superseded       int64   `json:"superseded"` // sent, though a restart wrote their step again
		CutParams        int     `json:"cut_params"`
		OmittedParams    int     `json:"omitted_params"`
		Calls            int64   `json:"calls"`
		VerifyCalls      int64   `json:"verify_calls"`
		EstimatedSeconds float64 `json:"estimated_seconds"`
		EstimatedBytes   int64   `json:"estimated_database_bytes"`
	}
	jsonRenamed struct {
		From string `json:"from"`
		To   string `json:"to"`
		Kind string `json:"kind"` // metric or param
	}
	jsonPlanRun struct {
		Run      string           `json:"run"`
		Name     string           `json:"name"`
		SourceID string           `json:"source_id"`
		Parent   string           `json:"parent,omitempty"` // its run
		Status   string           `json:"status"`
		Start    int64            `json:"start_time"`
		End      int64            `json:"end_time"`
		Points   int64            `json:"points"`
		Metrics  []jsonPlanMetric `json:"metrics"`
		Params   []jsonPlanParam  `json:"params"`
		Files    []jsonPlanFile   `json:"files"`
	}
	jsonPlanMetric struct {
		Key    string `json:"key"`
		Run    string `json:"run"`
		Tag    string `json:"tag"`
		Points int64  `json:"points"`
	}
	jsonPlanParam struct {
		Key     string `json:"key"`
		Name    string `json:"name"`
		Value   string `json:"value"`
		Cut     bool   `json:"cut,omitempty"`
		Omitted bool   `json:"omitted,omitempty"`
	}
	jsonPlanFile struct {
		Path     string `json:"path"`
		Artifact string `json:"artifact"`
		Bytes    int64  `json:"bytes"`
	}
)

func newJSONPlan(p *mlflow.Plan) jsonPlan {
	t := p.Totals()
	plan := jsonPlan{
		Schema: mlflowSchema, Tool: "tbexport " + programVersion(),
		Totals: jsonPlanTotals{
			Runs: t.Runs, Metrics: t.Series, Params: t.Params, Files: t.Files, FileBytes: t.FileBytes, Points: t.Points,
			Duplicates: t.Duplicates, NaN: t.NaN, LastNaN: t.LastNaN, Infinite: t.Infinite, Skipped: t.Skipped, BadTimes: t.BadTimes,
			NegativeZeros: t.NegZero, SampledOut: t.SampledOut, Superseded: t.Superseded, CutParams: t.CutParams,
			OmittedParams: t.OmittedParams, Calls: t.Calls, VerifyCalls: t.VerifyCalls,
			EstimatedSeconds: t.Seconds, EstimatedBytes: t.DatabaseBytes,
		},
		Changed: []jsonRenamed{}, SameButForCase: append([][2]string{}, p.SameButForCase...),
		Empty: append([]string{}, p.Empty...), Folded: append([]string{}, p.Folded...), Runs: []jsonPlanRun{},
	}
	for _, r := range p.Changed {
		kind := "metric"
		if r.Param {
			kind = "param"
		}
		plan.Changed = append(plan.Changed, jsonRenamed{r.From, r.To, kind})
	}
	for _, r := range p.Runs {
		plan.Runs = append(plan.Runs, newJSONPlanRun(r))
	}
	return plan
}

func newJSONPlanRun(r *mlflow.RunPlan) jsonPlanRun {
	run := jsonPlanRun{
		Run: r.Path, Name: r.Name, SourceID: r.SourceID, Status: r.Status, Start: r.Start, End: r.End, Points: r.Points(),
		Metrics: []jsonPlanMetric{}, Params: []jsonPlanParam{}, Files: []jsonPlanFile{},
	}
	if r.Parent != nil {
		run.Parent = r.Parent.Path
	}
	for _, s := range r.Series {
		run.Metrics = append(run.Metrics, jsonPlanMetric{s.Key, s.Source.Run.Name, s.Tag, s.Points})
	}
	for _, p := range r.Params {
		run.Params = append(run.Params, jsonPlanParam{p.Key, p.Name, p.Value, p.Full != "" && !p.Omitted, p.Omitted})
	}
	for _, f := range r.Files {
		run.Files = append(run.Files, jsonPlanFile(f))
	}
	return run
}

// The JSON report of a migration.
type (
	jsonMLflow struct {
		Schema     int                `json:"schema"`
		Tool       string             `json:"tool"`
		Server     string             `json:"server"`
		Experiment jsonExperiment     `json:"experiment"`
		Totals     jsonPlanTotals     `json:"plan"`
		Runs       []jsonMigrated     `json:"runs"`
		Reading    convert.ReportJSON `json:"reading"`
	}
	jsonExperiment struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	jsonMigrated struct {
		Run         string           `json:"run"`
		Name        string           `json:"name"`
		RunID       string           `json:"run_id"`
		SourceID    string           `json:"source_id"`
		Outcome     string           `json:"outcome"` // created, completed, skipped, verified, missing, failed
		Metrics     int              `json:"metrics"`
		Params      int              `json:"params"`
		Points      int64            `json:"points"`
		PointsSent  int64            `json:"points_sent"`
		Verified    bool             `json:"verified"` // read back this time, and nothing differs
		Differences []jsonDifference `json:"differences"`
		Notes       []string         `json:"notes"`
		Error       string           `json:"error,omitempty"`
	}
	jsonDifference struct {
		What           string `json:"what"`
		Key            string `json:"key"`
		InLogs         string `json:"in_logs"`
		OnServer       string `json:"on_server"`
		PointsNotThere int64  `json:"points_not_on_server"`
		PointsNotHere  int64  `json:"points_only_on_server"`
	}
)

func writeMLflowReport(path string, overwrite bool, server string, p *planned, r *mlflow.Result) error {
	file, err := output.Create(path, overwrite, false)
	if err != nil {
		return err
	}
	if err = writeIndented(file, newJSONMLflow(server, p, r)); err == nil {
		err = file.Commit()
	}
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	return nil
}

func newJSONMLflow(server string, p *planned, r *mlflow.Result) jsonMLflow {
	report := jsonMLflow{
		Schema: mlflowSchema, Tool: "tbexport " + programVersion(), Server: server,
		Experiment: jsonExperiment{r.Experiment.ID, r.Experiment.Name},
		Totals:     newJSONPlan(p.plan).Totals, Runs: []jsonMigrated{}, Reading: p.report.JSON(tool(), p.found.problems),
	}
	for _, run := range r.Runs {
		report.Runs = append(report.Runs, newJSONMigrated(run))
	}
	return report
}

func newJSONMigrated(r *mlflow.RunResult) jsonMigrated {
	m := jsonMigrated{
		Run: r.Plan.Path, Name: r.Plan.Name, RunID: r.RunID, SourceID: r.Plan.SourceID, Outcome: string(r.Outcome),
		Metrics: len(r.Plan.Series), Params: len(r.Plan.Params), Points: r.Plan.Points(), PointsSent: r.PointsSent,
		Verified: r.Checked && len(r.Differences) == 0, Differences: []jsonDifference{}, Notes: append([]string{}, r.Notes...),
	}
	for _, d := range r.Differences {
		m.Differences = append(m.Differences, jsonDifference{d.What, d.Key, d.Expected, d.Got, d.NotThere, d.NotHere})
	}
	if r.Err != nil {
		m.Error = r.Err.Error()
	}
	return m
}

func writeIndented(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
