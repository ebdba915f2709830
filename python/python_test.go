// Package python holds the test of the Python package, which stands beside it.
package python

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/internal/peers"
)

// requirements are what the tests of the package need; the package itself needs nothing.
const requirements = "python/tests/requirements.txt"

// TestPackage installs the wheel of this machine and runs the package's own tests against it. They hold ruff and mypy, the
// notebook, the Python of the documents, wheels for other platforms and an MLflow server.
func TestPackage(t *testing.T) {
	p := install(t)
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}})
	p.pytest(t, "not corpus", "TBEXPORT_TEST_MLFLOW="+server.URL)
}

// TestCorpus reads every logdir of the corpus.
func TestCorpus(t *testing.T) {
	corpus := peers.Corpus(t)
	p := install(t)
	p.pytest(t, "corpus", "TBEXPORT_CORPUS="+corpus)
}

// A pack is the package, installed from its wheel.
type pack struct {
	python string
	dir    string // of the package
}

func install(t *testing.T) pack {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: needs Python packages, which are downloaded once")
	}
	p := pack{python: peers.Python(t, requirements), dir: t.TempDir()}
	wheels := t.TempDir()
	run(t, nil, p.python, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
	wheel, err := filepath.Glob(filepath.Join(wheels, "*.whl"))
	if err != nil || len(wheel) != 1 {
		t.Fatalf("hatchling built %q (%v), want one wheel", wheel, err)
	}
	run(t, nil, p.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--target", p.dir, wheel[0])
	return p
}

// pytest runs the tests that have the marks.
func (p pack) pytest(t *testing.T, marks string, env ...string) {
	t.Helper()
	env = append(env, "PYTHONPATH="+p.dir, "PYTHONDONTWRITEBYTECODE=1", "TBEXPORT_BINARY=",
		"TBEXPORT_TEST_ORACLE="+peers.Python(t, peers.Readers))
	t.Log(run(t, env, p.python, "-m", "pytest", "-p", "no:cacheprovider", "--durations=10", "-m", marks))
}

// run runs a program in the root of the repository and returns what it printed; it must not fail.
func run(t *testing.T, env []string, argv0 string, args ...string) string {
	t.Helper()
	cmd := exec.Command(argv0, args...)
	cmd.Dir, cmd.Env = peers.Root(t), append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(argv0), strings.Join(args, " "), err, out)
	}
	return string(out)
}
