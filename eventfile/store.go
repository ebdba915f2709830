package eventfile

import (
	"context"
	"io"
	"time"
)

// A Store lists and opens event files.
type Store interface {
	Find(ctx context.Context) ([]Run, []Problem, error)
	Open(ctx context.Context, path string) (File, error)
}

// File is an open event file.
type File interface {
	io.ReaderAt
	io.Closer
	Size() int64
	ModTime() time.Time
}
