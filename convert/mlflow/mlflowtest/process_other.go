//go:build !unix

package mlflowtest

import (
	"os/exec"
	"testing"
)

// Run starts a program, which ends with the test. The channel is closed when the program ends.
func Run(t testing.TB, command *exec.Cmd) (ended chan struct{}) {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
	})
	return ended
}

const onlyUnix = "left out: this server is started on Unix only"

// Postgres leaves the test out.
func Postgres(t testing.TB) string {
	t.Skip(onlyUnix)
	return ""
}

// MariaDB leaves the test out.
func MariaDB(t testing.TB) string {
	t.Skip(onlyUnix)
	return ""
}
