//go:build unix

package mlflowtest

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Run starts a program in a process group of its own, which ends with the
// test: a server's workers are processes, too. The channel is closed when the
// program ends.
func Run(t testing.TB, command *exec.Cmd) (ended chan struct{}) {
	t.Helper()
	if command.SysProcAttr == nil {
		command.SysProcAttr = new(syscall.SysProcAttr)
	}
	command.SysProcAttr.Setpgid = true
	endWithParent(command.SysProcAttr)
	started := make(chan error)
	ended = make(chan struct{})
	go func() {
		// The system takes the thread that started it for the parent.
		runtime.LockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			_ = command.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
		}
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		<-ended
	})
	return ended
}
