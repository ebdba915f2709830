package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// A dictionary numbers the strings of one column of one record, in order of first appearance.
type dictionary struct {
	indices map[string]int32
	offsets []int32 // len(indices)+1 positions in bytes
	bytes   []byte
	last    string // the string asked for last: points come series by series
	lastIs  int32  // its number; -1 before the first
}

// index returns the number of s, a new one if s is new.
func (d *dictionary) index(s string) int32 {
	if d.lastIs >= 0 && s == d.last {
		return d.lastIs
	}
	i, ok := d.indices[s]
	if !ok {
		i = int32(len(d.indices))
		d.indices[s] = i
		d.bytes = append(d.bytes, s...)
		d.offsets = append(d.offsets, int32(len(d.bytes)))
	}
	d.last, d.lastIs = s, i
	return i
}

// array returns the strings. They stay valid after reset.
func (d *dictionary) array() *array.String {
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.offsets)),
		memory.NewBufferBytes(d.bytes)}
	data := array.NewData(arrow.BinaryTypes.String, len(d.indices), buffers, nil, 0, 0)
	defer data.Release()
	return array.NewStringData(data)
}

// reset forgets the strings, and their memory too if they were many.
func (d *dictionary) reset() {
	const many = 1 << 16
	if d.indices == nil || len(d.indices) > many {
		d.indices = make(map[string]int32)
	} else {
		clear(d.indices)
	}
	d.offsets, d.bytes = []int32{0}, nil
	d.last, d.lastIs = "", -1
}
