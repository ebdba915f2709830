//go:build darwin || freebsd || netbsd

package dirstore

import "syscall"

// modified is when a file changed.
func modified(s *syscall.Stat_t) (seconds, nanoseconds int64) { return s.Mtimespec.Unix() }
