package convert

import (
	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/tfrecord"
)

// ReportSchema is the version of ReportJSON; it grows when a field changes its
// meaning or goes. New fields do not count.
const ReportSchema = 1

// The report in JSON. Counts are of what was read unless they say otherwise;
// bytes are of event files.
type (
	// ReportJSON is a Report in JSON.
	ReportJSON struct {
		Schema   int           `json:"schema"` // ReportSchema
		Tool     string        `json:"tool"`   // the program and its version
		Totals   TotalsJSON    `json:"totals"`
		Problems []ProblemJSON `json:"problems"` // directories and links passed over
		Runs     []RunJSON     `json:"runs"`
		Folded   []FoldJSON    `json:"folded,omitempty"` // runs that the output has as a part of another
		// Files is how many files were extracted, by the table that has a row of each.
		Files map[string]int64 `json:"files,omitempty"`
	}
	// TotalsJSON are the sums over all runs.
	TotalsJSON struct {
		Runs    int   `json:"runs"`
		Files   int   `json:"files"`
		Bytes   int64 `json:"bytes"`
		Records int64 `json:"records"`
		Counts
		RenamedRuns     int   `json:"renamed_runs"`             // with bytes in their path that are not UTF-8
		TornFiles       int   `json:"torn_files"`               // that end inside a record
		DamagedFiles    int   `json:"damaged_files"`            // with data lost to corruption
		DamagedBytes    int64 `json:"damaged_bytes"`            // of these, unreadable; without torn ends
		UnreadableFiles int   `json:"unreadable_files"`         // not to be read, or not to their end
		UnprovenFiles   int   `json:"unproven_files,omitempty"` // read, but framed wrongly throughout: unproven
	}
	// RunJSON is one run.
	RunJSON struct {
		Run string `json:"run"`
		Counts
		Writer      string     `json:"writer,omitempty"`
		FileVersion string     `json:"file_version,omitempty"`
		Files       []FileJSON `json:"files"`
		// WallTimes is the unit that its wall times seem to have instead of
		// seconds: ms, us or ns.
		WallTimes string `json:"wall_times_look_like,omitempty"`
		// Changes are what its hparams records say differently.
		Changes []ChangeJSON `json:"hparams_changes,omitempty"`
	}
	// ChangeJSON is something that the hparams records of a run say differently.
	ChangeJSON struct {
		Name    string `json:"name"`  // of an hparam, or else group, model_uri, monitor_url or status
		Param   bool   `json:"param"` // it is an hparam
		First   string `json:"first"`
		Last    string `json:"last"`
		LeftOut bool   `json:"left_out,omitempty"` // it was not said at first, and only that counts
	}
	// FileJSON is one event file.
	FileJSON struct {
		Path        string       `json:"path"`
		Bytes       int64        `json:"bytes"` // == record_bytes + those of damage, unless error is set
		RecordBytes int64        `json:"record_bytes"`
		Records     int64        `json:"records"`
		Damage      []DamageJSON `json:"damage,omitempty"`
		Error       string       `json:"error,omitempty"`
		Framing     string       `json:"framing,omitempty"` // what is wrong with it throughout
		Other       string       `json:"other,omitempty"`   // what it is, where its records are no events
	}
	// DamageJSON is a stretch of a file that could not be read.
	DamageJSON struct {
		Offset      int64         `json:"offset"`
		Bytes       int64         `json:"bytes"`
		Cause       string        `json:"cause"`
		RecordsLost *int64        `json:"records_lost"` // null: not to be known
		Torn        bool          `json:"torn"`         // the file ends inside a record
		Before      *PositionJSON `json:"before,omitempty"`
		After       *PositionJSON `json:"after,omitempty"`
	}
	// PositionJSON is where the event next to a damaged stretch stands in its run.
	PositionJSON struct {
		Step     int64 `json:"step"`
		WallTime Float `json:"wall_time"`
	}
	// ProblemJSON is a directory or link that was passed over.
	ProblemJSON struct {
		Path  string `json:"path"`
		Error string `json:"error"`
	}
	// FoldJSON is a run that the output has as a part of another.
	FoldJSON struct {
		Run     string `json:"run"`
		Into    string `json:"into"`
		Session bool   `json:"session"` // run has metrics of the session into; else the hparams of into
	}
)

// JSON is the report as a program, named tool, writes it, with the problems of
// finding the runs.
func (r *Report) JSON(tool string, problems []eventfile.Problem) ReportJSON {
	t := r.Totals()
	report := ReportJSON{
		Schema: ReportSchema,
		Tool:   tool,
		Totals: TotalsJSON{
			Runs: t.Runs, Files: t.Files, Bytes: t.Bytes, Records: t.Records, Counts: t.Counts,
			RenamedRuns: r.RenamedRuns,
			TornFiles:   t.Torn, DamagedFiles: t.Damaged, DamagedBytes: t.DamagedBytes, UnreadableFiles: t.Unreadable,
			UnprovenFiles: t.Unproven,
		},
		Problems: problemsJSON(problems),
		Runs:     make([]RunJSON, 0, len(r.Runs)),
		Files:    r.Result.Files,
	}
	for _, s := range r.Runs {
		report.Runs = append(report.Runs, runJSON(s))
	}
	for _, f := range r.Result.Folded {
		report.Folded = append(report.Folded, FoldJSON(f))
	}
	return report
}

func problemsJSON(problems []eventfile.Problem) []ProblemJSON {
	list := make([]ProblemJSON, 0, len(problems))
	for _, p := range problems {
		list = append(list, ProblemJSON{p.Path, p.Err.Error()})
	}
	return list
}

func runJSON(s *RunStats) RunJSON {
	run := RunJSON{Run: s.Run, Counts: s.Counts, Writer: s.Writer, FileVersion: s.FileVersion,
		Files: filesJSON(s.Files)}
	run.WallTimes = timesJSON(s)
	run.Changes = ChangesJSON(s.Changes)
	if run.NotExported == nil {
		run.NotExported = map[string]int64{}
	}
	return run
}

func timesJSON(s *RunStats) string {
	if u := s.TimesLookLike(); u != eventfile.Seconds {
		return u.String()
	}
	return ""
}

// ChangesJSON gives changes in JSON, nil for none.
func ChangesJSON(changes []hparams.Change) (list []ChangeJSON) {
	for _, c := range changes {
		list = append(list, ChangeJSON{Name: c.Name, Param: c.Param, First: c.First, Last: c.Last, LeftOut: c.Added})
	}
	return list
}

func filesJSON(files []*eventfile.FileStats) []FileJSON {
	list := make([]FileJSON, 0, len(files))
	for _, f := range files {
		list = append(list, fileJSON(f))
	}
	return list
}

func fileJSON(f *eventfile.FileStats) FileJSON {
	file := FileJSON{Path: f.Path, Bytes: f.Bytes, RecordBytes: f.RecordBytes, Records: f.Records, Other: f.Other}
	if f.Err != nil {
		file.Error = f.Err.Error()
	}
	if f.Framing != tfrecord.Sound {
		file.Framing = f.Framing.String()
	}
	for _, d := range f.Damage {
		damage := DamageJSON{Offset: d.Offset, Bytes: d.Bytes, Cause: d.Cause, Torn: d.Torn}
		if d.Records >= 0 {
			damage.RecordsLost = &d.Records
		}
		damage.Before, damage.After = positionJSON(d.Before), positionJSON(d.After)
		file.Damage = append(file.Damage, damage)
	}
	return file
}

func positionJSON(p *eventfile.Position) *PositionJSON {
	if p == nil {
		return nil
	}
	return &PositionJSON{p.Step, Float(p.WallTime)}
}
