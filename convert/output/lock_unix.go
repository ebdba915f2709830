//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output

import (
	"errors"
	"os"
	"syscall"
)

// dirsSync says that directories can be flushed.
const dirsSync = true

// cannotSync reports whether a file system has no flushing of directories.
func cannotSync(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EBADF)
}

// A lock is held until release, or until the process ends, however it ends. nil is none.
type lock struct{ file *os.File }

// lockFile locks a file that this process has just made. Where there are no locks, or not for this file, it returns
// nil, and no other process can take the file either. It fails with errTaken where another process was faster.
func lockFile(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errTaken
	}
	if err != nil {
		return nil, nil
	}
	held, err := lockNow(f)
	if held != nil && !isStill(path, f) {
		_ = f.Close()
		return nil, errTaken
	}
	return held, err
}

// takeLeftover locks a file that nobody holds; nil if somebody does, or if it is not known.
func takeLeftover(path string) *lock { return take(path, os.O_RDWR) }

// holdDir locks a directory itself, whatever its name becomes; nil where that cannot be, or another process has it.
func holdDir(path string) *lock { return take(path, os.O_RDONLY|syscall.O_DIRECTORY) }

// lockDirNow locks a directory itself, and fails with errTaken where another process has it. Where there are no locks
// it returns nil.
func lockDirNow(path string) (*lock, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return lockNow(f)
}

// lockNow locks an open file, and fails with errTaken where another process has it. Where there are no locks, or not
// for this file, it returns nil. Only a file that is locked stays open.
func lockNow(f *os.File) (*lock, error) {
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		_ = f.Close()
		return nil, errTaken
	case err != nil:
		return nil, f.Close()
	}
	return &lock{f}, nil
}

func take(path string, how int) *lock {
	f, err := os.OpenFile(path, how|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil || !isStill(path, f) {
		_ = f.Close()
		return nil
	}
	return &lock{f}
}

// isStill reports whether path is the open file f.
func isStill(path string, f *os.File) bool {
	named, err := os.Lstat(path)
	if err != nil {
		return false
	}
	open, err := f.Stat()
	return err == nil && os.SameFile(named, open)
}

func (l *lock) release() {
	if l != nil {
		_ = l.file.Close()
	}
}
