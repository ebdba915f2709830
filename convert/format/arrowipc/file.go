package arrowipc

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
)

// magic begins and ends a file; at the start it is filled up to 8 bytes.
const magic = "ARROW1"

// A file writes the file format.
type file struct {
	schema       *arrow.Schema
	dictionaries []*dictionary // by column; nil where the column has none
	none         *array.String // stands for the dictionary in records, which are written without
	out          *messages
	records      *ipc.Writer // makes the messages of records
}

func newFile(w io.Writer, schema *arrow.Schema) (*file, error) {
	f := &file{schema: schema, dictionaries: dictionaries(schema), out: &messages{w: w}}
	f.none = empty(arrow.BinaryTypes.String).(*array.String)
	for i, field := range schema.Fields() {
		if hasDictionary(field.Type, f.dictionaries[i] == nil) {
			return nil, fmt.Errorf("arrow: column %s: type %s is not written to a file", field.Name, field.Type)
		}
	}
	f.records = ipc.NewWriterWithPayloadWriter(recordMessages{f.out}, ipc.WithSchema(schema))
	return f, nil
}

// hasDictionary reports whether there is a dictionary inside a type, or, where inside is set, whether it is one itself.
func hasDictionary(t arrow.DataType, inside bool) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return inside
	case arrow.NestedType:
		return slices.ContainsFunc(t.Fields(), func(f arrow.Field) bool { return hasDictionary(f.Type, true) })
	}
	return false
}

// Write appends a record, without its dictionaries.
func (f *file) Write(rec arrow.Record) error {
	if !rec.Schema().Equal(f.schema) {
		return fmt.Errorf("arrow: record of another schema: %s", rec.Schema())
	}
	rec, err := renumbered(rec, f.dictionaries, func(*dictionary) *array.String { return f.none })
	if err != nil {
		return err
	}
	defer rec.Release()
	return f.records.Write(rec)
}

// Close appends the dictionaries and the footer.
func (f *file) Close() error {
	if err := f.writeDictionaries(); err != nil {
		return err
	}
	if err := f.out.endMessages(); err != nil {
		return err
	}
	start := f.out.n
	if err := f.out.write(footer(f.out.schema, f.out.dictionaries, f.out.records)); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint32(nil, uint32(f.out.n-start))
	return f.out.write(append(end, magic...))
}

// writeDictionaries has arrow make the dictionaries' messages: it makes them of a record that uses them, which needs no
// rows for that.
func (f *file) writeDictionaries() error {
	w := ipc.NewWriterWithPayloadWriter(dictionaryMessages{f.out}, ipc.WithSchema(f.schema))
	defer w.Close()
	columns := make([]arrow.Array, f.schema.NumFields())
	for i := range columns {
		if d := f.dictionaries[i]; d != nil {
			columns[i] = d.empty()
		} else {
			columns[i] = empty(f.schema.Field(i).Type)
		}
		defer columns[i].Release()
	}
	rec := array.NewRecord(f.schema, columns, 0)
	defer rec.Release()
	return w.Write(rec)
}
