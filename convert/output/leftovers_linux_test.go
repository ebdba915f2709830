package output

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
)

// TestMain is the process that TestLeftovers kills: it begins a file and a directory, says so and waits.
func TestMain(m *testing.M) {
	dir := os.Getenv("TBEXPORT_TEST_UNDER_WAY")
	if dir == "" {
		os.Exit(m.Run())
	}
	f, err := Create(filepath.Join(dir, "killed.csv"), FileOptions{})
	if err == nil {
		_, err = f.Write([]byte("text"))
	}
	var d *Dir
	if err == nil {
		d, err = CreateDir(filepath.Join(dir, "killed"), DirOptions{})
	}
	if err == nil {
		_, err = d.File("run=a/part")
	}
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString("ready\n")
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
	runtime.KeepAlive(f)                 // and the locks with them
	runtime.KeepAlive(d)
}

// temporaries are the temporary files and directories in dir.
func temporaries(t *testing.T, dir string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if isTemporaryName(e.Name()) {
			found = append(found, e.Name())
		}
	}
	return found
}

// TestLeftovers: what a killed process leaves is removed by the next one, and what a living one writes is not.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	begin := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TBEXPORT_TEST_UNDER_WAY="+dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatal(line, err)
		}
		return cmd
	}
	kill := func(cmd *exec.Cmd) {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	killed := begin()
	first := temporaries(t, dir)
	living := begin()
	defer kill(living)
	if all := temporaries(t, dir); len(first) != 2 || len(all) != 4 {
		t.Fatalf("under way: %q, then %q", first, all)
	}
	kill(killed)

	// Other people's files, and those of other hosts and of versions without locks, are none of ours.
	others := []string{
		".tbexport-0123456789.tmp", ".tbexport-notes", ".tbexport-zzzzabcdefghij.tmp", filepath.Base(temporaryName("x")) + "/theirs",
	}
	for _, name := range others {
		put(t, filepath.Join(dir, name), "")
	}
	f, err := Create(filepath.Join(dir, "new"), FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	left := temporaries(t, dir)
	if len(left) != 3 || slices.ContainsFunc(left, func(name string) bool { return slices.Contains(first, name) }) {
		t.Errorf("left: %q, of which nobody needs %q", left, first)
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestLeftoversComplete: a process that was killed while a directory got its name leaves one without a mark. The next
// one removes it where every file in it is proven, and nobody holds it.
func TestLeftoversComplete(t *testing.T) {
	for what, c := range map[string]struct {
		change  func(t *testing.T, dir string)
		removed bool
	}{
		"all proven":      {func(*testing.T, string) {}, true},
		"not even a mark": {func(t *testing.T, dir string) { check(t, os.RemoveAll(dir), os.Mkdir(dir, 0o777)) }, true},
		"somebody's file": {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "theirs"), "") }, false},
		"a changed file":  {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "scalars.csv"), "new scalars") }, false},
		"held":            {func(t *testing.T, dir string) { hold(t, dir) }, false},
		"set aside":       {func(t *testing.T, dir string) { check(t, os.Rename(dir, dir+setAsideSuffix)) }, false},
		"of another host": {func(t *testing.T, dir string) {
			check(t, os.Rename(dir, filepath.Join(filepath.Dir(dir), ".tbexport-zzzz0123456789.tmp")))
		}, false},
		"a link to a file": {func(t *testing.T, dir string) { check(t, os.Symlink("scalars.csv", filepath.Join(dir, "link"))) }, false},
	} {
		t.Run(what, func(t *testing.T) {
			parent := t.TempDir()
			old := temporaryName(filepath.Join(parent, "x"))
			earlierDir(t, old)
			c.change(t, old)
			d, err := CreateDir(filepath.Join(parent, "out"), DirOptions{})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, d, "scalars.csv", "new")
			check(t, d.Commit())
			entries, err := os.ReadDir(parent)
			check(t, err)
			if removed := len(entries) == 1; removed != c.removed {
				t.Errorf("left: %v", entries)
			}
		})
	}
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// hold holds a directory as a process does that gives it its name.
func hold(t *testing.T, dir string) {
	held := holdDir(dir)
	if held == nil {
		t.Fatal("not held")
	}
	t.Cleanup(held.release)
}
