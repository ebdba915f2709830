//go:build unix

package mlflowtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Postgres starts a PostgreSQL server of its own with an empty database, and
// gives the URI for MLflow. It ends with the test. PostgreSQL does not run as
// root; the user postgres takes its place then.
func Postgres(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tbexport-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attributes, err := notRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	data, port := filepath.Join(dir, "data"), FreePort(t)
	program := func(name string, args ...string) *exec.Cmd {
		command := exec.Command(postgresProgram(t, name), args...)
		command.SysProcAttr, command.Dir = attributes(), dir
		return command
	}
	must := func(command *exec.Cmd) {
		t.Helper()
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command.Path, err, out)
		}
	}
	must(program("initdb", "-D", data, "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"))
	server := program("postgres", "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-h", "127.0.0.1", "-c", "max_connections=200")
	log := new(bytes.Buffer)
	server.Stdout, server.Stderr = log, log
	Run(t, server)
	deadline := time.Now().Add(time.Minute)
	for program("createdb", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-U", "mlflow", "mlflow").Run() != nil {
		if time.Now().After(deadline) {
			t.Fatalf("PostgreSQL did not start:\n%s", log)
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Sprintf("postgresql+psycopg2://mlflow@127.0.0.1:%d/mlflow", port)
}

// notRoot gives what lets a program run as somebody else, where that is root,
// and dir to that user.
func notRoot(dir string) (func() *syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return func() *syscall.SysProcAttr { return new(syscall.SysProcAttr) }, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(account.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return func() *syscall.SysProcAttr {
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}, nil
}

// postgresProgram finds a program where Debian's package puts it, or in PATH.
func postgresProgram(t testing.TB, name string) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) > 0 {
		slices.Sort(found)
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("PostgreSQL's %s is needed (Debian: postgresql): %v", name, err)
	}
	return path
}
