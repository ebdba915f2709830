package arrowipc

import (
	"errors"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// A dictionary numbers the strings of one column of all records, in order of first appearance.
type dictionary struct {
	column  *arrow.DictionaryType
	numbers map[string]int32
	strings *array.StringBuilder
	none    *array.String // stands for the dictionary in records that are written without
	indices []int32
}

func newDictionary(column *arrow.DictionaryType) *dictionary {
	return &dictionary{
		column:  column,
		numbers: make(map[string]int32),
		strings: array.NewStringBuilder(memory.DefaultAllocator),
		none:    array.NewStringBuilder(memory.DefaultAllocator).NewStringArray(),
	}
}

// renumber returns a column with the same strings by the numbers of this dictionary, which it extends. The column is
// valid until the next call.
func (d *dictionary) renumber(c *array.Dictionary) (arrow.Array, error) {
	names := c.Dictionary().(*array.String)
	if names.NullN() > 0 {
		return nil, errors.New("null inside a dictionary")
	}
	numbers := make([]int32, names.Len())
	for i := range numbers {
		numbers[i] = d.number(names.Value(i))
	}
	d.indices = d.indices[:0]
	for i, index := range c.Indices().(*array.Int32).Int32Values() {
		if c.IsNull(i) {
			index = 0
		} else {
			index = numbers[index]
		}
		d.indices = append(d.indices, index)
	}
	return d.array(c, d.indices), nil
}

func (d *dictionary) number(s string) int32 {
	n, ok := d.numbers[s]
	if !ok {
		n = int32(len(d.numbers))
		s = string([]byte(s)) // the record's memory is not ours
		d.numbers[s] = n
		d.strings.Append(s)
	}
	return n
}

// array returns a column of indices that is null where c is.
func (d *dictionary) array(c *array.Dictionary, indices []int32) arrow.Array {
	buffers := []*memory.Buffer{validity(c), memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(indices))}
	data := array.NewDataWithDictionary(d.column, len(indices), buffers, c.NullN(), 0, d.none.Data().(*array.Data))
	defer data.Release()
	return array.NewDictionaryData(data)
}

// empty returns a column without rows that has the complete dictionary.
func (d *dictionary) empty() arrow.Array {
	strings := d.strings.NewStringArray()
	defer strings.Release()
	indices := array.MakeArrayOfNull(memory.DefaultAllocator, d.column.IndexType, 0)
	defer indices.Release()
	return array.NewDictionaryArray(d.column, indices, strings)
}
