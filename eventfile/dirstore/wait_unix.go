//go:build unix

package dirstore

import "syscall"

// doNotWait makes opening a pipe that nobody writes to return at once.
const doNotWait = syscall.O_NONBLOCK | syscall.O_NOCTTY
