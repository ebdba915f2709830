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

// Tell returns the position from the start of the chunk.
func (b *chunkBuffer) Tell() int64 { return int64(len(b.bytes)) }
