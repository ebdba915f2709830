package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// peers are the scripts that run the Python tools, and what pip installs.
//
//go:embed peers
var peers embed.FS

// A workshop is the folder with everything that the comparisons use, and the
// programs in it.
type workshop struct {
	dir      string
	self     string // this program
	tbexport string
	built    bool // tbexport is the checkout's, to be built
}

func newWorkshop(dir, tbexport string) (*workshop, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(cache, "tbexport-bench")
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir, self: self, tbexport: tbexport}
	if tbexport == "" {
		w.tbexport, w.built = filepath.Join(dir, "tbexport"), true
		if runtime.GOOS == "windows" {
			w.tbexport += ".exe"
		}
	}
	return w, os.MkdirAll(filepath.Join(dir, "out"), 0o777)
}

// out is a path for an output.
func (w *workshop) out(name string) string { return filepath.Join(w.dir, "out", name) }

// removeOut returns what removes an output.
func (w *workshop) removeOut(name string) func() error {
	return func() error { return os.RemoveAll(w.out(name)) }
}

// build builds tbexport as it is released: without cgo.
func (w *workshop) build(ctx context.Context) error {
	if !w.built {
		return nil
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", w.tbexport, "tbexport/cmd/tbexport")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	return loud(cmd)
}

// install makes the virtual environment with the peers, unless it is there, and
// copies the scripts.
func (w *workshop) install(ctx context.Context) error {
	if err := os.RemoveAll(filepath.Join(w.dir, "peers")); err != nil {
		return err
	}
	if err := os.CopyFS(w.dir, peers); err != nil {
		return err
	}
	list := filepath.Join(w.dir, "peers", "requirements.txt")
	wanted, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	stamp := filepath.Join(w.dir, "venv", "installed.txt")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, wanted) {
		return nil
	}
	fmt.Fprintln(os.Stderr, "installing the peers from PyPI")
	if err := loud(exec.CommandContext(ctx, "python3", "-m", "venv", "--clear",
		filepath.Join(w.dir, "venv"))); err != nil {
		return err
	}
	if err := loud(exec.CommandContext(ctx, w.python(), "-m", "pip", "install", "--quiet", "-r", list)); err != nil {
		return err
	}
	return os.WriteFile(stamp, wanted, 0o666)
}

func (w *workshop) python() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(w.dir, "venv", "Scripts", "python.exe")
	}
	return filepath.Join(w.dir, "venv", "bin", "python")
}

// makeLogdirs makes those that are not there, if the disk has room for them.
func (w *workshop) makeLogdirs(dirs []logdir) error {
	need := int64(2 << 30) // outputs, temporary files, peers
	for _, l := range dirs {
		if _, err := os.Stat(l.path(w.dir)); err != nil {
			need += l.bytes()
		}
	}
	free, err := freeBytes(w.dir)
	if err != nil {
		return err
	}
	if free < need {
		return fmt.Errorf("%s needs %.1f GB and has %.1f GB free", w.dir, float64(need)/1e9, float64(free)/1e9)
	}
	for _, l := range dirs {
		if err := l.make(w.dir); err != nil {
			return err
		}
	}
	return nil
}

// loud runs a command whose output is for the user.
func loud(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return nil
}
