package convert

import (
	"context"
	"fmt"

	"tbexport/eventfile"
)

// Sink is a destination of runs.
type Sink interface {
	// WriteRun takes one run. Runs come in their order, from one goroutine at a
	// time. The input is not to be used after it returns.
	WriteRun(ctx context.Context, in *Input) error
	// Commit makes the output appear, whole, and says what it is. It is called
	// after the last run; where it fails, nothing has appeared. After it
	// succeeded, another call changes nothing and says the same.
	Commit() (Result, error)
	// Abort leaves nothing behind. It is called instead of Commit, or after a
	// Commit that failed; otherwise it does nothing.
	Abort() error
}

// Result is what a sink has to say of what it wrote. Zero values are of what it
// does not write.
type Result struct {
	// Rows is how many rows each table has, by its name.
	Rows map[string]int64
	// Files is how many files were extracted of the rows of each table, by its name.
	Files map[string]int64
	// NullWallTimes is how many wall times are null, since no timestamp can say
	// them.
	NullWallTimes int64
	// Folded are the runs that the output has as a part of another.
	Folded []FoldedRun
	// NotFolded is how many runs hold only hparams and are named after a time,
	// but are no part of another, since the run above has several such.
	NotFolded int
	// Kept are the names of what others put into an output directory while it
	// was written, and what is therefore there beside the output.
	Kept []string
}

// Add adds o to r: what a sink of several parts has to say. A run that both fold is
// folded once.
func (r *Result) Add(o Result) {
	for name, n := range o.Rows {
		r.AddRows(name, n)
	}
	for name, n := range o.Files {
		if r.Files == nil {
			r.Files = make(map[string]int64)
		}
		r.Files[name] += n
	}
	r.NullWallTimes += o.NullWallTimes
	folded := make(map[FoldedRun]bool, len(r.Folded))
	for _, f := range r.Folded {
		folded[f] = true
	}
	for _, f := range o.Folded {
		if !folded[f] {
			r.Folded = append(r.Folded, f)
		}
	}
	r.NotFolded = max(r.NotFolded, o.NotFolded)
	r.Kept = append(r.Kept, o.Kept...)
}

// AddRows adds n to the rows of a table.
func (r *Result) AddRows(table string, n int64) {
	if r.Rows == nil {
		r.Rows = make(map[string]int64)
	}
	r.Rows[table] += n
}

// Export carries the runs, in their order, to the sink, and commits it. After
// an error, which ctx's is one of, the sink was aborted and nothing appeared;
// the report tells of the runs before. It fails where Each does.
func Export(ctx context.Context, runs []eventfile.Run, sink Sink, o Options) (*Report, error) {
	report, err := Each(ctx, runs, o, sink.WriteRun)
	if err == nil {
		report.Result, err = sink.Commit()
		report.LeaveOut(o.Parts)
	}
	if err != nil {
		if abort := sink.Abort(); abort != nil {
			err = fmt.Errorf("%w (and cleaning up: %v)", err, abort)
		}
	}
	return report, err
}
