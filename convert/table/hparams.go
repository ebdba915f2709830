package table

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/output"
	"tbexport/eventfile"
)

// HParamsSchema returns the schema of the hparams table: one row an hparam of
// a run, by run and name.
//
//	run     dictionary<int32, utf8>
//	name    dictionary<int32, utf8>
//	type    dictionary<int32, utf8>  number, string, bool, list, struct or null
//	value   utf8, nullable           as text, see eventfile.HParam; null for null
//	number  float64, nullable        of type number
//	bool    bool, nullable           of type bool
func HParamsSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "run", Type: nameType()},
		{Name: "name", Type: nameType()},
		{Name: "type", Type: nameType()},
		{Name: "value", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "number", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "bool", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
}

// HParamsSink writes the hparams of all runs to one file.
type HParamsSink struct {
	encoder Encoder // nil once closed
	file    *output.File
	maxRows int
	rows    int64

	names [3]nameColumnBuilder // run, name, type
	value *array.StringBuilder
	num   *array.Float64Builder
	flag  *array.BooleanBuilder
}

// nameColumnBuilder collects a column of few different strings.
type nameColumnBuilder struct {
	dictionary dictionary
	indices    []int32
}

// NewHParamsSink returns a sink that encodes records of at most maxRows rows.
// The encoder writes to file.
func NewHParamsSink(e Encoder, file *output.File, maxRows int) *HParamsSink {
	s := &HParamsSink{
		encoder: e, file: file, maxRows: maxRows,
		value: array.NewStringBuilder(memory.DefaultAllocator),
		num:   array.NewFloat64Builder(memory.DefaultAllocator),
		flag:  array.NewBooleanBuilder(memory.DefaultAllocator),
	}
	for i := range s.names {
		s.names[i].dictionary.reset()
	}
	return s
}

// WriteRun appends the hparams of a run, and passes over its points.
func (s *HParamsSink) WriteRun(_ context.Context, run string, points *eventfile.RunReader) error {
	for {
		if _, err := points.Next(); err == io.EOF {
			return s.append(run, points.HParams())
		} else if err != nil {
			return err
		}
	}
}

// Rows is how many hparams were appended.
func (s *HParamsSink) Rows() int64 { return s.rows }

func (s *HParamsSink) append(run string, h *eventfile.HParams) error {
	if h == nil || h.Start == nil {
		return nil
	}
	for _, p := range h.Start.Params {
		for i, text := range [3]string{run, p.Name, p.Kind.String()} {
			n := &s.names[i]
			n.indices = append(n.indices, n.dictionary.index(text))
		}
		s.appendValue(p)
		s.rows++
		if len(s.names[0].indices) >= s.maxRows {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *HParamsSink) appendValue(p eventfile.HParam) {
	if p.Kind == eventfile.HParamNull {
		s.value.AppendNull()
	} else {
		s.value.Append(p.String())
	}
	if p.Kind == eventfile.HParamNumber {
		s.num.Append(p.Number)
	} else {
		s.num.AppendNull()
	}
	if p.Kind == eventfile.HParamBool {
		s.flag.Append(p.Bool)
	} else {
		s.flag.AppendNull()
	}
}

// flush encodes the rows so far.
func (s *HParamsSink) flush() error {
	rows := len(s.names[0].indices)
	if rows == 0 {
		return nil
	}
	var columns []arrow.Array
	for i := range s.names {
		columns = append(columns, s.names[i].array())
	}
	columns = append(columns, s.value.NewArray(), s.num.NewArray(), s.flag.NewArray())
	record := array.NewRecord(HParamsSchema(), columns, int64(rows))
	defer record.Release()
	for _, c := range columns {
		c.Release()
	}
	return s.encoder.Encode(record)
}

// array returns the strings so far and leaves the builder empty.
func (n *nameColumnBuilder) array() arrow.Array {
	rows := len(n.indices)
	indices := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(n.indices))
	column := nameColumn(rows, indices, n.dictionary.array())
	n.indices = nil
	n.dictionary.reset()
	return column
}

// Commit ends the file and makes it appear.
func (s *HParamsSink) Commit() error {
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	return s.file.Commit()
}

// Abort leaves no file.
func (s *HParamsSink) Abort() error {
	err := s.file.Abort()
	_ = s.close() // what it writes now goes nowhere
	return err
}

func (s *HParamsSink) close() error {
	if s.encoder == nil {
		return nil
	}
	err := s.encoder.Close()
	s.encoder = nil
	return err
}
