package parquet

import (
	"encoding/binary"
	"math/bits"
)

const (
	blockValues     = 128
	miniblocks      = 4
	miniblockValues = blockValues / miniblocks
)

// appendDeltas appends values in DELTA_BINARY_PACKED: the first value, then blocks of differences, each less the
// smallest of its block, packed in the fewest bits that hold a miniblock's largest. All arithmetic wraps around, as the
// format asks, so any int64 may follow any other.
func appendDeltas(dst []byte, values []int64) []byte {
	dst = binary.AppendUvarint(dst, blockValues)
	dst = binary.AppendUvarint(dst, miniblocks)
	dst = binary.AppendUvarint(dst, uint64(len(values)))
	if len(values) == 0 {
		return binary.AppendVarint(dst, 0)
	}
	dst = binary.AppendVarint(dst, values[0])
	var deltas [blockValues]uint64
	for last, rest := values[0], values[1:]; len(rest) > 0; {
		n := min(len(rest), blockValues)
		smallest := rest[0] - last
		for i, v := range rest[:n] {
			delta := v - last
			deltas[i], last = uint64(delta), v
			smallest = min(smallest, delta)
		}
		dst = appendBlock(binary.AppendVarint(dst, smallest), deltas[:n], uint64(smallest))
		rest = rest[n:]
	}
	return dst
}

// appendBlock appends the widths of a block's miniblocks and those miniblocks that have values.
func appendBlock(dst []byte, deltas []uint64, smallest uint64) []byte {
	widths := len(dst)
	dst = append(dst, make([]byte, miniblocks)...)
	for i := 0; len(deltas) > 0; i++ {
		n := min(len(deltas), miniblockValues)
		var all uint64
		for k := range deltas[:n] {
			deltas[k] -= smallest
			all |= deltas[k]
		}
		width := uint(bits.Len64(all))
		dst[widths+i] = byte(width)
		dst = appendPacked(dst, deltas[:n], width, miniblockValues)
		deltas = deltas[n:]
	}
	return dst
}
