package tfrecord

import (
	"hash/crc32"
	"math/bits"
)

const (
	polynomial = crc32.Castagnoli
	maskDelta  = 0xa282ead8
)

var (
	castagnoli = crc32.MakeTable(polynomial)

	// zeroLengthCRC is the CRC of the length 0, and lengthTable[k][v] what a byte v
	// at position k of the length adds to it: a CRC is linear in the bits it covers.
	zeroLengthCRC = crc32.Checksum(make([]byte, lengthLen), castagnoli)
	lengthTable   = makeLengthTable()

	// powers[k] is the polynomial x^(8*2^k): 2^k zero bytes.
	powers = makePowers()
)

// MaskedCRC returns the masked CRC-32C of b, as a record stores it.
func MaskedCRC(b []byte) uint32 {
	return mask(crc32.Checksum(b, castagnoli))
}

// mask keeps the CRC of data that contains CRCs from being trivial.
func mask(crc uint32) uint32 {
	return bits.RotateLeft32(crc, -15) + maskDelta
}

// lengthCRC returns the masked CRC of the eight bytes of n. Lengths are short, and most
// of their bytes zero, so that this takes two or three steps.
func lengthCRC(n uint64) uint32 {
	crc := zeroLengthCRC
	for k := 0; n != 0; k++ {
		crc ^= lengthTable[k&(lengthLen-1)][byte(n)]
		n >>= 8
	}
	return mask(crc)
}

func makeLengthTable() *[lengthLen][256]uint32 {
	t := new([lengthLen][256]uint32)
	for k := range t {
		for v := range t[k] {
			var b [lengthLen]byte
			b[k] = byte(v)
			t[k][v] = crc32.Checksum(b[:], castagnoli) ^ zeroLengthCRC
		}
	}
	return t
}

// subtractCRC returns the CRC of the last n bytes of some data, given the CRC of all of
// it and the CRC of what comes before them.
func subtractCRC(all, before uint32, n int64) uint32 {
	return all ^ shift(before, n)
}

// shift multiplies crc by x^(8n): what n zero bytes behind it would do.
// It takes one multiplication for each bit set in n.
func shift(crc uint32, n int64) uint32 {
	for k := 0; n != 0; k++ {
		if n&1 != 0 {
			crc = multiply(crc, powers[k])
		}
		n >>= 1
	}
	return crc
}

// multiply returns a*b modulo the CRC's polynomial, all in the bit order of the CRC:
// the highest bit is the coefficient of x^0.
func multiply(a, b uint32) uint32 {
	var p uint32
	for ; a != 0; a <<= 1 {
		p ^= b & -(a >> 31)
		b = b>>1 ^ polynomial&-(b&1)
	}
	return p
}

func makePowers() (p [63]uint32) {
	p[0] = 1 << (31 - 8) // x^8
	for k := 1; k < len(p); k++ {
		p[k] = multiply(p[k-1], p[k-1])
	}
	return p
}
