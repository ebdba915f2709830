//go:build unix

package dirstore

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// file is an open regular file. It is a descriptor and nothing else: an os.File
// costs about as much as opening one, which counts where runs are many and small.
// It is not to be used after Close.
type file struct {
	descriptor int
	size       int64
	modTime    time.Time
}

// open opens a regular file. Pipes and devices are opened, too, to see what they
// are, in a way that waits for nothing.
func open(path string) (*file, error) {
	descriptor, err := retry(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	var stat syscall.Stat_t
	if _, err = retry(func() (int, error) { return 0, syscall.Fstat(descriptor, &stat) }); err == nil &&
		stat.Mode&syscall.S_IFMT != syscall.S_IFREG {
		err = errNoFile
	}
	if err != nil {
		return nil, errors.Join(err, syscall.Close(descriptor))
	}
	seconds, nanoseconds := modified(&stat)
	return &file{descriptor, stat.Size, time.Unix(seconds, nanoseconds)}, nil
}

// retry does a call again that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}

// mostRead is how much one call is asked for: some systems refuse 2 GiB.
const mostRead = 1 << 30

// ReadAt reads as io.ReaderAt says.
func (f *file) ReadAt(b []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, errors.New("negative offset")
	}
	for n < len(b) {
		rest := b[n:min(len(b), n+mostRead)]
		k, err := retry(func() (int, error) { return syscall.Pread(f.descriptor, rest, offset+int64(n)) })
		switch {
		case err != nil:
			return n, err
		case k == 0:
			return n, io.EOF
		}
		n += k
	}
	return n, nil
}

func (f *file) Size() int64        { return f.size }
func (f *file) ModTime() time.Time { return f.modTime }

// Close closes the file.
func (f *file) Close() error {
	if f.descriptor < 0 {
		return os.ErrClosed
	}
	descriptor := f.descriptor
	f.descriptor = -1
	return syscall.Close(descriptor)
}
