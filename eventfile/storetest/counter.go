package storetest

import (
	"context"
	"sync/atomic"

	"tbexport/eventfile"
)

// Counter is a store that counts what is read of another.
type Counter struct {
	eventfile.Store
	opened, bytes atomic.Int64
}

// Opened is how many times a file was opened.
func (c *Counter) Opened() int64 { return c.opened.Load() }

// Bytes is how many bytes were read, each as often as it was.
func (c *Counter) Bytes() int64 { return c.bytes.Load() }

// Reset sets both to 0.
func (c *Counter) Reset() {
	c.opened.Store(0)
	c.bytes.Store(0)
}

// Open opens a file of the other store.
func (c *Counter) Open(ctx context.Context, path string) (eventfile.File, error) {
	f, err := c.Store.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	c.opened.Add(1)
	return &countedFile{f, c}, nil
}

type countedFile struct {
	eventfile.File
	counter *Counter
}

func (f *countedFile) ReadAt(b []byte, offset int64) (int, error) {
	n, err := f.File.ReadAt(b, offset)
	f.counter.bytes.Add(int64(n))
	return n, err
}
