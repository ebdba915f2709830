package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// column makes an array of a fixed width type from its buffers, which it takes over. valid is nil if nothing is null.
func column(t arrow.DataType, rows, nulls int, valid, values *memory.Buffer) arrow.Array {
	data := array.NewData(t, rows, []*memory.Buffer{valid, values}, nil, nulls, 0)
	defer data.Release()
	values.Release()
	if valid != nil {
		valid.Release()
	}
	return array.MakeFromData(data)
}

// nameColumn makes a dictionary array from its indices and dictionary, which it takes over. valid is nil if nothing is
// null.
func nameColumn(rows int, valid *memory.Buffer, nulls int, indices *memory.Buffer, names *array.String) arrow.Array {
	data := array.NewDataWithDictionary(nameType(), rows, []*memory.Buffer{valid, indices}, nulls, 0,
		names.Data().(*array.Data))
	defer data.Release()
	indices.Release()
	names.Release()
	return array.NewDictionaryData(data)
}

// fill sets every element to v.
func fill(s []int32, v int32) {
	if len(s) == 0 {
		return
	}
	s[0] = v
	for n := 1; n < len(s); n *= 2 {
		copy(s[n:], s[:n])
	}
}
