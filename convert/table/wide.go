package table

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert"
)

// wideFixed are the columns of the wide table before those of the tags.
func wideFixed() []string { return []string{"run", "step", "wall_time"} }

// wideCells bounds the cells of a record of the wide table.
const wideCells = 1 << 20

// WideSchema returns the schema of the wide table: a row for each run and
// step, and a column for each tag, null where the tag has no point of that
// step.
//
//	run        utf8
//	step       int64
//	wall_time  float64 | timestamp[us, UTC]  the earliest of the row's points
//	<tag>...   float64, nullable
//
// A tag with the name of one of the first three columns gets " (tag)" after it,
// and so does one with the name that it then has, and so on. Of the options,
// Timestamp counts.
func WideSchema(tags []string, o ScalarsOptions) *arrow.Schema {
	wallTime := arrow.Field{Name: "wall_time", Type: arrow.PrimitiveTypes.Float64}
	if o.Timestamp {
		wallTime.Type, wallTime.Nullable = arrow.FixedWidthTypes.Timestamp_us, true
	}
	fields := []arrow.Field{
		{Name: "run", Type: arrow.BinaryTypes.String},
		{Name: "step", Type: arrow.PrimitiveTypes.Int64},
		wallTime,
	}
	for _, tag := range tags {
		fields = append(fields, arrow.Field{Name: wideName(tag), Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// wideName is the name of a tag's column. It depends on no other tag, and two
// tags never get the same.
func wideName(tag string) string {
	const mark = " (tag)"
	bare := tag
	for strings.HasSuffix(bare, mark) {
		bare = strings.TrimSuffix(bare, mark)
	}
	if slices.Contains(wideFixed(), bare) {
		return tag + mark
	}
	return tag
}

// wideTable is the wide table. It holds all points of one run in memory at a
// time, at about 40 bytes each.
type wideTable struct {
	wideWriter
	numbers map[string]int // of the columns, by tag, from 0
}

// wideWriter makes records of points that are in the order of their rows.
type wideWriter struct {
	schema    *arrow.Schema // with or without the run
	columns   int           // after those before the points
	nullTimes int64
}

// Wide is the table of scalars with a column for each tag, see WideSchema. It
// is not in All, since it says nothing that the scalars table does not say.
func Wide() Spec {
	return Spec{Name: "wide", Unit: "point", Series: true, Readings: 2,
		New: func(ctx context.Context, from Source, o Options) (Table, error) {
			tags, err := convert.Tags(ctx, from.Runs, from.Options)
			if err != nil {
				return nil, err
			}
			return NewWide(tags, o), nil
		}}
}

// NewWide returns the wide table of these tags. Points of other tags must not
// come.
func NewWide(tags []string, o Options) Table {
	t := &wideTable{wideWriter{schema: WideSchema(tags, o.Scalars), columns: len(tags)},
		make(map[string]int, len(tags))}
	for i, tag := range tags {
		t.numbers[tag] = i
	}
	return t
}

func (t *wideTable) Name() string          { return "wide" }
func (t *wideTable) Schema() *arrow.Schema { return t.schema }

// cell is one point on its way into a row.
type cell struct {
	step     int64
	nth      int32 // of the points of its series with that step
	column   int32
	wallTime float64
	value    float64
}

// Add emits the rows of a run, by step. The second point of a series with the
// same step goes to a second row of that step, and so on.
func (t *wideTable) Add(in *convert.Input, emit func(arrow.Record) error) error {
	cells, err := t.cells(in)
	if err != nil {
		return err
	}
	return t.write(in.Run.Name, cells, emit)
}

// write emits the rows of cells.
func (t *wideWriter) write(run string, cells []cell, emit func(arrow.Record) error) (err error) {
	for len(cells) > 0 && err == nil {
		n := t.recordEnd(cells)
		err = t.encode(run, cells[:n], emit)
		cells = cells[n:]
	}
	return err
}

// fixed is how many columns come before those of points.
func (t *wideWriter) fixed() int { return t.schema.NumFields() - t.columns }

// cells gives the points of a run in the order of their rows.
func (t *wideTable) cells(in *convert.Input) (cells []cell, err error) {
	begin, tag := 0, ""
	for chunk, err := range in.Series() {
		if err != nil {
			return nil, err
		}
		if chunk.Tag != tag {
			number(cells[begin:])
			begin, tag = len(cells), chunk.Tag
		}
		column := int32(t.numbers[tag])
		for i, step := range chunk.Steps {
			cells = append(cells,
				cell{step: step, column: column, wallTime: chunk.WallTimes[i], value: chunk.Values[i]})
		}
	}
	number(cells[begin:])
	slices.SortStableFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.nth, b.nth))
	})
	return cells, nil
}

// number sorts the points of one series by step and numbers those of each.
func number(series []cell) {
	slices.SortStableFunc(series, func(a, b cell) int { return cmp.Compare(a.step, b.step) })
	for i := 1; i < len(series); i++ {
		if series[i].step == series[i-1].step {
			series[i].nth = series[i-1].nth + 1
		}
	}
}

// recordEnd is how many of the sorted cells make the next record.
func (t *wideWriter) recordEnd(cells []cell) int {
	rows := max(1, wideCells/(t.columns+1))
	for i := 1; i < len(cells); i++ {
		if cells[i].step != cells[i-1].step || cells[i].nth != cells[i-1].nth {
			if rows--; rows == 0 {
				return i
			}
		}
	}
	return len(cells)
}

func (t *wideWriter) encode(run string, cells []cell, emit func(arrow.Record) error) error {
	b := array.NewRecordBuilder(memory.DefaultAllocator, t.schema)
	defer b.Release()
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].step == cells[0].step && cells[n].nth == cells[0].nth {
			n++
		}
		t.row(b, run, cells[:n])
		cells = cells[n:]
	}
	for i := range t.columns {
		padTo(b.Field(t.fixed()+i).(*array.Float64Builder), b.Field(0).Len())
	}
	record := b.NewRecord()
	defer record.Release()
	return emit(record)
}

// padTo fills a column with nulls up to a row.
func padTo(column *array.Float64Builder, rows int) {
	for column.Len() < rows {
		column.AppendNull()
	}
}

// row appends one row.
func (t *wideWriter) row(b *array.RecordBuilder, run string, cells []cell) {
	wallTime := cells[0].wallTime
	rows := b.Field(0).Len()
	for _, c := range cells {
		if c.wallTime < wallTime || math.IsNaN(wallTime) {
			wallTime = c.wallTime
		}
		column := b.Field(t.fixed() + int(c.column)).(*array.Float64Builder)
		padTo(column, rows)
		column.Append(c.value)
	}
	at := t.fixed() - 2
	if at > 0 {
		b.Field(0).(*array.StringBuilder).Append(run)
	}
	b.Field(at).(*array.Int64Builder).Append(cells[0].step)
	switch w := b.Field(at + 1).(type) {
	case *array.Float64Builder:
		w.Append(wallTime)
	case *array.TimestampBuilder:
		if micros, ok := Micros(wallTime); ok {
			w.Append(arrow.Timestamp(micros))
		} else {
			t.nullTimes++
			w.AppendNull()
		}
	}
}

// Finish has no rows left.
func (t *wideTable) Finish(func(arrow.Record) error) (convert.Result, error) {
	result := convert.Result{NullWallTimes: t.nullTimes}
	t.nullTimes = 0
	return result, nil
}
