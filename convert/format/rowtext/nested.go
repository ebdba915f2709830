package rowtext

import (
	"encoding/base64"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// Blobs says what becomes of binary values.
type Blobs int

const (
	// LeaveOut writes nothing of binary values: no column of a record, and no field of a struct.
	LeaveOut Blobs = iota
	// Base64 writes them as strings, in the standard encoding.
	Base64
)

// Columns returns the numbers of the columns that are written: all but those in which there is nothing but binary
// values that are left out.
func (s Syntax) Columns(schema *arrow.Schema) (columns []int) {
	for i, f := range schema.Fields() {
		if s.shown(f.Type) {
			columns = append(columns, i)
		}
	}
	return columns
}

// shown reports whether anything of a type is written.
func (s Syntax) shown(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.BinaryType:
		return s.Blobs == Base64
	case *arrow.ListType:
		return s.shown(t.Elem())
	case *arrow.StructType:
		return len(s.shownFields(t)) > 0
	}
	return true
}

// shownFields returns the numbers of the fields of a struct that are written.
func (s Syntax) shownFields(t *arrow.StructType) (fields []int) {
	for i, f := range t.Fields() {
		if s.shown(f.Type) {
			fields = append(fields, i)
		}
	}
	return fields
}

// nested is value for what JSON is needed for.
func (s Syntax) nested(column arrow.Array) cell {
	if c, ok := column.(*array.Struct); ok && s.Strings {
		t := c.DataType().(*arrow.StructType)
		if shown := s.shownFields(t); len(shown) == 1 && len(t.Fields()) == 2 &&
			t.Field(shown[0]).Type.ID() == arrow.STRING {
			return s.cell(c.Field(shown[0]))
		}
	}
	inside := JSON()
	inside.Blobs = s.Blobs
	text := inside.json(column)
	if !s.Strings {
		return text
	}
	return func(dst []byte, row int) []byte {
		start := len(dst)
		dst = text(dst, row)
		return s.AppendString(dst[:start], string(dst[start:]))
	}
}

// json is nested where s is the syntax of JSON.
func (s Syntax) json(column arrow.Array) cell {
	switch column := column.(type) {
	case *array.List:
		element := s.cell(column.ListValues())
		return func(dst []byte, row int) []byte {
			dst = append(dst, '[')
			from, to := column.ValueOffsets(row)
			for i := from; i < to; i++ {
				if i > from {
					dst = append(dst, ',')
				}
				dst = element(dst, int(i))
			}
			return append(dst, ']')
		}
	case *array.Struct:
		return s.object(column)
	case *array.Binary:
		return func(dst []byte, row int) []byte {
			dst = append(dst, '"')
			dst = base64.StdEncoding.AppendEncode(dst, column.Value(row))
			return append(dst, '"')
		}
	}
	panic("rowtext: column of a type that check refuses")
}

func (s Syntax) object(column *array.Struct) cell {
	t := column.DataType().(*arrow.StructType)
	var keys []string
	var values []cell
	open := byte('{')
	for _, i := range s.shownFields(t) {
		keys = append(keys, string(append(AppendJSONString([]byte{open}, t.Field(i).Name), ':')))
		values = append(values, s.cell(column.Field(i)))
		open = ','
	}
	return func(dst []byte, row int) []byte {
		for i, value := range values {
			dst = value(append(dst, keys[i]...), row)
		}
		return append(dst, '}')
	}
}
