package parquet

import (
	"encoding/binary"
)

// A numberCompressor makes zstd frames of eight-byte numbers. On BenchmarkEncode its files are 15 % smaller than those
// of the library's fastest level, and encoding them takes less than half of the time.
//
// Neighbouring numbers agree in some of their bytes: in the zeros at the end of what once was a float32, in sign,
// exponent and first digits. It takes no search to find these: a number becomes the bytes that differ, which are
// Huffman-coded, and a match of the others with those of the number before. All matches of a block are alike, and zstd
// takes no bits for what is always the same.
//
// It belongs to one goroutine. Its zero value is ready.
type numberCompressor struct {
	block    blockWriter
	literals []byte

	page      []byte
	at        int  // how much of the page is in blocks
	repeating bool // the last match was with the number before
}

const (
	wordBytes     = 8
	blockWords    = 1 << 12 // that share matches and a Huffman table; measured: half is 3 % smaller and 15 % slower
	fewestMatches = 8       // that are worth a block of their own
)

// compress appends a frame of the page, which is whole numbers, to dst.
func (c *numberCompressor) compress(dst, page []byte) []byte {
	c.page, c.at, c.repeating = page, 0, false
	dst = appendFrameHeader(dst, len(page))
	words := len(page) / wordBytes
	for from := 0; from < words; from += blockWords {
		dst = c.appendWords(dst, from, min(from+blockWords, words))
	}
	return c.appendLiterals(dst, len(page), true)
}

// appendWords appends blocks of the numbers in [from, to), but for what follows the last match.
func (c *numberCompressor) appendWords(dst []byte, from, to int) []byte {
	m := c.findMatch(max(from, 1), to)
	// The literals of the first number follow the match of the one before it.
	before := max(from, 1) - 1
	if before*wordBytes+m.end() < c.at {
		before++
	}
	start, n := before*wordBytes+m.end(), to-before-1
	if m.length < shortestMatch || n < fewestMatches {
		return c.appendLiterals(dst, to*wordBytes, false)
	}
	if c.at < start {
		dst = c.appendLiterals(dst, start, false)
	}
	if !c.repeating {
		c.repeating = true
		dst = c.appendMatches(dst, 1, m.length, eightBack)
		n--
	}
	return c.appendMatches(dst, n, m.length, asBefore)
}

// A match is the bytes of a number that are those of the number before.
type match struct{ start, length int }

func (m match) end() int { return m.start + m.length }

// findMatch finds the longest match that all numbers in [from, to) have. It leaves one byte to be a literal.
func (c *numberCompressor) findMatch(from, to int) (best match) {
	var differ uint64
	last := binary.LittleEndian.Uint64(c.page[(from-1)*wordBytes:])
	for b := c.page[from*wordBytes : to*wordBytes]; len(b) >= wordBytes; b = b[wordBytes:] {
		word := binary.LittleEndian.Uint64(b)
		differ |= word ^ last
		last = word
	}
	var m match
	for i := range wordBytes {
		if byte(differ>>(8*i)) != 0 {
			m = match{start: i + 1}
		} else if m.length < wordBytes-1 {
			m.length++
		}
		if m.length > best.length {
			best = m
		}
	}
	return best
}

// appendLiterals appends a block of the bytes up to end, without matches.
func (c *numberCompressor) appendLiterals(dst []byte, end int, last bool) []byte {
	literals := c.page[c.at:end]
	c.at = end
	return c.block.appendLiterals(dst, literals, last)
}

// appendMatches appends a block of n numbers with matches of the same length.
func (c *numberCompressor) appendMatches(dst []byte, n, length int, d distance) []byte {
	literals := c.gather(n, wordBytes-length)
	c.at += n * wordBytes
	return c.block.appendMatches(dst, literals, n, length, d)
}

// gather gives the first size bytes of each of the next n words.
func (c *numberCompressor) gather(n, size int) []byte {
	if need := n*size + wordBytes; len(c.literals) < need {
		c.literals = make([]byte, need)
	}
	words := c.page[c.at : c.at+n*wordBytes]
	for at := 0; len(words) > 0; at += size {
		*(*[wordBytes]byte)(c.literals[at:]) = [wordBytes]byte(words) // the next one overwrites what is too much
		words = words[wordBytes:]
	}
	return c.literals[:n*size]
}
