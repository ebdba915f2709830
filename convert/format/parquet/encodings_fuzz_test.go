package parquet

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// comesBack fails unless arrow's reader finds in a file of one column what went into it.
func comesBack(t *testing.T, column arrow.Array, o Options) {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: column.DataType(), Nullable: column.NullN() > 0}}, nil)
	rec := array.NewRecord(schema, []arrow.Array{column}, int64(column.Len()))
	if got, want := readColumn(t, open(t, encode(t, o, rec)), 0), columnTexts(0, rec); !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
}

// FuzzDeltas holds DELTA_BINARY_PACKED to arrow's decoder. The input is differences of one byte to eight, as its first
// byte says, one after the other, times times over.
func FuzzDeltas(f *testing.F) {
	f.Add([]byte{0, 1, 1, 1, 1, 255, 0, 7}, uint8(30))
	f.Add([]byte("\x07\x00\x00\x00\x00\x00\x00\x00\x80\xff\xff\xff\xff\xff\xff\xff\x7f"), uint8(40))
	f.Add([]byte{3, 1, 2, 3, 4, 0, 0, 0, 0x80}, uint8(129))
	f.Fuzz(func(t *testing.T, data []byte, times uint8) {
		if len(data) == 0 {
			return
		}
		size := int(data[0]%8) + 1
		b := array.NewInt64Builder(memory.DefaultAllocator)
		var value int64
		for range times {
			for rest := data[1:]; len(rest) >= size; rest = rest[size:] {
				var word [8]byte
				copy(word[8-size:], rest[:size]) // the sign is the last byte's
				value += int64(binary.LittleEndian.Uint64(word[:])) >> (64 - 8*size)
				b.Append(value)
			}
		}
		if b.Len() > 0 {
			comesBack(t, b.NewArray(), Options{Compression: None})
		}
	})
}

// FuzzHybrid holds the hybrid of run-length encoding and bit packing to arrow's decoder, as positions in a dictionary
// and as levels. The input is pairs of bytes: a position, and how often it comes in a row. Position 255 is null.
func FuzzHybrid(f *testing.F) {
	f.Add([]byte{0, 7, 1, 8, 2, 9, 255, 20, 3, 1}, uint16(4))
	f.Add([]byte{0, 255, 1, 255, 0, 255}, uint16(1))
	f.Add([]byte{9, 1, 8, 1, 7, 1, 6, 1, 5, 1, 4, 1, 3, 1, 2, 1, 255, 1}, uint16(1000))
	f.Fuzz(func(t *testing.T, data []byte, strings uint16) {
		words, indices := array.NewStringBuilder(memory.DefaultAllocator), array.NewInt32Builder(memory.DefaultAllocator)
		count := int(strings%5000) + 1
		for i := range count {
			words.Append(fmt.Sprint("name ", i))
			indices.Append(int32(i)) // so that all are used, and the width is known
		}
		for ; len(data) >= 2; data = data[2:] {
			for range data[1] {
				if data[0] == 255 {
					indices.AppendNull()
				} else {
					indices.Append(int32(int(data[0]) * 37 % count))
				}
			}
		}
		kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
		comesBack(t, array.NewDictionaryArray(kind, indices.NewArray(), words.NewArray()), Options{Compression: Snappy})
	})
}

// FuzzSplit undoes BYTE_STREAM_SPLIT by its definition: arrow v15 does not read it.
func FuzzSplit(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), uint8(0))
	f.Add(make([]byte, 200), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, from uint8) {
		values := make(splits, len(data)/8)
		for i := range values {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
		first := min(int(from), len(values))
		page := values.appendPage([]byte("before"), first, len(values))
		n := len(values) - first
		if string(page[:6]) != "before" || len(page) != 6+8*n {
			t.Fatalf("%d values: %d bytes", n, len(page))
		}
		for i := range n {
			var bits uint64
			for k := range 8 {
				bits |= uint64(page[6+k*n+i]) << (8 * k)
			}
			if want := math.Float64bits(values[first+i]); bits != want {
				t.Fatalf("value %d of %d: %x, want %x", i, n, bits, want)
			}
		}
	})
}
