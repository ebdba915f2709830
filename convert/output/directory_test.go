package output

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// overwriting takes files below run=old for what a version without manifests has written.
func overwriting() DirOptions {
	return DirOptions{Overwrite: true, Unlisted: func(_, name string) bool { return strings.HasPrefix(name, "run=old/") }}
}

// fill writes a file of a directory under way.
func fill(t *testing.T, d *Dir, name, text string) {
	t.Helper()
	f, err := d.File(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, text)
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestDirAppearsOnCommit(t *testing.T) {
	parent := t.TempDir()
	for _, there := range []bool{false, true} {
		path := filepath.Join(parent, "out")
		if there = there && os.Mkdir(path, 0o777) == nil; there {
			path += string(filepath.Separator)
		}
		d, err := CreateDir(path, DirOptions{})
		if err != nil {
			t.Fatal(err)
		}
		fill(t, d, "run=a/data.csv", "a")
		fill(t, d, "run=b/c/data.csv", "b")
		if got, err := os.ReadDir(path); len(got) > 0 || there != (err == nil) {
			t.Errorf("there before the commit: %v, %v", got, err)
		}
		if err := d.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := d.Abort(); err != nil {
			t.Errorf("abort after commit: %v", err)
		}
		if n := names(t, parent); !slices.Equal(n, []string{"out/.tbexport.json", "out/run=a/data.csv", "out/run=b/c/data.csv"}) {
			t.Errorf("%q", n)
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDirAbort(t *testing.T) {
	parent := t.TempDir()
	d, err := CreateDir(filepath.Join(parent, "out"), DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, d, "run=a/data.csv", "a")
	if _, err := d.File("run=b/data.csv"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Abort(), d.Abort()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDirOverwrite(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "out")
	d, err := CreateDir(path, DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, d, "run=old/data.csv", "old")
	if err := d.Commit(); err != nil {
		t.Fatal(err)
	}

	_, err = CreateDir(path, DirOptions{})
	refused(t, err, path, ErrExists.Error())
	if !errors.Is(err, ErrExists) {
		t.Errorf("error: %v", err)
	}
	for _, commit := range []bool{false, true} {
		d, err := CreateDir(path, overwriting())
		if err != nil {
			t.Fatal(err)
		}
		fill(t, d, "run=new/data.csv", "new")
		end, want := d.Abort, "out/run=old/data.csv"
		if commit {
			end, want = d.Commit, "out/run=new/data.csv"
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if n := names(t, parent); !slices.Equal(n, []string{"out/.tbexport.json", want}) {
			t.Errorf("commit %v: %q", commit, n)
		}
	}

	// What is not ours is never removed.
	if err := os.WriteFile(filepath.Join(path, "thesis.tex"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = CreateDir(path, overwriting())
	refused(t, err, path, "not overwritten, since it holds thesis.tex, which is not an earlier output")
	if n := names(t, parent); !slices.Equal(n, []string{"out/.tbexport.json", "out/run=new/data.csv", "out/thesis.tex"}) {
		t.Errorf("%q", n)
	}
}

func TestCreateDirRefuses(t *testing.T) {
	parent := t.TempDir()
	if err := os.WriteFile(filepath.Join(parent, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"missing/out": "there is no directory " + filepath.Join(parent, "missing"),
		"file":        "not a directory",
		"file/out":    "not a directory",
	} {
		path := filepath.Join(parent, name)
		_, err := CreateDir(path, overwriting())
		refused(t, err, path, want)
	}
}

// TestDirErrors names files as users know them: by the directory to be.
func TestDirErrors(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "out")
	d, err := CreateDir(path, DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Abort()
	fill(t, d, "a", "a")
	_, err = d.File("a")
	refused(t, err, filepath.Join(path, "a"), ErrExists.Error())
	_, err = d.File("a/b")
	refused(t, err, filepath.Join(path, "a", "b"), "not a directory")
	long := strings.Repeat("x", 300)
	_, err = d.File(long)
	refused(t, err, filepath.Join(path, long), "file name too long")
	f, err := d.File("c")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.temp.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = f.Write([]byte("text"))
	refused(t, err, filepath.Join(path, "c"), "file already closed")
	refused(t, f.Commit(), filepath.Join(path, "c"), "file already closed")
}

// TestDirCommitFails finds a file in its place at the end, and leaves it.
func TestDirCommitFails(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "out")
	d, err := CreateDir(path, DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(d.temp); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o777); err != nil {
		t.Fatal(err)
	}
	fillErr := os.WriteFile(filepath.Join(path, "run=old"), []byte("old"), 0o666)
	if fillErr != nil {
		t.Fatal(fillErr)
	}
	refused(t, d.Commit(), path, "no such file or directory")
	if err := d.Abort(); err != nil {
		t.Error(err)
	}
	if n := names(t, parent); !slices.Equal(n, []string{"out/run=old"}) {
		t.Errorf("%q", n)
	}
}
