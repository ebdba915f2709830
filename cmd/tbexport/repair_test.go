package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// damagedCopy copies the damaged files, but the compressed one, of which nothing can be repaired.
func damagedCopy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "logs")
	if err := os.CopyFS(dir, os.DirFS(testdata(t, "damaged"))); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"gzip", "text"} { // no files of records
		if err := os.RemoveAll(filepath.Join(dir, other)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestRepairSays: what was left out, and of how much.
func TestRepairSays(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	o := mustCall(t, "repair", damagedCopy(t), "-o", out)
	if !strings.Contains(o.err, "left out: ") || !strings.Contains(o.err, " bytes left out of ") {
		t.Errorf("nothing was said of what was left out:\n%s", o.err)
	}
	if o := mustCall(t, "verify", out); strings.Count(o.stdout, "\n") != 1 {
		t.Errorf("repaired logs are not whole:\n%s", o.stdout)
	}
}

func TestRepairOfWholeLogsCopiesThem(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	mustCall(t, "repair", testdata(t, "logs", "sample"), "-o", out)
	want := contents(t, testdata(t, "logs", "sample"))
	if !equalTrees(want, contents(t, out)) {
		t.Error("the copy differs")
	}
}

func TestRepairRefuses(t *testing.T) {
	logs := damagedCopy(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(logs, link); err != nil {
		t.Fatal(err)
	}
	full, empty := t.TempDir(), t.TempDir()
	mustWrite(t, filepath.Join(full, "notes"), []byte("mine"))
	for _, c := range []struct {
		name, want string
		args       []string
		status     int
	}{
		{"no output", "give -o OUT", []string{logs}, statusUsage},
		{"two logdirs", "one LOGDIR, not 2", []string{logs, logs, "-o", "x"}, statusUsage},
		{"the input", "which is only read", []string{logs, "-o", logs}, statusFailed},
		{"inside the input", "which is only read", []string{logs, "-o", filepath.Join(logs, "x")}, statusFailed},
		{"inside through a link", "which is only read", []string{logs, "-o", filepath.Join(link, "x")}, statusFailed},
		{"saving inside", "which is only read", []string{logs, "-o", filepath.Join(t.TempDir(), "x"), "--save-damaged", filepath.Join(logs, "x")}, statusFailed},
		{"saving into the output", "a directory of its own", []string{logs, "-o", empty, "--save-damaged", empty}, statusFailed},
		{"saving below the output", "a directory of its own", []string{logs, "-o", empty, "--save-damaged", filepath.Join(empty, "x")}, statusFailed},
		{"saving above the output", "a directory of its own", []string{logs, "-o", filepath.Join(empty, "x"), "--save-damaged", empty}, statusFailed},
		{"not empty", "exists already", []string{logs, "-o", full}, statusFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := call(append([]string{"repair"}, c.args...)...)
			if o.status != c.status || !strings.Contains(o.err, c.want) {
				t.Errorf("status %d, want %d, and %q in:\n%s", o.status, c.status, c.want, o.err)
			}
		})
	}
	if got := entries(t, full); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

// contents is the content of every event file below a directory, by its path.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "tfevents") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err == nil {
			files[filepath.ToSlash(rel)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func equalTrees(a, b map[string][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if other, ok := b[name]; !ok || !bytes.Equal(a[name], other) {
			return false
		}
	}
	return true
}
