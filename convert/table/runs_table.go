package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// runsTable is the runs table. Its rows and columns depend on all runs, so it
// emits nothing before Finish.
type runsTable struct {
	options RunsOptions
	maxRows int
	builder *RunsBuilder
	runs    *Runs // as of the last Finish; before, without a run
}

func runsSpec() Spec {
	return Spec{Name: "runs", Unit: "row", Series: true, Readings: 1, New: made(NewRuns)}
}

// NewRuns returns the runs table, see Runs.Schema.
func NewRuns(o Options) Table {
	return &runsTable{options: o.Runs, maxRows: o.maxLongRows(), builder: NewRunsBuilder(o.Runs), runs: NewRunsBuilder(o.Runs).Runs()}
}

func (t *runsTable) Name() string          { return runsSpec().Name }
func (t *runsTable) Schema() *arrow.Schema { return t.runs.Schema(nil) }

// Add takes a run.
func (t *runsTable) Add(in *convert.Input, _ func(arrow.Record) error) error {
	return t.builder.Add(in)
}

// Finish emits all rows.
func (t *runsTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	t.runs = t.builder.Runs()
	t.builder = NewRunsBuilder(t.options)
	return convert.Result{Folded: t.runs.Folded, NotFolded: t.runs.NotFolded}, t.runs.emit(emit, nil, nil, t.maxRows)
}
