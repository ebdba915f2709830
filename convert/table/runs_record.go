package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// Schema returns the schema of some columns, or of all if columns is nil.
//
//	run                            utf8
//	experiment, group, status      utf8, nullable
//	start_time, end_time           timestamp[us, UTC], nullable
//	duration                       float64, nullable             seconds
//	files, points                  int64
//	last_step                      int64, nullable
//	params.<hparam>...             float64 | bool | utf8, nullable
//	metrics.<tag>...               float64, nullable; .best_step and .max_step int64
func (r *Runs) Schema(columns []int) *arrow.Schema {
	var fields []arrow.Field
	for _, i := range r.all(columns) {
		c := &r.Columns[i]
		nullable := c.Name != ColumnRun && c.Name != ColumnFiles && c.Name != ColumnPoints
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type, Nullable: nullable})
	}
	return arrow.NewSchema(fields, nil)
}

func (r *Runs) all(columns []int) []int {
	if columns != nil {
		return columns
	}
	columns = make([]int, len(r.Columns))
	for i := range columns {
		columns[i] = i
	}
	return columns
}

// Encode gives an encoder the rows and columns named, in this order, of which
// nil means all, in records of at most maxRows rows. It leaves the encoder open.
func (r *Runs) Encode(e Encoder, rows, columns []int, maxRows int) error {
	return r.emit(e.Encode, rows, columns, maxRows)
}

func (r *Runs) emit(emit func(arrow.Record) error, rows, columns []int, maxRows int) error {
	if rows == nil {
		rows = make([]int, r.Len())
		for i := range rows {
			rows[i] = i
		}
	}
	schema := r.Schema(columns)
	columns = r.all(columns)
	size := max(1, min(maxRows, wideCells/max(1, len(columns))))
	for len(rows) > 0 {
		n := min(size, len(rows))
		record := r.record(schema, rows[:n], columns)
		err := emit(record)
		record.Release()
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (r *Runs) record(schema *arrow.Schema, rows, columns []int) arrow.Record {
	arrays := make([]arrow.Array, len(columns))
	for k, i := range columns {
		arrays[k] = r.column(i, rows)
		defer arrays[k].Release()
	}
	return array.NewRecord(schema, arrays, int64(len(rows)))
}

func (r *Runs) column(column int, rows []int) arrow.Array {
	b := array.NewBuilder(memory.DefaultAllocator, r.Columns[column].Type)
	defer b.Release()
	b.Reserve(len(rows))
	for _, row := range rows {
		appendCell(b, r.Cell(row, column))
	}
	return b.NewArray()
}

func appendCell(b array.Builder, c Cell) {
	switch c.Kind {
	case CellText:
		b.(*array.StringBuilder).Append(c.Text)
	case CellNumber:
		b.(*array.Float64Builder).Append(c.Number)
	case CellInteger:
		b.(*array.Int64Builder).Append(c.Integer)
	case CellBool:
		b.(*array.BooleanBuilder).Append(c.Bool)
	case CellTime:
		if micros, ok := Micros(c.Seconds); ok {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(micros))
			return
		}
		b.AppendNull()
	default:
		b.AppendNull()
	}
}
