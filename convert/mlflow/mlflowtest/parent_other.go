//go:build unix && !linux

package mlflowtest

import (
	"syscall"
)

// endWithParent has no counterpart here.
func endWithParent(*syscall.SysProcAttr) {}
