//go:build unix

package wandb

import (
	"context"
	"os"
	"syscall"
	"time"
)

// lock waits until no other process of this package writes into a directory, and
// says so once by waiting, which may be nil. Where the file system has no locks,
// nobody waits.
func lock(ctx context.Context, dir string, waiting func()) (release func(), err error) {
	file, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for tries := 1; ; tries++ {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err != syscall.EWOULDBLOCK && err != syscall.EINTR {
			return func() { _ = file.Close() }, nil
		}
		if tries == triesToTell && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(lockTry):
		}
	}
}

// It is told of after about two seconds.
const (
	lockTry     = 50 * time.Millisecond
	triesToTell = 40
)
