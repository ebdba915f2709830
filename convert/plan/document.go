package plan

import "tbexport/convert"

// The parts of a plan's JSON that are the same for all destinations. A
// destination's document puts them together with what it alone has.
type (
	// RenamedDocument is a name whose key is another.
	RenamedDocument struct {
		From string `json:"from"`
		To   string `json:"to"`
		Kind string `json:"kind"` // metric or param
	}
	// RunDocument is the head of a run.
	RunDocument struct {
		Run      string `json:"run"` // its path
		Name     string `json:"name"`
		SourceID string `json:"source_id"`
		Parent   string `json:"parent,omitempty"` // the run that it is a child of, by its path
		Status   string `json:"status"`           // FINISHED, FAILED or RUNNING
		// Changes are what the hparams records of its TensorBoard runs say
		// differently.
		Changes []ChangeDocument `json:"hparams_changes,omitempty"`
	}
	// ChangeDocument is something that the hparams records of one TensorBoard run
	// say differently.
	ChangeDocument struct {
		Run string `json:"run"`
		convert.ChangeJSON
	}
	// SeriesDocument is a series.
	SeriesDocument struct {
		Key    string `json:"key"`
		Run    string `json:"run"` // the TensorBoard run that it comes from
		Tag    string `json:"tag"`
		Points int64  `json:"points"` // to be sent
	}
	// ParamDocument is a param.
	ParamDocument struct {
		Key     string `json:"key"`
		Name    string `json:"name"`
		Value   string `json:"value"`             // as it is sent
		Cut     bool   `json:"cut,omitempty"`     // it is longer in the logs
		Omitted bool   `json:"omitted,omitempty"` // it is too long, and not sent
	}
	// FileDocument is a file to be kept.
	FileDocument struct {
		Path  string `json:"path"`     // on this machine
		Place string `json:"artifact"` // below the run
		Bytes int64  `json:"bytes"`
	}
)

// ChangedDocument lists the names whose keys are others.
func (p *Plan) ChangedDocument() []RenamedDocument {
	changed := make([]RenamedDocument, 0, len(p.Changed))
	for _, r := range p.Changed {
		changed = append(changed, RenamedDocument{r.From, r.To, r.Kind()})
	}
	return changed
}

// Document gives the head of the run, for a destination that must have a
// status.
func (r *Run) Document() RunDocument {
	d := RunDocument{Run: r.Path, Name: r.Name, SourceID: r.SourceID, Status: string(r.Status.OrFinished())}
	if r.Parent != nil {
		d.Parent = r.Parent.Path
	}
	for _, s := range r.Sources {
		for _, c := range convert.ChangesJSON(s.Stats.Changes) {
			d.Changes = append(d.Changes, ChangeDocument{s.Run.Name, c})
		}
	}
	return d
}

// SeriesDocument lists the series of the run, by key.
func (r *Run) SeriesDocument() []SeriesDocument {
	series := make([]SeriesDocument, 0, len(r.Series))
	for _, s := range r.Series {
		series = append(series, SeriesDocument{s.Key, s.Source.Run.Name, s.Tag, s.Points})
	}
	return series
}

// ParamsDocument lists the params of the run.
func (r *Run) ParamsDocument() []ParamDocument {
	params := make([]ParamDocument, 0, len(r.Params))
	for i := range r.Params {
		p := &r.Params[i]
		params = append(params, ParamDocument{p.Key, p.HParam.Name, p.Value, p.Cut(), p.Omitted})
	}
	return params
}

// FilesDocument lists the files of the run that are kept.
func (r *Run) FilesDocument() []FileDocument {
	files := make([]FileDocument, 0, len(r.Files))
	for _, f := range r.Files {
		files = append(files, FileDocument{f.Path, f.Place, f.Bytes})
	}
	return files
}
