package table

import (
	"cmp"
	"context"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// Curves is the table of scalars with a column for each series, RUN/TAG, and a row
// for each step, see CurvesSchema. Like Wide it is not in All.
func Curves() Spec {
	return Spec{Name: "wide", Unit: "point", Series: true, Readings: 1,
		New: func(_ context.Context, _ Source, o Options) (Table, error) {
			return NewCurves(o), nil
		}}
}

// CurvesSchema returns the schema of the table of Curves: a row for each step, and a
// column for each series by its run and tag, null where it has no point of that
// step.
//
//	step          int64
//	wall_time     float64 | timestamp[us, UTC]  the earliest of the row's points
//	<run>/<tag>...  float64, nullable
//
// Columns are ordered by run, then tag. Those of one name, as of the tag b/c of run
// a and the tag c of run a/b, get " (run RUN)" after it.
func CurvesSchema(names []string, o ScalarsOptions) *arrow.Schema {
	fields := WideSchema(nil, o).Fields()[1:]
	for _, name := range names {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// curvesTable is the table of Curves. Its columns depend on all runs, and rows hold
// points of all: it holds all points in memory, at about 40 bytes each, and emits
// nothing before Finish.
type curvesTable struct {
	options ScalarsOptions
	schema  *arrow.Schema
	series  []seriesName // by column
	cells   []cell
}

type seriesName struct{ run, tag string }

// NewCurves returns the table of Curves.
func NewCurves(o Options) Table {
	return &curvesTable{options: o.Scalars, schema: CurvesSchema(nil, o.Scalars)}
}

func (t *curvesTable) Name() string          { return "wide" }
func (t *curvesTable) Schema() *arrow.Schema { return t.schema }

// Add takes the points of a run.
func (t *curvesTable) Add(in *convert.Input, _ func(arrow.Record) error) error {
	first, begin := len(t.series), len(t.cells)
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		if n := len(t.series); n == first || t.series[n-1].tag != chunk.Tag {
			number(t.cells[begin:])
			begin = len(t.cells)
			t.series = append(t.series, seriesName{in.Run.Name, chunk.Tag})
		}
		column := int32(len(t.series) - 1)
		for i, step := range chunk.Steps {
			t.cells = append(t.cells,
				cell{step: step, column: column, wallTime: chunk.WallTimes[i], value: chunk.Values[i]})
		}
	}
	number(t.cells[begin:])
	return nil
}

// names are those of the columns.
func (t *curvesTable) names() []string {
	count := make(map[string]int, len(t.series))
	for _, s := range t.series {
		count[s.run+"/"+s.tag]++
	}
	names := make([]string, len(t.series))
	for i, s := range t.series {
		names[i] = s.run + "/" + s.tag
		for again := count[names[i]] > 1; again; again = count[names[i]] > 0 {
			names[i] += " (run " + s.run + ")"
		}
	}
	return names
}

// Finish emits all rows, by step. The second point of a series with the same step
// goes to a second row of that step, and so on.
func (t *curvesTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	slices.SortFunc(t.cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.nth, b.nth), cmp.Compare(a.column, b.column))
	})
	t.schema = CurvesSchema(t.names(), t.options)
	w := wideWriter{schema: t.schema, columns: len(t.series)}
	err := w.write("", t.cells, emit)
	t.series, t.cells = nil, nil
	return convert.Result{NullWallTimes: w.nullTimes}, err
}
