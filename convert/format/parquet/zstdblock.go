package parquet

import (
	"encoding/binary"

	"github.com/klauspost/compress/huff0"
)

// A blockWriter writes blocks of zstd frames (RFC 8878, 3.1.1.2), each with as many literals for every match, and all
// matches of one length and distance.
type blockWriter struct {
	huffman huff0.Scratch
}

const (
	blockHeader  = 3  // bytes
	fewestPacked = 64 // literals that are worth a Huffman table

	// The shortest match that zstd has.
	shortestMatch = 3
	mostLiterals  = 15
)

// Types of blocks, types of literals, and the mode in which all matches are alike (3.1.1.2.2, 3.1.1.3.1.1 and
// 3.1.1.3.2.1.1).
const (
	rawBlock        = 0
	compressedBlock = 2

	rawLiterals     = 0
	repeatedLiteral = 1
	packedLiterals  = 2

	allAlike = 1<<6 | 1<<4 | 1<<2 // RLE_Mode: number of literals, distance, length
)

// A distance is how matches say how far back they reach: by a code, and by the bits of the block's end, in which
// nothing else takes any.
type distance uint8

const (
	// asBefore is the distance of the match before.
	asBefore distance = iota
	// eightBack is a distance of 8, for a block of one match. It stands there as 8+3, as 1 to 3 are earlier distances:
	// the code 3, for 8, and three bits.
	eightBack
)

func (d distance) code() byte { return [...]byte{0, 3}[d] }

// end is the bit stream: what the distance needs, and the set bit that ends it.
func (d distance) end() byte { return [...]byte{1, 1<<3 | 3}[d] }

// appendFrameHeader begins a frame with size bytes of content.
func appendFrameHeader(dst []byte, size int) []byte {
	const singleSegment, sizeOf4Bytes = 1 << 5, 2 << 6
	dst = append(dst, 0x28, 0xb5, 0x2f, 0xfd, singleSegment|sizeOf4Bytes)
	return binary.LittleEndian.AppendUint32(dst, uint32(size))
}

// appendLiterals appends a block without matches.
func (w *blockWriter) appendLiterals(dst, literals []byte, last bool) []byte {
	start := len(dst)
	dst = w.appendSection(append(dst, 0, 0, 0), literals)
	dst = append(dst, 0) // matches
	kind := compressedBlock
	if len(dst)-start-blockHeader >= len(literals) {
		kind, dst = rawBlock, append(dst[:start+blockHeader], literals...)
	}
	setBlockHeader(dst[start:], kind, last)
	return dst
}

// appendMatches appends a block of n matches, each after an equal share of the literals: at most 15, of which the
// number is the code.
func (w *blockWriter) appendMatches(dst, literals []byte, n, length int, d distance) []byte {
	start := len(dst)
	dst = w.appendSection(append(dst, 0, 0, 0), literals)
	if n < 0x80 {
		dst = append(dst, byte(n))
	} else {
		dst = append(dst, byte(n>>8)|0x80, byte(n))
	}
	dst = append(dst, allAlike, byte(len(literals)/n), d.code(), byte(length-shortestMatch), d.end())
	setBlockHeader(dst[start:], compressedBlock, false)
	return dst
}

// setBlockHeader writes the header of the block that b is.
func setBlockHeader(b []byte, kind int, last bool) {
	header := (len(b)-blockHeader)<<3 | kind<<1
	if last {
		header |= 1
	}
	b[0], b[1], b[2] = byte(header), byte(header>>8), byte(header>>16)
}

// appendSection appends literals, Huffman-coded if that makes them fewer.
func (w *blockWriter) appendSection(dst, literals []byte) []byte {
	if len(literals) >= fewestPacked {
		w.huffman.Reuse = huff0.ReusePolicyNone
		packed, _, err := huff0.Compress4X(literals, &w.huffman)
		if err == huff0.ErrUseRLE {
			return append(appendSize(dst, repeatedLiteral, len(literals)), literals[0])
		}
		if err == nil {
			return append(appendSizes(dst, len(literals), len(packed)), packed...)
		}
	}
	return append(appendSize(dst, rawLiterals, len(literals)), literals...)
}

// appendSize appends the header of literals that are raw or all the same.
func appendSize(dst []byte, kind, size int) []byte {
	switch {
	case size < 1<<5:
		return append(dst, byte(kind|size<<3))
	case size < 1<<12:
		return binary.LittleEndian.AppendUint16(dst, uint16(kind|1<<2|size<<4))
	}
	header := kind | 3<<2 | size<<4
	return append(dst, byte(header), byte(header>>8), byte(header>>16))
}

// appendSizes appends the header of Huffman-coded literals in four streams.
func appendSizes(dst []byte, size, packed int) []byte {
	format, width := 1, 10
	for size >= 1<<width || packed >= 1<<width {
		format, width = format+1, width+4
	}
	header := uint64(packedLiterals | format<<2 | size<<4 | packed<<(4+width))
	for range format + 2 {
		dst = append(dst, byte(header))
		header >>= 8
	}
	return dst
}
