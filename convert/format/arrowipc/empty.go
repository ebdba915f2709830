package arrowipc

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// isNested reports whether a schema has columns that withoutEmptySlices is for.
func isNested(schema *arrow.Schema) bool {
	for _, f := range schema.Fields() {
		switch f.Type.ID() {
		case arrow.BINARY, arrow.LIST, arrow.STRUCT:
			return true
		}
	}
	return false
}

// withoutEmptySlices returns a record with the same values that arrow v15 can write: it panics at a binary array
// without values that is a slice of one with some, which the elements of nothing but empty lists are.
func withoutEmptySlices(rec arrow.Record) arrow.Record {
	columns := make([]arrow.Array, rec.NumCols())
	for i, column := range rec.Columns() {
		columns[i], _ = withoutEmptySlice(column)
	}
	return array.NewRecord(rec.Schema(), columns, rec.NumRows())
}

// empty returns an array without values.
func empty(t arrow.DataType) arrow.Array {
	b := array.NewBuilder(memory.DefaultAllocator, t)
	defer b.Release()
	return b.NewArray()
}

// withoutEmptySlice returns the array itself, and false, where nothing is to be done.
func withoutEmptySlice(a arrow.Array) (same arrow.Array, changed bool) {
	if a.Len() == 0 {
		return empty(a.DataType()), true
	}
	switch a := a.(type) {
	case *array.List:
		first, _ := a.ValueOffsets(0)
		_, last := a.ValueOffsets(a.Len() - 1)
		elements, changed := withoutEmptySlice(array.NewSlice(a.ListValues(), first, last))
		if !changed {
			return a, false
		}
		offsets := make([]int32, a.Len()+1)
		for i := range a.Len() {
			_, end := a.ValueOffsets(i)
			offsets[i+1] = int32(end - first)
		}
		buffers := []*memory.Buffer{validity(a), memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets))}
		children := []arrow.ArrayData{elements.Data()}
		return array.NewListData(array.NewData(a.DataType(), a.Len(), buffers, children, a.NullN(), 0)), true
	case *array.Struct:
		fields := make([]arrow.ArrayData, a.NumField())
		for i := range fields {
			field, c := withoutEmptySlice(a.Field(i))
			fields[i], changed = field.Data(), changed || c
		}
		if !changed {
			return a, false
		}
		buffers := []*memory.Buffer{validity(a)}
		return array.NewStructData(array.NewData(a.DataType(), a.Len(), buffers, fields, a.NullN(), 0)), true
	}
	return a, false
}

// validity returns the bits that say what in an array is not null; nil if nothing is null.
func validity(a arrow.Array) *memory.Buffer {
	if a.NullN() == 0 {
		return nil
	}
	bits := make([]byte, bitutil.BytesForBits(int64(a.Len())))
	for i := range a.Len() {
		bitutil.SetBitTo(bits, i, a.IsValid(i))
	}
	return memory.NewBufferBytes(bits)
}
