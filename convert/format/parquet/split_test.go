package parquet

import (
	"math"
	"testing"
)

// arrow v15 does not read BYTE_STREAM_SPLIT, so this undoes it by its definition.
func TestSplit(t *testing.T) {
	for n := range 40 {
		values := make(splits, n+3)
		for i := range values {
			values[i] = math.Float64frombits(0x0102030405060708 + uint64(i)*0x1011121314151617)
		}
		page := values.appendPage([]byte("before"), 3, n+3)
		if string(page[:6]) != "before" || len(page) != 6+8*n {
			t.Fatalf("%d values: %d bytes", n, len(page))
		}
		for i := range n {
			var bits uint64
			for k := range 8 {
				bits |= uint64(page[6+k*n+i]) << (8 * k)
			}
			if bits != math.Float64bits(values[i+3]) {
				t.Fatalf("value %d of %d: %x, want %x", i, n, bits, math.Float64bits(values[i+3]))
			}
		}
	}
}
