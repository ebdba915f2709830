package parquet

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/parquet"
)

// values are the values of a column that are not null, in order.
type values interface {
	// fit returns how many values from the given one on make a full page, though there may be fewer.
	fit(from int) int
	// appendPage appends the encoded values in [from, to).
	appendPage(dst []byte, from, to int) []byte
	// bounds returns the smallest and largest value in plain encoding; false if the column may not say.
	bounds() (low, high []byte, ok bool)
}

type (
	int64s []int64
	int32s []int32
	floats []float64
	splits []float64 // floats in BYTE_STREAM_SPLIT
	bools  []bool
	utf8s  []string
)

func (int64s) fit(int) int { return pageRows }
func (int32s) fit(int) int { return pageRows }
func (floats) fit(int) int { return pageRows }
func (splits) fit(int) int { return pageRows }
func (bools) fit(int) int  { return pageRows }

func (s utf8s) fit(from int) int {
	size := 0
	for n, v := range s[from:] {
		if size += 4 + len(v); n == pageRows || n > 0 && size > pageBytes {
			return n
		}
	}
	return pageRows
}

func (v int64s) appendPage(dst []byte, from, to int) []byte { return appendDeltas(dst, v[from:to]) }

// Arrow keeps numbers as Parquet's plain encoding does, on the little-endian machines that Go's arrow supports.
func (v int32s) appendPage(dst []byte, from, to int) []byte {
	return append(dst, arrow.Int32Traits.CastToBytes(v[from:to])...)
}

func (v floats) appendPage(dst []byte, from, to int) []byte {
	return append(dst, arrow.Float64Traits.CastToBytes(v[from:to])...)
}

func (v bools) appendPage(dst []byte, from, to int) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, (to-from+7)/8)...)
	for i, set := range v[from:to] {
		if set {
			dst[start+i/8] |= 1 << (i % 8)
		}
	}
	return dst
}

func (s utf8s) appendPage(dst []byte, from, to int) []byte {
	for _, v := range s[from:to] {
		dst = appendString(dst, v)
	}
	return dst
}

func appendString(dst []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// A scratch holds the memory for the values of columns that have nulls, and for levels.
type scratch struct {
	int64s     []int64
	int32s     []int32
	floats     []float64
	bools      []bool
	utf8s      []string
	rows       []int
	dictionary dictionary
	levels     []int32
}

// cells are the values of an array that are there: those in spans, or, without spans, all that are not null.
type cells struct {
	arrow.Array
	spans []span
}

// values returns the values of a leaf. They are valid until the next call, and as long as the array.
func (s *scratch) values(c cells, encoding parquet.Encoding) (values, error) {
	switch column := c.Array.(type) {
	case *array.Int64:
		return int64s(present(c, column.Int64Values(), &s.int64s)), nil
	case *array.Timestamp:
		micros := arrow.Int64Traits.CastFromBytes(arrow.TimestampTraits.CastToBytes(column.TimestampValues()))
		return int64s(present(c, micros, &s.int64s)), nil
	case *array.Int32:
		return int32s(present(c, column.Int32Values(), &s.int32s)), nil
	case *array.Float64:
		all := present(c, column.Float64Values(), &s.floats)
		if encoding == byteStreamSplit {
			return splits(all), nil
		}
		return floats(all), nil
	case *array.Boolean:
		s.bools = collect(c, s.bools[:0], column.Value)
		return bools(s.bools), nil
	case *array.String:
		s.utf8s = collect(c, s.utf8s[:0], column.Value)
		return utf8s(s.utf8s), nil
	case *array.Dictionary:
		return s.dictionaryValues(c, column)
	}
	return nil, fmt.Errorf("type %s is not written to Parquet", c.DataType())
}

// dictionaryValues returns the positions of a dictionary column's values in the dictionary that goes into the file.
func (s *scratch) dictionaryValues(c cells, column *array.Dictionary) (values, error) {
	var indices []int32
	if positions, ok := column.Indices().(*array.Int32); ok {
		indices = present(c, positions.Int32Values(), &s.int32s)
	} else {
		s.int32s = collect(c, s.int32s[:0], func(i int) int32 { return int32(column.GetValueIndex(i)) })
		indices = s.int32s
	}
	err := s.dictionary.set(column.Dictionary().(*array.String), indices)
	return &s.dictionary, err
}

// present returns all that are there: the array's own memory if they stand together in it.
func present[T any](c cells, all []T, scratch *[]T) []T {
	switch {
	case c.spans == nil && c.NullN() == 0:
		return all
	case len(c.spans) == 1:
		return all[c.spans[0].from:c.spans[0].to]
	}
	*scratch = collect(c, (*scratch)[:0], func(i int) T { return all[i] })
	return *scratch
}

func collect[T any](c cells, dst []T, value func(int) T) []T {
	if c.spans == nil {
		dst = slices.Grow(dst, c.Len()-c.NullN())
		for i := range c.Len() {
			if c.IsValid(i) {
				dst = append(dst, value(i))
			}
		}
		return dst
	}
	for _, span := range c.spans {
		dst = slices.Grow(dst, span.to-span.from)
		for i := span.from; i < span.to; i++ {
			dst = append(dst, value(i))
		}
	}
	return dst
}
