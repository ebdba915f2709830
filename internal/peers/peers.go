// Package peers sets up, for tests, the programs that tbexport is held against: the Python packages that read event
// files and that read what tbexport writes.
//
// They go into virtual environments below the user's cache directory, one for each requirements file and Python. The
// first test that wants one makes it; from then on nothing is fetched. A peer that cannot be set up fails the test.
// With -short nothing of this is done: the tests that want a peer are left out.
package peers

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Requirements files, relative to the root of the repository.
const (
	// Readers are TensorBoard, pyarrow, pandas, polars, DuckDB and Hugging Face datasets, with Pillow and ml_dtypes.
	Readers = "testdata/oracle/requirements.txt"
	// Extract are readers of the files that are extracted: Pillow, soundfile, numpy and plyfile, with TensorBoard.
	Extract = "testdata/peers/extract-requirements.txt"
	// Wandb is the client of Weights & Biases, with its commands sync and leet.
	Wandb = "testdata/peers/wandb-requirements.txt"
	// Trackio is Hugging Face's tracker.
	Trackio = "testdata/peers/trackio-requirements.txt"
)

// Python returns the path of a Python that has the packages of a requirements file, which is relative to the root of
// the repository. Several tests and test binaries may ask for the same one at once.
//
// The environment is made with the Python that $TBEXPORT_PYTHON names, or with python3. Where a line of the file says
// "# over: OTHER", a requirements file beside it, its packages are installed without what they depend on, and stand
// before those of the other's environment: for a package that requires what the index does not have, or not in the same
// version.
func Python(t testing.TB, requirements string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short: it needs Python packages")
	}
	mutex.Lock()
	defer mutex.Unlock()
	if python, ok := ready[requirements]; ok {
		return python
	}
	python, err := environment(filepath.Join(Root(t), filepath.FromSlash(requirements)))
	if err != nil {
		t.Fatalf("setting up the Python packages of %s: %v", requirements, err)
	}
	ready[requirements] = python
	return python
}

var (
	mutex sync.Mutex
	ready = make(map[string]string) // by requirements file
)

// Root returns the root of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("the test does not run inside the repository: there is no go.mod above it")
		}
		dir = parent
	}
}

// environment makes the environment of a requirements file unless it is there, and returns its Python.
func environment(requirements string) (string, error) {
	wanted, err := os.ReadFile(requirements)
	if err != nil {
		return "", err
	}
	base, identity, err := basePython()
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	under, below := "", ""
	if other := overLine.FindSubmatch(wanted); other != nil {
		if under, err = environment(filepath.Join(filepath.Dir(requirements), string(other[1]))); err != nil {
			return "", err
		}
		below = "\n" + under
	}
	hash := sha256.Sum256(fmt.Appendf(nil, "%s\n%s%s", identity, wanted, below))
	dir := filepath.Join(cache, "tbexport", fmt.Sprintf("venv-%x", hash[:8]))
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return "", err
	}
	unlock, err := lockedfile.MutexAt(dir + ".lock").Lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	return finished(dir, base, under, requirements)
}

// overLine names the requirements file whose environment another's packages are put over.
var overLine = regexp.MustCompile(`(?m)^# over: (\S+)$`)

// finished makes the environment dir, unless a marker in it says that it is whole. under, if it is not empty, is the
// Python of the environment that it goes over.
func finished(dir, base, under, requirements string) (string, error) {
	python := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(dir, "Scripts", "python.exe")
	}
	marker := filepath.Join(dir, "finished")
	if _, err := os.Stat(marker); err == nil {
		return python, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := run(base, "-m", "venv", dir); err != nil {
		return "", err
	}
	install := []string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements}
	if under != "" {
		if err := see(python, under); err != nil {
			return "", err
		}
		install = append(install, "--no-deps")
	}
	if err := run(python, install...); err != nil {
		return "", err
	}
	return python, os.WriteFile(marker, nil, 0o666)
}

// see lets the environment of one Python see the packages of another's, after its own.
func see(python, under string) error {
	const packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
	own, err := exec.Command(python, "-c", packages).Output()
	if err != nil {
		return err
	}
	theirs, err := exec.Command(under, "-c", packages).Output()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(strings.TrimSpace(string(own)), "under.pth"), theirs, 0o666)
}

func run(program string, args ...string) error {
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return nil
}

// basePython finds the Python to make environments with, and what tells it from others.
func basePython() (path, identity string, err error) {
	names := []string{"python3", "python3.14", "python3.13", "python3.12", "python3.11"}
	if named := os.Getenv("TBEXPORT_PYTHON"); named != "" {
		names = []string{named}
	}
	err = errors.New("no Python 3.11 or later: install one, or name one in $TBEXPORT_PYTHON")
	for _, name := range names {
		out, e := exec.Command(name, "-c",
			"import sys; assert sys.version_info >= (3, 11); print(sys.executable, sys.version)").Output()
		if e == nil {
			return name, string(out), nil
		}
		err = fmt.Errorf("%w; %s: %w", err, name, e)
	}
	return "", "", err
}
