package peers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPython: the environment has the packages, and is made once.
func TestPython(t *testing.T) {
	python := Python(t, Readers)
	out, err := exec.Command(python, "-c", "import duckdb, numpy, pandas, polars, pyarrow, tensorboard, sys; print(sys.prefix)").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	prefix := strings.TrimSpace(string(out))
	if want := filepath.Dir(filepath.Dir(python)); prefix != want {
		t.Errorf("the packages come from %s, want %s", prefix, want)
	}
	before, err := os.Stat(filepath.Join(prefix, "finished"))
	if err != nil {
		t.Fatal(err)
	}
	clear(ready)
	if again := Python(t, Readers); again != python {
		t.Errorf("the second time %s, first %s", again, python)
	}
	after, err := os.Stat(filepath.Join(prefix, "finished"))
	if err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the environment was made a second time (%v)", err)
	}
}

// TestPythonOver: what is put over another environment comes from there alone, and the rest from the other.
func TestPythonOver(t *testing.T) {
	python := Python(t, "testdata/peers/mlflow-3.18.0-requirements.txt")
	const script = `import mlflow, mlflow.server, flask, os, sys
own = [m.__file__.startswith(sys.prefix + os.sep) for m in (mlflow, mlflow.server, flask)]
print(mlflow.__version__, len(mlflow.__path__), *own)`
	out, err := exec.Command(python, "-W", "ignore", "-c", script).CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "3.18.0 1 True True False" {
		t.Errorf("%s, %v", got, err)
	}
}

// TestEnvironmentFails: what cannot be set up is an error that names the command, and is tried again.
func TestEnvironmentFails(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it needs Python")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	requirements := filepath.Join(t.TempDir(), "requirements.txt")
	if err := os.WriteFile(requirements, []byte("./no-such-package\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := environment(requirements)
		if err == nil || !strings.Contains(err.Error(), "pip install") || !strings.Contains(err.Error(), "no-such-package") {
			t.Fatalf("environment: %v, want what pip said", err)
		}
	}
	t.Setenv("TBEXPORT_PYTHON", filepath.Join(t.TempDir(), "python"))
	if _, err := environment(requirements); err == nil || !strings.Contains(err.Error(), "TBEXPORT_PYTHON") {
		t.Errorf("without a Python: %v, want a hint at $TBEXPORT_PYTHON", err)
	}
}
