package rowtext

import (
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

func TestTypesWithoutText(t *testing.T) {
	for _, unknown := range []arrow.DataType{
		arrow.BinaryTypes.LargeBinary, arrow.ListOf(arrow.PrimitiveTypes.Float32), arrow.PrimitiveTypes.Float32, arrow.FixedWidthTypes.Timestamp_ns, &arrow.TimestampType{Unit: arrow.Microsecond},
		&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.PrimitiveTypes.Int64},
	} {
		schema := arrow.NewSchema([]arrow.Field{{Name: "good", Type: arrow.PrimitiveTypes.Int64}, {Name: "bad", Type: unknown}}, nil)
		_, err := NewEncoder("text", io.Discard, schema, Syntax{}, 1)
		if err == nil || !strings.HasPrefix(err.Error(), "text: column bad: no text form for type ") {
			t.Errorf("%s: %v", unknown, err)
		}
	}
}

func TestEncodeOfAnotherSchema(t *testing.T) {
	schema := func(name string) *arrow.Schema {
		return arrow.NewSchema([]arrow.Field{{Name: name, Type: arrow.PrimitiveTypes.Int64}}, nil)
	}
	e, err := NewEncoder("text", io.Discard, schema("a"), Syntax{Before: []string{""}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema("b"))
	defer b.Release()
	rec := b.NewRecord()
	defer rec.Release()
	if err := e.Encode(rec); err == nil || !strings.HasPrefix(err.Error(), "text: record of another schema: ") {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error("the encoder can go on:", err)
	}
}

// A dictionary column may have indices of any width, nulls, and be a slice of another.
func TestDictionaries(t *testing.T) {
	names := array.NewStringBuilder(memory.DefaultAllocator)
	names.AppendValues([]string{"a", "b", "c"}, nil)
	indices := array.NewInt8Builder(memory.DefaultAllocator)
	indices.AppendValues([]int8{0, 1, 2, 0, 1}, []bool{true, true, true, false, true})
	kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	column := array.NewSlice(array.NewDictionaryArray(kind, indices.NewArray(), names.NewArray()), 1, 5)
	rec := array.NewRecord(arrow.NewSchema([]arrow.Field{{Name: "x", Type: kind, Nullable: true}}, nil), []arrow.Array{column}, 4)
	s := Syntax{Before: []string{" "}, End: ";", Null: "-", AppendString: func(dst []byte, s string) []byte { return append(dst, s...) }}
	if got := string(s.rows(rec)(nil, 0, 4)); got != " b; c; -; b;" {
		t.Error(got)
	}
}
