package runtest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"sync/atomic"
	"time"

	"tbexport/eventfile"
)

// Memory is a store of files in memory that counts what is read of them.
type Memory struct {
	Files map[string][]byte
	Bytes atomic.Int64 // read
	Opens atomic.Int64 // files opened
}

// Find fails: runs are named by the test.
func (m *Memory) Find(context.Context) ([]eventfile.Run, []eventfile.Problem, error) {
	return nil, nil, eventfile.ErrNoEventFiles
}

// Open opens a file as it is.
func (m *Memory) Open(_ context.Context, path string) (eventfile.File, error) {
	content, ok := m.Files[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	m.Opens.Add(1)
	return &memoryFile{bytes.NewReader(content), m}, nil
}

type memoryFile struct {
	content *bytes.Reader
	store   *Memory
}

func (f *memoryFile) ReadAt(b []byte, off int64) (int, error) {
	n, err := f.content.ReadAt(b, off)
	f.store.Bytes.Add(int64(n))
	return n, err
}

func (f *memoryFile) Size() int64        { return f.content.Size() }
func (f *memoryFile) ModTime() time.Time { return time.Time{} }
func (f *memoryFile) Close() error       { return nil }
