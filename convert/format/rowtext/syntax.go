package rowtext

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// A Syntax says how a format writes a row and the values in it.
type Syntax struct {
	// Before is what stands before each column's value: a comma, a key. There is one for each of Columns.
	Before []string
	// End is what stands after a row.
	End string
	// Null, True and False are the texts of null and the booleans.
	Null, True, False string
	// NaN, Inf and NegInf are the texts of the numbers that have no digits.
	NaN, Inf, NegInf string
	// AppendString appends a string with whatever quotes and escapes it needs.
	AppendString func(dst []byte, s string) []byte
	// TimeQuote stands before and after a timestamp.
	TimeQuote string
	// Blobs says what becomes of binary values.
	Blobs Blobs
	// Strings makes a list or struct, which is JSON in all formats, a string; otherwise it stands there as it is. A
	// struct of a blob and one string, a picture and its path, is that string.
	Strings bool
}

// check returns an error that names the first column of a type that no Syntax can write.
func check(schema *arrow.Schema) error {
	for _, f := range schema.Fields() {
		if !writable(f.Type) {
			return fmt.Errorf("column %s: no text form for type %s", f.Name, f.Type)
		}
	}
	return nil
}

// writable reports whether a type has a text form.
func writable(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.BinaryType:
		return true
	case *arrow.ListType:
		return writable(t.Elem())
	case *arrow.StructType:
		return !slices.ContainsFunc(t.Fields(), func(f arrow.Field) bool { return !writable(f.Type) })
	case *arrow.StringType, *arrow.Int64Type, *arrow.Int32Type, *arrow.Float64Type, *arrow.BooleanType:
		return true
	case *arrow.TimestampType:
		return t.Unit == arrow.Microsecond && t.TimeZone == "UTC"
	case *arrow.DictionaryType:
		return t.ValueType.ID() == arrow.STRING
	}
	return false
}

// rows returns what appends the rows of a record of types that check allows. It is valid until the record is released.
func (s Syntax) rows(record arrow.Record) rowsAppender {
	var cells []cell
	for _, i := range s.Columns(record.Schema()) {
		cells = append(cells, s.cell(record.Column(i)))
	}
	return func(dst []byte, from, to int) []byte {
		for row := from; row < to; row++ {
			for i, appendCell := range cells {
				dst = append(dst, s.Before[i]...)
				dst = appendCell(dst, row)
			}
			dst = append(dst, s.End...)
		}
		return dst
	}
}

// A cell appends the value of one column at a row.
type cell func(dst []byte, row int) []byte

func (s Syntax) cell(column arrow.Array) cell {
	value := s.value(column)
	if column.NullN() == 0 {
		return value
	}
	return func(dst []byte, row int) []byte {
		if column.IsNull(row) {
			return append(dst, s.Null...)
		}
		return value(dst, row)
	}
}

// value is cell for a column without nulls.
func (s Syntax) value(column arrow.Array) cell {
	switch column := column.(type) {
	case *array.Dictionary:
		return s.dictionary(column)
	case *array.String:
		return func(dst []byte, row int) []byte { return s.AppendString(dst, column.Value(row)) }
	case *array.Int64:
		return func(dst []byte, row int) []byte { return appendInt(dst, column.Value(row)) }
	case *array.Int32:
		return func(dst []byte, row int) []byte { return appendInt(dst, int64(column.Value(row))) }
	case *array.Float64:
		return func(dst []byte, row int) []byte { return s.appendFloat(dst, column.Value(row)) }
	case *array.Boolean:
		return func(dst []byte, row int) []byte {
			if column.Value(row) {
				return append(dst, s.True...)
			}
			return append(dst, s.False...)
		}
	case *array.Binary, *array.List, *array.Struct:
		return s.nested(column)
	case *array.Timestamp:
		return func(dst []byte, row int) []byte {
			dst = append(dst, s.TimeQuote...)
			dst = appendMicros(dst, int64(column.Value(row)))
			return append(dst, s.TimeQuote...)
		}
	}
	panic("rowtext: column of a type that check refuses")
}

// dictionary quotes each string once and not once a row.
func (s Syntax) dictionary(column *array.Dictionary) cell {
	names := column.Dictionary().(*array.String)
	texts := make([]string, names.Len())
	for i := range texts {
		if names.IsNull(i) {
			texts[i] = s.Null
		} else {
			texts[i] = string(s.AppendString(nil, names.Value(i)))
		}
	}
	if indices, ok := column.Indices().(*array.Int32); ok {
		values := indices.Int32Values()
		return func(dst []byte, row int) []byte { return append(dst, texts[values[row]]...) }
	}
	return func(dst []byte, row int) []byte { return append(dst, texts[column.GetValueIndex(row)]...) }
}
