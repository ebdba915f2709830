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
	choose  func(*Runs) (rows, columns []int, err error)
	builder *RunsBuilder
	runs    *Runs // as of the last Finish; before, without a run
	columns []int // likewise, chosen; nil: all
}

func runsSpec() Spec {
	return Spec{Name: "runs", Unit: "row", Series: true, Forms: []convert.Form{convert.FormHParams}, Folds: true,
		Readings: 1, New: made(NewRuns)}
}

// NewRuns returns the runs table, see Runs.Schema.
func NewRuns(o Options) Table {
	return &runsTable{options: o.Runs, maxRows: o.maxLongRows(), choose: o.ChooseRuns,
		builder: NewRunsBuilder(o.Runs), runs: NewRunsBuilder(o.Runs).Runs()}
}

func (t *runsTable) Name() string          { return runsSpec().Name }
func (t *runsTable) Schema() *arrow.Schema { return t.runs.Schema(t.columns) }

// Add takes a run.
func (t *runsTable) Add(in *convert.Input, _ func(arrow.Record) error) error {
	return t.builder.Add(in)
}

// Finish emits all rows that are chosen.
func (t *runsTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	t.runs = t.builder.Runs()
	t.builder = NewRunsBuilder(t.options)
	result := convert.Result{Folded: t.runs.Folded, NotFolded: t.runs.NotFolded}
	rows := []int(nil)
	if t.choose != nil {
		var err error
		if rows, t.columns, err = t.choose(t.runs); err != nil {
			return result, err
		}
		rows = append([]int{}, rows...) // nil would be all
	}
	return result, t.runs.emit(emit, rows, t.columns, t.maxRows)
}
