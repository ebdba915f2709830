package eventfile

import (
	"context"
	"io"
)

// contextReader reads a file until its context ends. A search through a huge file
// for something to read ends with it.
type contextReader struct {
	ctx context.Context
	io.ReaderAt
}

func (h *contextReader) ReadAt(b []byte, offset int64) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.ReaderAt.ReadAt(b, offset)
}
