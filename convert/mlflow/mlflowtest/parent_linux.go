package mlflowtest

import (
	"syscall"
)

// endWithParent ends a program when the test dies without cleaning up, as at
// the end of its time.
func endWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGTERM }
