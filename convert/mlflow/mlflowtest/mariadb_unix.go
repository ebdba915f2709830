//go:build unix

package mlflowtest

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tbexport/internal/peers"
)

// MariaDB starts a MariaDB server of its own, Debian's package mariadb-server,
// with an empty database, and gives the URI for MLflow. It ends with the test.
// With -short the test is left out.
func MariaDB(t testing.TB) string {
	t.Helper()
	skipIfShort(t)
	peers.Program(t, "mariadb-server", "mariadb-install-db")
	mariadbd := peers.Program(t, "mariadb-server", "mariadbd", "/usr/sbin/mariadbd")
	dir, as := ownDir(t)
	data, socket, port := filepath.Join(dir, "data"), filepath.Join(dir, "socket"), FreePort(t)
	program := func(name string, args ...string) *exec.Cmd {
		command := exec.Command(name, args...)
		command.SysProcAttr, command.Dir = as.attributes(), dir
		return command
	}
	made := program("mariadb-install-db", "--no-defaults", "--datadir="+data,
		"--auth-root-authentication-method=normal")
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db, of the package mariadb-server: %v\n%s", err, out)
	}
	server := program(mariadbd, "--no-defaults", "--datadir="+data, "--port="+strconv.Itoa(port),
		"--bind-address=127.0.0.1", "--socket="+socket, "--pid-file="+filepath.Join(dir, "pid"))
	log := new(bytes.Buffer)
	server.Stdout, server.Stderr = log, log
	Run(t, server)
	const begin = "CREATE DATABASE mlflow CHARACTER SET utf8mb4; " +
		"CREATE USER mlflow@'127.0.0.1' IDENTIFIED BY 'test'; " +
		"GRANT ALL ON mlflow.* TO mlflow@'127.0.0.1'"
	deadline := time.Now().Add(time.Minute)
	for exec.Command("mariadb", "--no-defaults", "--socket="+socket, "--user=root", "--execute="+begin).Run() != nil {
		if time.Now().After(deadline) {
			t.Fatalf("MariaDB did not start:\n%s", log)
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Sprintf("mysql+pymysql://mlflow:test@127.0.0.1:%d/mlflow?charset=utf8mb4", port)
}
