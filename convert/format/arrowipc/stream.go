package arrowipc

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
)

// A stream writes the stream format.
type stream struct {
	schema       *arrow.Schema
	dictionaries []*dictionary // by column; nil where the column has none
	records      *ipc.Writer
}

func newStream(w io.Writer, schema *arrow.Schema) *stream {
	return &stream{schema: schema, dictionaries: dictionaries(schema),
		records: ipc.NewWriter(w, ipc.WithSchema(schema))}
}

// Write appends a record, and the dictionaries that have grown.
func (s *stream) Write(rec arrow.Record) error {
	if !rec.Schema().Equal(s.schema) {
		return fmt.Errorf("arrow: record of another schema: %s", rec.Schema())
	}
	rec, err := renumbered(rec, s.dictionaries, (*dictionary).all)
	if err != nil {
		return err
	}
	defer rec.Release()
	return s.records.Write(rec)
}

// Close appends the mark that ends a stream.
func (s *stream) Close() error { return s.records.Close() }

// renumbered returns a record with the same strings by the numbers of the dictionaries, which it extends; strings gives
// what stands there as a dictionary. It is valid until the next call.
func renumbered(
	rec arrow.Record, dictionaries []*dictionary, strings func(*dictionary) *array.String,
) (arrow.Record, error) {
	columns := make([]arrow.Array, rec.NumCols())
	for i, column := range rec.Columns() {
		d := dictionaries[i]
		if d == nil {
			column.Retain()
			columns[i] = column
		} else {
			c := column.(*array.Dictionary)
			indices, err := d.renumber(c)
			if err != nil {
				return nil, fmt.Errorf("arrow: column %s: %w", rec.ColumnName(i), err)
			}
			columns[i] = d.array(c, indices, strings(d))
		}
		defer columns[i].Release()
	}
	return array.NewRecord(rec.Schema(), columns, rec.NumRows()), nil
}
