// Package output makes files and directories that appear whole or not at all.
// What is written goes to a hidden temporary file or directory beside the
// target, which takes the target's name on Commit, after it was flushed to the
// disk. The temporary file is locked while it is written: one that a killed
// process has left is removed by the next that writes beside it.
//
// Nothing is replaced but the regular file that has the target's name, or a
// directory in which every file is proven to be an earlier output; an update of
// a directory replaces, adds and removes such files one by one: see DirOptions.
package output

import (
	"compress/gzip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// File is an output under way. Write to it, then call Commit or Abort.
type File struct {
	path       string
	shown      string   // path, as users know it
	temp       *os.File // nil: standard output
	compressor io.WriteCloser
	to         io.Writer
	overwrite  bool
	lock       *lock

	// Of a file in a Dir, which has its name from the beginning: its bytes, which committed is told.
	size      int64
	crc       uint32
	committed func(size int64, crc uint32)
	noSync    bool // it is flushed to the disk later
}

// ErrExists says that an output is there already.
var ErrExists = errors.New("exists already")

// FileOptions say how a file is begun. The zero value: one that is not there, as it is
// written.
type FileOptions struct {
	// Overwrite replaces a file that is there already.
	Overwrite bool
	// Compress compresses as the name's ending says: .gz and .zst.
	Compress bool
}

// Create begins the file path. It fails with ErrExists where the file is there
// already, unless it is to be overwritten.
func Create(path string, o FileOptions) (*File, error) {
	if err := Check(path, o.Overwrite); err != nil {
		return nil, err
	}
	removeLeftovers(filepath.Dir(path), DirOptions{})
	temp, held, err := temporaryFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	f := &File{path: path, shown: path, temp: temp, to: &writeBehind{file: temp}, lock: held, overwrite: o.Overwrite}
	if o.Compress {
		if err := f.compress(); err != nil {
			return nil, errors.Join(err, f.Abort())
		}
	}
	return f, nil
}

// Stream gives standard output, or another stream, as a File.
func Stream(w io.Writer) *File { return &File{shown: "standard output", to: w} }

// Check says why Create would refuse to begin the file path; nil if it would not.
func Check(path string, overwrite bool) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s: is a directory", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s: is not a regular file", path)
	case err == nil && !overwrite:
		return fmt.Errorf("%s: %w", path, ErrExists)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("%s: there is no directory %s", path, filepath.Dir(path))
	}
	return nil
}

func (f *File) compress() (err error) {
	switch {
	case strings.HasSuffix(f.path, ".gz"):
		f.compressor = gzip.NewWriter(f.to)
	case strings.HasSuffix(f.path, ".zst"):
		f.compressor, err = zstd.NewWriter(f.to)
	default:
		return nil
	}
	f.to = f.compressor
	return err
}

// Write writes to the output.
func (f *File) Write(b []byte) (int, error) {
	n, err := f.to.Write(b)
	if f.committed != nil {
		f.size += int64(n)
		f.crc = crc32.Update(f.crc, castagnoli(), b[:n])
	}
	if err != nil {
		err = &WriteError{f.shown, cause(err)}
	}
	return n, err
}

// WriteError is why a File could not take more. Encoders put words of their
// own around it, which say nothing to users.
type WriteError struct {
	Path string // as users know it
	Err  error
}

func (e *WriteError) Error() string { return e.Path + ": " + e.Err.Error() }

func (e *WriteError) Unwrap() error { return e.Err }

// Commit makes the file appear.
func (f *File) Commit() error {
	if f.compressor != nil {
		err := f.compressor.Close()
		if f.compressor = nil; err != nil {
			return fmt.Errorf("%s: %w", f.shown, cause(err))
		}
	}
	if f.temp == nil {
		return nil
	}
	if err := f.publish(); err != nil {
		return fmt.Errorf("%s: %w", f.shown, cause(err))
	}
	f.temp = nil
	return nil
}

func (f *File) publish() error {
	if !f.noSync {
		if err := f.temp.Sync(); err != nil {
			return err
		}
	}
	if err := f.temp.Close(); err != nil {
		return err
	}
	if f.committed != nil {
		f.committed(f.size, f.crc)
		return nil
	}
	if err := f.rename(); err != nil {
		return err
	}
	f.lock.release()
	return syncDir(filepath.Dir(f.path))
}

// rename gives the file its name. What came there meanwhile is not replaced, unless it is a regular file and may be.
func (f *File) rename() error {
	if !f.overwrite {
		err := moveNew(f.temp.Name(), f.path)
		if errors.Is(err, fs.ErrExist) {
			return ErrMeanwhile
		}
		return err
	}
	if info, err := os.Stat(f.path); err == nil && !info.Mode().IsRegular() {
		return errors.New("is not a regular file any more")
	}
	return os.Rename(f.temp.Name(), f.path)
}

// Abort leaves nothing behind, and lets what is written from now on go nowhere.
// After a successful Commit it does nothing.
func (f *File) Abort() error {
	f.to = io.Discard
	if f.temp == nil {
		return nil
	}
	_ = f.temp.Close() // its bytes are not wanted
	err := os.Remove(f.temp.Name())
	f.lock.release()
	f.temp = nil
	return err
}

// cause takes the path of a temporary file out of an error: users know
// outputs by their own names.
func cause(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err
	case errors.As(err, &le):
		return le.Err
	}
	return err
}
