// Package recordtest makes records of arbitrary columns for tests of encoders, and writes rows out as text to compare
// them by.
package recordtest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// Arbitrary makes one to three records of one schema, as data decides: flat and nested columns, nullable or not, with
// nulls, empty lists and values of all kinds. Any data will do. Some records are slices of others.
func Arbitrary(data []byte) []arrow.Record {
	s := &source{data: data}
	var fields []arrow.Field
	for i := range 1 + s.under(6) {
		fields = append(fields, s.field(fmt.Sprintf("column %d", i), 3, true))
	}
	schema := arrow.NewSchema(fields, nil)
	var recs []arrow.Record
	for range 1 + s.under(3) {
		recs = append(recs, s.record(schema))
	}
	return recs
}

// A source makes decisions of bytes. After their end all are 0.
type source struct{ data []byte }

func (s *source) byte() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

func (s *source) under(n int) int { return int(s.byte()) % n }

func (s *source) word() uint64 {
	var word [8]byte
	s.data = s.data[copy(word[:], s.data):]
	return binary.LittleEndian.Uint64(word[:])
}

// Dictionary is the type of the columns that repeat few strings.
func Dictionary() arrow.DataType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
}

// List is the type of lists whose elements are nullable or not.
func List(element arrow.DataType, nullable bool) arrow.DataType {
	return arrow.ListOfField(arrow.Field{Name: "element", Type: element, Nullable: nullable})
}

// field makes a field of at most so many nestings.
func (s *source) field(name string, depth int, top bool) arrow.Field {
	kinds := 9
	if depth == 0 {
		kinds = 7
	}
	f := arrow.Field{Name: name, Nullable: s.under(2) == 0}
	switch s.under(kinds) {
	case 0:
		f.Type = arrow.PrimitiveTypes.Float64
	case 1:
		f.Type = arrow.PrimitiveTypes.Int64
	case 2:
		f.Type = arrow.BinaryTypes.String
	case 3:
		f.Type = arrow.BinaryTypes.Binary
	case 4:
		f.Type = arrow.FixedWidthTypes.Boolean
	case 5:
		f.Type = arrow.PrimitiveTypes.Int32
	case 6:
		f.Type = arrow.FixedWidthTypes.Timestamp_us
		if top {
			f.Type = Dictionary()
		}
	case 7:
		element := s.field("element", depth-1, false)
		f.Type = List(element.Type, element.Nullable)
	case 8:
		var children []arrow.Field
		for i := range 1 + s.under(3) {
			children = append(children, s.field(fmt.Sprint("child ", i), depth-1, false))
		}
		f.Type = arrow.StructOf(children...)
	}
	return f
}

func (s *source) record(schema *arrow.Schema) arrow.Record {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	rows := s.under(100)
	for range rows {
		for i, column := range b.Fields() {
			s.append(column, schema.Field(i))
		}
	}
	rec := b.NewRecord()
	if rows > 1 && s.under(3) == 1 {
		from := 1 + s.under(rows-1)
		return rec.NewSlice(int64(from), int64(from+1+s.under(rows-from)))
	}
	return rec
}

// append appends a value, or null where it may.
func (s *source) append(b array.Builder, f arrow.Field) {
	if f.Nullable && s.under(4) == 0 {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.Float64Builder:
		b.Append(math.Float64frombits(s.word()))
	case *array.Int64Builder:
		b.Append(int64(s.word()))
	case *array.Int32Builder:
		b.Append(int32(s.word()))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(s.word()))
	case *array.BooleanBuilder:
		b.Append(s.under(2) == 0)
	case *array.StringBuilder:
		b.Append(s.text())
	case *array.BinaryBuilder:
		b.Append([]byte(s.text()))
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(s.text()); err != nil {
			panic(err)
		}
	case *array.ListBuilder:
		b.Append(true)
		element := f.Type.(*arrow.ListType).ElemField()
		for range s.under(20) {
			s.append(b.ValueBuilder(), element)
		}
	case *array.StructBuilder:
		b.Append(true)
		for i, child := range f.Type.(*arrow.StructType).Fields() {
			s.append(b.FieldBuilder(i), child)
		}
	default:
		panic(fmt.Sprintf("recordtest: a builder of %s", f.Type))
	}
}

// text makes a string of any length up to 255, of few letters.
func (s *source) text() string { return strings.Repeat(string(rune('a'+s.under(3))), int(s.byte())) }

// Rows writes out every row of records, whatever their dictionaries: the same text for the same values.
func Rows(recs ...arrow.Record) (rows []string) {
	for _, rec := range recs {
		for row := range int(rec.NumRows()) {
			var cells []string
			for _, column := range rec.Columns() {
				cells = append(cells, Cell(column, row))
			}
			rows = append(rows, strings.Join(cells, " "))
		}
	}
	return rows
}

// Cell writes out one value of an array.
func Cell(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return "null"
	}
	switch a := a.(type) {
	case *array.Float64:
		return Value(a.Value(i))
	case *array.Int64:
		return Value(a.Value(i))
	case *array.Int32:
		return Value(a.Value(i))
	case *array.Timestamp:
		return Value(int64(a.Value(i)))
	case *array.Boolean:
		return Value(a.Value(i))
	case *array.String:
		return Value(a.Value(i))
	case *array.Binary:
		return Value(string(a.Value(i)))
	case *array.Dictionary:
		return Cell(a.Dictionary(), a.GetValueIndex(i))
	case *array.List:
		var elements []string
		for from, to := a.ValueOffsets(i); from < to; from++ {
			elements = append(elements, Cell(a.ListValues(), int(from)))
		}
		return ListText(elements)
	case *array.Struct:
		var children []string
		for k := range a.NumField() {
			children = append(children, Cell(a.Field(k), i))
		}
		return StructText(children)
	}
	panic(fmt.Sprintf("recordtest: an array of %s", a.DataType()))
}

// longest is the length of the longest string that is written out itself.
const longest = 1000

// Value writes out a number, bool or string, a long string by its length and hash.
func Value(v any) string {
	switch v := v.(type) {
	case string:
		if len(v) > longest {
			return fmt.Sprintf("%d bytes, %x", len(v), sha256.Sum256([]byte(v)))
		}
		return strconv.Quote(v)
	case float64:
		return fmt.Sprintf("%x", math.Float64bits(v))
	}
	return fmt.Sprint(v)
}

// ListText writes out a list of what is written out.
func ListText(elements []string) string { return "[" + strings.Join(elements, " ") + "]" }

// StructText writes out a struct of what is written out.
func StructText(children []string) string { return "{" + strings.Join(children, " ") + "}" }
