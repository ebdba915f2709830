package arrowipc

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// A dictionary numbers the strings of one column of all records, in order of first appearance.
type dictionary struct {
	column  *arrow.DictionaryType
	seed    maphash.Seed
	numbers map[uint64]int32 // by hash, the string added last; ...
	before  []int32          // ... by string, the one of the same hash before it, -1: none
	offsets []int32          // len(before)+1 positions in bytes
	bytes   []byte           // of the strings, which stand nowhere else: they may be megabytes
	strings *array.String    // as of the last call of all
	indices []int32
}

// mostBytes is how many bytes the strings of a dictionary may have: its offsets are int32.
const mostBytes = math.MaxInt32

func newDictionary(column *arrow.DictionaryType) *dictionary {
	return &dictionary{column: column, seed: maphash.MakeSeed(), numbers: make(map[uint64]int32), offsets: []int32{0}}
}

// dictionaries returns a dictionary for each column that is one of strings with int32 positions, and nil for the
// others.
func dictionaries(schema *arrow.Schema) []*dictionary {
	all := make([]*dictionary, schema.NumFields())
	for i, field := range schema.Fields() {
		t, ok := field.Type.(*arrow.DictionaryType)
		if ok && t.ValueType.ID() == arrow.STRING && t.IndexType.ID() == arrow.INT32 {
			all[i] = newDictionary(t)
		}
	}
	return all
}

// renumber returns the positions of a column's strings in this dictionary, which it extends. They are valid until the
// next call, and as long as the column.
func (d *dictionary) renumber(c *array.Dictionary) ([]int32, error) {
	names := c.Dictionary().(*array.String)
	if names.NullN() > 0 {
		return nil, errors.New("null inside a dictionary")
	}
	numbers := make([]int32, names.Len())
	same := true
	for i := range numbers {
		var err error
		if numbers[i], err = d.number(names.Value(i)); err != nil {
			return nil, err
		}
		same = same && int(numbers[i]) == i
	}
	indices := c.Indices().(*array.Int32).Int32Values()
	if same && c.NullN() == 0 { // under a null stands anything
		return indices, nil
	}
	d.indices = slices.Grow(d.indices[:0], len(indices))[:len(indices)]
	for i, index := range indices {
		if c.NullN() > 0 && c.IsNull(i) {
			index = 0
		} else {
			index = numbers[index]
		}
		d.indices[i] = index
	}
	return d.indices, nil
}

func (d *dictionary) number(s string) (int32, error) {
	hash := maphash.String(d.seed, s)
	same, ok := d.numbers[hash]
	if !ok {
		same = -1
	}
	for n := same; n >= 0; n = d.before[n] {
		if string(d.bytes[d.offsets[n]:d.offsets[n+1]]) == s {
			return n, nil
		}
	}
	if len(d.bytes)+len(s) > mostBytes {
		return 0,
			fmt.Errorf("its different strings have more than %d bytes, which is all that a dictionary holds", mostBytes)
	}
	n := int32(len(d.before))
	d.numbers[hash], d.before = n, append(d.before, same)
	d.bytes = append(d.bytes, s...)
	d.offsets = append(d.offsets, int32(len(d.bytes)))
	return n, nil
}

// all returns the strings so far: the same array as last time if no string was added.
func (d *dictionary) all() *array.String {
	if d.strings == nil || d.strings.Len() < len(d.before) {
		offsets := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.offsets))
		buffers := []*memory.Buffer{nil, offsets, memory.NewBufferBytes(d.bytes)}
		data := array.NewData(d.column.ValueType, len(d.before), buffers, nil, 0, 0)
		defer data.Release()
		d.strings = array.NewStringData(data)
	}
	return d.strings
}

// array returns a column of positions in strings that is null where c is.
func (d *dictionary) array(c *array.Dictionary, indices []int32, strings *array.String) arrow.Array {
	buffers := []*memory.Buffer{validity(c), memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(indices))}
	data := array.NewDataWithDictionary(d.column, len(indices), buffers, c.NullN(), 0, strings.Data().(*array.Data))
	defer data.Release()
	return array.NewDictionaryData(data)
}

// empty returns a column without rows that has the complete dictionary.
func (d *dictionary) empty() arrow.Array {
	indices := empty(d.column.IndexType)
	defer indices.Release()
	return array.NewDictionaryArray(d.column, indices, d.all())
}
