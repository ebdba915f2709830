package parquet

import (
	"encoding/binary"
	"math"
	"slices"
)

// appendPage appends the first byte of every value, then the second of every value, and so on: signs and exponents that
// hardly change stand together, and so do the zeros at the end of what once was a float32.
func (v splits) appendPage(dst []byte, from, to int) []byte {
	n, start := to-from, len(dst)
	dst = slices.Grow(dst, 8*n)[:start+8*n]
	page := dst[start:]
	var block [8]uint64
	i := 0
	for ; i+8 <= n; i += 8 {
		for k, x := range v[from+i : from+i+8] {
			block[k] = math.Float64bits(x)
		}
		transpose(&block)
		for k, word := range block {
			binary.LittleEndian.PutUint64(page[k*n+i:], word)
		}
	}
	for ; i < n; i++ {
		bits := math.Float64bits(v[from+i])
		for k := range 8 {
			page[k*n+i] = byte(bits >> (8 * k))
		}
	}
	return dst
}

// transpose makes byte k of word i byte i of word k.
func transpose(b *[8]uint64) {
	for i := range 4 {
		b[i], b[i+4] = b[i]&0xffffffff|b[i+4]<<32, b[i]>>32|b[i+4]&^0xffffffff
	}
	for _, i := range [4]int{0, 1, 4, 5} {
		const low = 0x0000ffff0000ffff
		b[i], b[i+2] = b[i]&low|b[i+2]&low<<16, b[i]>>16&low|b[i+2]&^low
	}
	for i := 0; i < 8; i += 2 {
		const low = 0x00ff00ff00ff00ff
		b[i], b[i+1] = b[i]&low|b[i+1]&low<<8, b[i]>>8&low|b[i+1]&^low
	}
}
