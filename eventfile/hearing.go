package eventfile

import (
	"context"
	"io"
)

// hearing reads a file as long as its context goes on. A search through a huge file
// for something to read ends with it.
type hearing struct {
	ctx context.Context
	io.ReaderAt
}

func (h *hearing) ReadAt(b []byte, offset int64) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.ReaderAt.ReadAt(b, offset)
}
