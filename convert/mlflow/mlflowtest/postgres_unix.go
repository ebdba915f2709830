//go:build unix

package mlflowtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Postgres starts a PostgreSQL server of its own with an empty database, and
// gives the URI for MLflow. It ends with the test. PostgreSQL does not run as
// root; another account takes its place then. With -short the test is left out.
func Postgres(t testing.TB) string {
	t.Helper()
	skipIfShort(t)
	dir, as := ownDir(t)
	programs, data, port := postgresPrograms(t, dir, as), filepath.Join(dir, "data"), FreePort(t)
	program := func(name string, args ...string) *exec.Cmd {
		command := exec.Command(filepath.Join(programs, name), args...)
		command.SysProcAttr, command.Dir = as.attributes(), dir
		return command
	}
	must := func(command *exec.Cmd) {
		t.Helper()
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command.Path, err, out)
		}
	}
	must(program("initdb", "-D", data, "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"))
	server := program("postgres", "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-h", "127.0.0.1", "-c",
		"max_connections=200")
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

// ownDir makes a directory that belongs to the account that PostgreSQL runs as.
// It ends with the test.
func ownDir(t testing.TB) (dir string, as account) {
	t.Helper()
	dir, err := os.MkdirTemp("", "tbexport-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as, err = notRoot()
	if err == nil {
		err = as.own(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, as
}

// account is whose programs are to be: another's where the test's own is root.
type account struct {
	root     bool
	uid, gid int
}

// notRoot chooses the account that PostgreSQL runs as: that which Debian's
// package makes for it, or the one that every system has.
func notRoot() (account, error) {
	if os.Getuid() != 0 {
		return account{}, nil
	}
	other, err := user.Lookup("postgres")
	if err != nil {
		other, err = user.Lookup("nobody")
	}
	if err != nil {
		return account{}, err
	}
	uid, err := strconv.Atoi(other.Uid)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.Atoi(other.Gid)
	return account{true, uid, gid}, err
}

// own gives a file to the account.
func (a account) own(path string) error {
	if !a.root {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// attributes let a program run as the account.
func (a account) attributes() *syscall.SysProcAttr {
	if !a.root {
		return new(syscall.SysProcAttr)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
}
