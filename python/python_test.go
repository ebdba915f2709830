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

// TestPackage builds the wheel of this machine, installs it and runs the package's own tests against it. They hold ruff
// and mypy, the notebook, and the Python of the README.
func TestPackage(t *testing.T) {
	python := peers.Python(t, requirements)
	root := peers.Root(t)
	wheels, installed := t.TempDir(), t.TempDir()
	run(t, root, nil, python, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
	wheel, err := filepath.Glob(filepath.Join(wheels, "*.whl"))
	if err != nil || len(wheel) != 1 {
		t.Fatalf("hatchling built %q (%v), want one wheel", wheel, err)
	}
	run(t, root, nil, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
		"--target", installed, wheel[0])

	env := []string{
		"PYTHONPATH=" + installed, "PYTHONDONTWRITEBYTECODE=1", "TBEXPORT_BINARY=",
		"TBEXPORT_TEST_ORACLE=" + peers.Python(t, peers.Readers),
	}
	args := []string{"-m", "pytest", "-p", "no:cacheprovider", "--durations=10"}
	if testing.Short() {
		t.Log("left out: what is marked long: the corpus, wheels for other platforms, the sdist, MLflow")
		args = append(args, "-m", "not long")
	} else {
		env = append(env, "TBEXPORT_CORPUS="+peers.Corpus(t), "TBEXPORT_TEST_MLFLOW="+
			mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "1"}}).URL)
	}
	t.Log(run(t, root, env, python, args...))
}

// run runs a program in a directory and returns what it printed; it must not fail.
func run(t *testing.T, dir string, env []string, argv0 string, args ...string) string {
	t.Helper()
	cmd := exec.Command(argv0, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(argv0), strings.Join(args, " "), err, out)
	}
	return string(out)
}
