package table

import (
	"cmp"
	"context"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/output"
	"tbexport/eventfile"
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
// A tag with the name of one of the first three columns gets " (tag)" behind it,
// and so does one with the name that it then has, and so on.
func WideSchema(tags []string, timestamp bool) *arrow.Schema {
	wallTime := arrow.Field{Name: "wall_time", Type: arrow.PrimitiveTypes.Float64}
	if timestamp {
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

// WideSink writes the scalars of all runs to one file as the wide table. It
// holds all points of one run in memory at a time, at about 40 bytes each.
type WideSink struct {
	schema  *arrow.Schema
	columns map[string]int // tag -> number, from 0
	encoder Encoder
	file    *output.File

	nullTimes int64
}

// NewWideSink returns a sink of the wide table of these tags. Points of other
// tags must not come.
func NewWideSink(tags []string, timestamp bool, encoder func(*arrow.Schema) (Encoder, error), file *output.File) (*WideSink, error) {
	s := &WideSink{schema: WideSchema(tags, timestamp), columns: make(map[string]int), file: file}
	for i, tag := range tags {
		s.columns[tag] = i
	}
	var err error
	s.encoder, err = encoder(s.schema)
	return s, err
}

// cell is one point on its way into a row.
type cell struct {
	step     int64
	nth      int32 // of the points of its series with that step
	column   int32
	wallTime float64
	value    float64
}

// WriteRun writes the rows of a run, by step. The second point of a series
// with the same step goes to a second row of that step, and so on.
func (s *WideSink) WriteRun(ctx context.Context, run string, points *eventfile.RunReader) error {
	var cells []cell
	begin, tag := 0, ""
	for {
		chunk, err := points.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if chunk.Tag != tag {
			number(cells[begin:])
			begin, tag = len(cells), chunk.Tag
		}
		for i, step := range chunk.Steps {
			cells = append(cells, cell{step: step, column: int32(s.columns[tag]), wallTime: chunk.WallTimes[i], value: chunk.Values[i]})
		}
	}
	number(cells[begin:])
	slices.SortStableFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.nth, b.nth))
	})
	for len(cells) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := s.recordEnd(cells)
		if err := s.encode(run, cells[:n]); err != nil {
			return err
		}
		cells = cells[n:]
	}
	return nil
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
func (s *WideSink) recordEnd(cells []cell) int {
	rows := max(1, wideCells/(len(s.columns)+1))
	for i := 1; i < len(cells); i++ {
		if cells[i].step != cells[i-1].step || cells[i].nth != cells[i-1].nth {
			if rows--; rows == 0 {
				return i
			}
		}
	}
	return len(cells)
}

func (s *WideSink) encode(run string, cells []cell) error {
	b := array.NewRecordBuilder(memory.DefaultAllocator, s.schema)
	defer b.Release()
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].step == cells[0].step && cells[n].nth == cells[0].nth {
			n++
		}
		s.row(b, run, cells[:n])
		cells = cells[n:]
	}
	for _, i := range s.columns {
		padTo(b.Field(len(wideFixed())+i).(*array.Float64Builder), b.Field(0).Len())
	}
	record := b.NewRecord()
	defer record.Release()
	return s.encoder.Encode(record)
}

// padTo fills a column with nulls up to a row.
func padTo(column *array.Float64Builder, rows int) {
	for column.Len() < rows {
		column.AppendNull()
	}
}

// row appends one row.
func (s *WideSink) row(b *array.RecordBuilder, run string, cells []cell) {
	wallTime := cells[0].wallTime
	rows := b.Field(0).Len()
	for _, c := range cells {
		if c.wallTime < wallTime || math.IsNaN(wallTime) {
			wallTime = c.wallTime
		}
		column := b.Field(len(wideFixed()) + int(c.column)).(*array.Float64Builder)
		padTo(column, rows)
		column.Append(c.value)
	}
	b.Field(0).(*array.StringBuilder).Append(run)
	b.Field(1).(*array.Int64Builder).Append(cells[0].step)
	switch w := b.Field(2).(type) {
	case *array.Float64Builder:
		w.Append(wallTime)
	case *array.TimestampBuilder:
		if micros, ok := Micros(wallTime); ok {
			w.Append(arrow.Timestamp(micros))
		} else {
			s.nullTimes++
			w.AppendNull()
		}
	}
}

// NullWallTimes is how many rows have a null wall time, since no timestamp can say theirs.
func (s *WideSink) NullWallTimes() int64 { return s.nullTimes }

// Commit ends the file and makes it appear.
func (s *WideSink) Commit() error {
	if err := s.close(); err != nil {
		return err
	}
	return s.file.Commit()
}

// Abort leaves no file.
func (s *WideSink) Abort() error {
	err := s.file.Abort()
	_ = s.close() // what it writes now goes nowhere
	return err
}

func (s *WideSink) close() error {
	if s.encoder == nil {
		return nil
	}
	err := s.encoder.Close()
	s.encoder = nil
	return err
}
