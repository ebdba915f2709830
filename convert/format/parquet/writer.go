package parquet

import (
	"io"
)

// A countingWriter knows its position, which the footer refers to, and keeps the first error: some callers drop theirs.
type countingWriter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *countingWriter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	c.n, c.err = c.n+int64(n), err
	return n, err
}

// A chunkBuffer collects the pages of a column chunk.
type chunkBuffer struct{ bytes []byte }

func (b *chunkBuffer) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p...)
	return len(p), nil
}

// mostKept is how large a buffer may be, in bytes, that serves the next page or chunk too, beyond what row groups of
// numbers need.
const mostKept = 16 << 20

// shrink gives up the memory of a buffer that is too large to be kept.
func (b *chunkBuffer) shrink() { b.bytes = kept(b.bytes) }

// kept returns a buffer that serves another time, or nil.
func kept(b []byte) []byte {
	if cap(b) > mostKept {
		return nil
	}
	return b
}

// Tell returns the position from the start of the chunk.
func (b *chunkBuffer) Tell() int64 { return int64(len(b.bytes)) }
