package mlflowtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tbexport/internal/peers"
)

// Requirements are the packages of the server and of the Python client.
const Requirements = "testdata/peers/mlflow-requirements.txt"

// Python is that with MLflow: $TBEXPORT_MLFLOW_PYTHON, or one set up for it.
func Python(t testing.TB) string {
	t.Helper()
	if python := os.Getenv("TBEXPORT_MLFLOW_PYTHON"); python != "" {
		return python
	}
	return peers.Python(t, Requirements)
}

// Server is a running MLflow server.
type Server struct {
	URL      string // with the static prefix, if it has one
	Dir      string // of its artifacts, and of its database if that is SQLite
	Database string // its URI
}

// Options say what server to start.
type Options struct {
	Version string   // of MLflow, whose requirements are in a file of their own; empty: that of Requirements
	Backend string   // URI of the database; empty: SQLite in the server's directory
	Prefix  string   // the static prefix
	Args    []string // more of the command line
	Env     []string
}

// Start starts a server, and waits until it answers. It ends with the test. With -short the test is left out.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	skipIfShort(t)
	dir := t.TempDir()
	port := FreePort(t)
	s := &Server{URL: fmt.Sprintf("http://127.0.0.1:%d%s", port, o.Prefix), Dir: dir, Database: o.Backend}
	if s.Database == "" {
		s.Database = "sqlite:///" + filepath.Join(dir, "mlflow.db")
	}
	args := append([]string{"-m", "mlflow", "server", "--host", "127.0.0.1", "--port", fmt.Sprint(port),
		"--backend-store-uri", s.Database, "--artifacts-destination", filepath.Join(dir, "artifacts")}, o.Args...)
	if o.Prefix != "" {
		args = append(args, "--static-prefix", o.Prefix)
	}
	python := Python
	if o.Version != "" {
		python = func(t testing.TB) string {
			return peers.Python(t, "testdata/peers/mlflow-"+o.Version+"-requirements.txt")
		}
	}
	program := python(t)
	command := exec.Command(program, args...)
	command.Dir = dir
	// Old servers start gunicorn, by its name.
	path := filepath.Dir(program) + string(os.PathListSeparator) + os.Getenv("PATH")
	command.Env = append(os.Environ(),
		append(o.Env, "PATH="+path, "MLFLOW_TRACKING_URI=", "MLFLOW_DISABLE_TELEMETRY=true", "DO_NOT_TRACK=1")...)
	log := new(bytes.Buffer)
	command.Stdout, command.Stderr = log, log
	ended := Run(t, command)
	deadline := time.After(5 * time.Minute)
	for !s.healthy() {
		select {
		case <-ended:
			t.Fatalf("the MLflow server ended:\n%s", log)
		case <-deadline:
			t.Fatal("the MLflow server did not start")
		case <-time.After(200 * time.Millisecond):
		}
	}
	return s
}

func skipIfShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short: it needs a server")
	}
}

func (s *Server) healthy() bool {
	response, err := http.Get(s.URL + "/health")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// FreePort is a port of 127.0.0.1 that nobody listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Check runs testdata/peers/mlflow_check.py against the server, which compares
// an experiment with the logdir it was made of.
func (s *Server) Check(t testing.TB, logdir, experiment string) {
	t.Helper()
	s.Script(t, "mlflow_check.py", logdir, experiment)
}

// CheckDatabase runs testdata/peers/mlflow_sql.py on the server's database,
// which counts and compares the rows of an experiment.
func (s *Server) CheckDatabase(t testing.TB, logdir, experiment string, runs int) {
	t.Helper()
	s.Script(t, "mlflow_sql.py", s.Database, logdir, experiment, strconv.Itoa(runs))
}

// Script runs one of testdata/peers with the Python of MLflow.
func (s *Server) Script(t testing.TB, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	script := filepath.Join(peers.Root(t), "testdata", "peers", name)
	command := exec.CommandContext(ctx, Python(t), append([]string{"-P", script}, args...)...)
	command.Env = append(os.Environ(), "MLFLOW_TRACKING_URI="+s.URL)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	t.Logf("%s", strings.TrimSpace(string(out)))
}
