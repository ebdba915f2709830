package mlflow

import (
	"tbexport/convert"
	"tbexport/convert/plan"
)

// Schema is the version of the plan's and the report's JSON; it grows when a
// field changes its meaning or goes. New fields do not count.
const Schema = 1

// PlanDocument is a plan as JSON. Times are milliseconds since 1970.
type PlanDocument struct {
	Schema         int                    `json:"schema"`
	Tool           string                 `json:"tool"` // name and version of the program
	Totals         Totals                 `json:"totals"`
	Changed        []plan.RenamedDocument `json:"changed_names"`
	SameButForCase [][2]string            `json:"same_but_for_case"`         // keys that are one on MySQL, SQL Server
	Empty          []string               `json:"empty_runs"`                // left out
	Folded         []string               `json:"folded_runs"`               // part of another
	TooLarge       []plan.FileDocument    `json:"files_too_large,omitempty"` // beside the logs, and left out for that
	Problems       []string               `json:"file_problems,omitempty"`   // beside the logs, and not to be read
	Runs           []RunDocument          `json:"runs"`
}

// RunDocument is one run of a plan.
type RunDocument struct {
	plan.RunDocument
	Start  int64                 `json:"start_time"` // 0: not known
	End    int64                 `json:"end_time"`
	Points int64                 `json:"points"` // to be sent
	Series []plan.SeriesDocument `json:"metrics"`
	Params []plan.ParamDocument  `json:"params"`
	Files  []plan.FileDocument   `json:"files"`
	Media  []MediaDocument       `json:"media"`
}

// MediaDocument is what a run has of one tag that is no points.
type MediaDocument struct {
	Run  string `json:"run"` // the TensorBoard run that it comes from
	Tag  string `json:"tag"`
	Kind string `json:"kind"` // images, text, audio, histograms or pr_curves
	// Artifact is the table of histograms or curves, or the directory of texts and
	// sound; Key is what pictures are called in the image grid.
	Artifact string `json:"artifact,omitempty"`
	Key      string `json:"key,omitempty"`
	Items    int64  `json:"items"`
	Sent     int64  `json:"to_be_sent"`
	Bytes    int64  `json:"bytes"` // of all items, as the logs have them
}

func mediaDocument(r *plan.Run) []MediaDocument {
	media := make([]MediaDocument, 0, len(r.Media))
	for _, m := range r.Media {
		d := MediaDocument{Run: m.Source.Run.Name, Tag: m.Tag, Kind: string(m.Form), Bytes: m.Bytes}
		d.Sent, d.Items = m.Count()
		switch {
		case m.Form == convert.FormImages:
			d.Key = imageKey(m.Name)
		case isTable(m.Form):
			d.Artifact = tableName(m)
		default:
			d.Artifact = mediaPath(m)
		}
		media = append(media, d)
	}
	return media
}

// NewPlanDocument makes the JSON of a plan. tool is the program's name and
// version.
func NewPlanDocument(p *plan.Plan, tool string) *PlanDocument {
	d := &PlanDocument{
		Schema: Schema, Tool: tool, Totals: TotalsOf(p),
		Changed: p.ChangedDocument(), SameButForCase: append([][2]string{}, p.SameButForCase...),
		Empty: append([]string{}, p.Empty...), Folded: append([]string{}, p.Folded...), Runs: []RunDocument{},
	}
	for _, f := range p.TooLarge {
		d.TooLarge = append(d.TooLarge, plan.FileDocument{Path: f.Path, Place: f.Place, Bytes: f.Bytes})
	}
	for _, problem := range p.Problems {
		d.Problems = append(d.Problems, problem.Error())
	}
	for _, r := range p.Runs {
		d.Runs = append(d.Runs, RunDocument{
			RunDocument: r.Document(), Start: milliseconds(r.Start), End: milliseconds(r.End), Points: r.Points(),
			Series: r.SeriesDocument(), Params: r.ParamsDocument(), Files: r.FilesDocument(), Media: mediaDocument(r),
		})
	}
	return d
}

// ReportDocument is what became of a plan, as JSON.
type ReportDocument struct {
	Schema     int                `json:"schema"`
	Tool       string             `json:"tool"`
	Server     string             `json:"server"` // its tracking URI, without secrets
	Experiment ExperimentDocument `json:"experiment"`
	Totals     Totals             `json:"plan"`
	Runs       []ResultDocument   `json:"runs"`    // those that were come to
	Reading    convert.ReportJSON `json:"reading"` // of the logs
}

// ExperimentDocument is an experiment.
type ExperimentDocument struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ResultDocument is what became of a run.
type ResultDocument struct {
	Run      string `json:"run"` // its path
	Name     string `json:"name"`
	RunID    string `json:"run_id"` // MLflow's; empty: there is none
	SourceID string `json:"source_id"`
	// Outcome is planned, created, completed, skipped, deleted, duplicate,
	// verified, missing or failed; of undo also "to be deleted", removed or kept.
	Outcome string `json:"outcome"`
	// Experiment is its experiment, where the runs are in several.
	Experiment *ExperimentDocument `json:"experiment,omitempty"`
	// NotKept are artifacts that the server refused.
	NotKept []NotKeptDocument `json:"artifacts_not_kept,omitempty"`
	// Media is how many pictures and other media were sent this time, and arrived.
	Media       int64                `json:"media_sent"`
	MediaBytes  int64                `json:"media_sent_bytes"`
	Metrics     int                  `json:"metrics"`
	Params      int                  `json:"params"`
	Points      int64                `json:"points"`
	PointsSent  int64                `json:"points_sent"` // this time, and arrived
	Verified    bool                 `json:"verified"`    // read back this time, and nothing differs
	Differences []DifferenceDocument `json:"differences"`
	// ChangedParams are keys of params that are others in the logs now, which
	// MLflow does not change. ChangedValues has both values of each.
	ChangedParams []string             `json:"changed_params,omitempty"`
	ChangedValues []DifferenceDocument `json:"changed_param_values,omitempty"`
	// Additions are what people added or changed in MLflow.
	Additions []DifferenceDocument `json:"additions,omitempty"`
	Notes     []string             `json:"notes"`
	Error     string               `json:"error,omitempty"`
}

// NotKeptDocument is an artifact that the server refused.
type NotKeptDocument struct {
	Artifact string `json:"artifact"`
	Bytes    int64  `json:"bytes"`
	Error    string `json:"error,omitempty"` // empty: an earlier migration met it
}

// DifferenceDocument is something of a run that is not on the server as it is
// in the logs.
type DifferenceDocument struct {
	What           string `json:"what"` // param, tag, metric, latest, artifact, status, start, end, name or run
	Key            string `json:"key"`
	InLogs         string `json:"in_logs"`
	OnServer       string `json:"on_server"`
	PointsNotThere int64  `json:"points_not_on_server"`
	PointsNotHere  int64  `json:"points_only_on_server"`
}

func (d Difference) document() DifferenceDocument {
	return DifferenceDocument{d.What, d.Key, d.Expected, d.Got, d.NotThere, d.NotHere}
}

// NewReportDocument makes the JSON of a result. reading is the report on the
// logs; words puts the error of a run in words, nil: its own.
func NewReportDocument(p *plan.Plan, r *Result, tool, server string, reading convert.ReportJSON,
	words func(error) string) *ReportDocument {
	if words == nil {
		words = error.Error
	}
	d := &ReportDocument{
		Schema: Schema, Tool: tool, Server: server, Experiment: ExperimentDocument{r.Experiment.ID, r.Experiment.Name},
		Totals: TotalsOf(p), Runs: []ResultDocument{}, Reading: reading,
	}
	for _, run := range r.Runs {
		d.Runs = append(d.Runs, newResultDocument(run, words))
	}
	return d
}

func newResultDocument(r *RunResult, words func(error) string) ResultDocument {
	d := ResultDocument{
		Run: r.Plan.Path, Name: r.Plan.Name, RunID: r.RunID, SourceID: r.Plan.SourceID, Outcome: string(r.Outcome),
		Metrics: len(r.Plan.Series), Params: len(r.Plan.Params), Points: r.Plan.Points(), PointsSent: r.PointsSent,
		Media: r.Media.Sent, MediaBytes: r.Media.Bytes,
		Verified: r.Checked && len(r.Differences) == 0, Differences: []DifferenceDocument{},
		Notes: append([]string{}, r.Notes...),
	}
	for _, x := range r.Differences {
		d.Differences = append(d.Differences, x.document())
	}
	for _, x := range r.ChangedParams {
		d.ChangedParams = append(d.ChangedParams, x.Key)
		d.ChangedValues = append(d.ChangedValues, x.document())
	}
	if r.Experiment.ID != "" {
		d.Experiment = &ExperimentDocument{r.Experiment.ID, r.Experiment.Name}
	}
	for _, f := range r.Unkept {
		not := NotKeptDocument{Artifact: f.Name, Bytes: f.Bytes}
		if f.Err != nil {
			not.Error = words(f.Err)
		}
		d.NotKept = append(d.NotKept, not)
	}
	for _, x := range r.Theirs {
		d.Additions = append(d.Additions, x.document())
	}
	if r.Err != nil {
		d.Error = words(r.Err)
	}
	return d
}
