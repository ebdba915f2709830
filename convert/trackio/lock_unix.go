//go:build unix

package trackio

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock takes the lock of a project's writers, which Trackio holds for moments
// only. That it waits it says once by waiting, which may be nil.
func lock(ctx context.Context, path string, waiting func()) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	for tries := 0; ; tries++ {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = file.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if tries == lockTries {
			_ = file.Close()
			return nil, fmt.Errorf("%s: another program has been writing the project for %d s; run this again when "+
				"it is done", path, lockTries/10)
		}
		if tries == triesToTell && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// These are tenths of a second.
const (
	lockTries   = 600
	triesToTell = 20
)
