package eventfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// OS is the store of logdirs in the file system.
type OS []Logdir

// Find is the function Find.
func (s OS) Find(context.Context) ([]Run, []Problem, error) { return Find(s...) }

// Open opens a file.
func (s OS) Open(_ context.Context, path string) (File, error) {
	f, err := os.Open(path)
	if err == nil {
		info, statErr := f.Stat()
		if statErr == nil {
			return osFile{f, info.Size(), info.ModTime()}, nil
		}
		err = errors.Join(statErr, f.Close())
	}
	if pe := (*os.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return nil, fmt.Errorf("%s: %w", path, err)
}

type osFile struct {
	*os.File
	size     int64
	modified time.Time
}

func (f osFile) Size() int64        { return f.size }
func (f osFile) ModTime() time.Time { return f.modified }
