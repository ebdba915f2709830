package parquet

import (
	"encoding/binary"
	"math/bits"

	"github.com/apache/arrow/go/v15/arrow"
)

// fewestRepeats is how many equal values are worth a header of their own.
const fewestRepeats = 8

// appendHybrid appends values in Parquet's hybrid of run-length encoding and bit packing. Repeated values are a header
// and one value; packed values come in groups of 8 after a header, and only the last group of a page may be filled up
// with zeros.
func appendHybrid[T int32 | uint8](dst []byte, values []T, width uint) []byte {
	packed := 0 // values before it are written; those from it to i wait to be packed
	for i := 0; i < len(values); {
		n := repeats(values[i:])
		if n < fewestRepeats {
			i = min(i+8, len(values))
			continue
		}
		dst = appendGroups(dst, values[packed:i], width)
		dst = binary.AppendUvarint(dst, uint64(n)<<1)
		for shift := uint(0); shift < width; shift += 8 {
			dst = append(dst, byte(uint64(values[i])>>shift))
		}
		i += n
		packed = i
	}
	return appendGroups(dst, values[packed:], width)
}

func repeats[T int32 | uint8](values []T) int {
	n := 1
	for n < len(values) && values[n] == values[0] {
		n++
	}
	return n
}

// appendGroups appends values bit-packed, if there are any. Other writers keep to 63 groups a header, which fits a
// byte.
func appendGroups[T int32 | uint8](dst []byte, values []T, width uint) []byte {
	for len(values) > 0 {
		n := min(len(values), 63*8)
		groups := (n + 7) / 8
		dst = append(dst, byte(groups<<1|1))
		dst = appendPacked(dst, values[:n], width, groups*8)
		values = values[n:]
	}
	return dst
}

// appendPacked appends the low width bits of each value, the first in the lowest bits, and zeros up to count values.
// The bits of count values fill whole bytes.
func appendPacked[T int32 | uint8 | uint64](dst []byte, values []T, width uint, count int) []byte {
	var word uint64
	var used uint
	for i := range count {
		var v uint64
		if i < len(values) {
			v = uint64(values[i])
		}
		word |= v << used
		if used += width; used >= 64 {
			dst = binary.LittleEndian.AppendUint64(dst, word)
			used -= 64
			word = v >> (width - used)
		}
	}
	for ; used > 0; used -= 8 {
		dst = append(dst, byte(word))
		word >>= 8
	}
	return dst
}

// appendLevels appends the definition levels of the rows in [from, to): 1 for a value, 0 for null.
func (s *scratch) appendLevels(dst []byte, column arrow.Array, from, to int) []byte {
	length := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	if column.NullN() == 0 {
		dst = binary.AppendUvarint(dst, uint64(to-from)<<1)
		dst = append(dst, 1)
	} else {
		s.levels = s.levels[:0]
		for i := from; i < to; i++ {
			level := int32(0)
			if column.IsValid(i) {
				level = 1
			}
			s.levels = append(s.levels, level)
		}
		dst = appendHybrid(dst, s.levels, 1)
	}
	binary.LittleEndian.PutUint32(dst[length:], uint32(len(dst)-length-4))
	return dst
}

// appendLevels appends the levels in [from, to), where there are any.
func (s *shredder) appendLevels(dst []byte, from, to int) []byte {
	if s.leaf.maxRep > 0 {
		dst = appendLevels(dst, s.rep[from:to], s.leaf.maxRep)
	}
	if s.leaf.maxDef > 0 {
		dst = appendLevels(dst, s.def[from:to], s.leaf.maxDef)
	}
	return dst
}

func appendLevels(dst []byte, levels []uint8, most uint8) []byte {
	length := len(dst)
	dst = appendHybrid(append(dst, 0, 0, 0, 0), levels, uint(bits.Len8(most)))
	binary.LittleEndian.PutUint32(dst[length:], uint32(len(dst)-length-4))
	return dst
}
