package output

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// texts are the files of a directory with what is in them.
func texts(t *testing.T, dir string) (all []string) {
	t.Helper()
	for _, name := range names(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && filepath.Base(name) != ManifestName {
			all = append(all, name+"="+string(text))
		}
	}
	return all
}

// beginUpdate begins to bring a directory up to date to these files, NAME=TEXT or, to be kept, NAME.
func beginUpdate(t *testing.T, path string, files ...string) *Dir {
	t.Helper()
	d, err := CreateDir(path, DirOptions{Update: true, ManyFiles: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name, text, write := strings.Cut(f, "=")
		if !write && !d.Keep(name) {
			t.Fatalf("%s is not kept", name)
		}
		if write && !d.KeepSame(name, []byte(text[:len(text)/2]), []byte(text[len(text)/2:])) {
			fill(t, d, name, text)
		}
	}
	return d
}

func mustUpdate(t *testing.T, path string, files ...string) {
	t.Helper()
	if err := beginUpdate(t, path, files...).Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestUpdate: what is the same stays where it is, the rest comes, changes and goes, and other people's files stay.
func TestUpdate(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "out")
	mustUpdate(t, path, "a/1=one", "a/2=two", "b/1=three", "c/1=four", "list=old")
	put(t, filepath.Join(path, "a", "mine"), "my own")
	put(t, filepath.Join(path, "c", "1"), "mine, too") // it is not what was written any more
	same, err := os.Stat(filepath.Join(path, "a", "1"))
	if err != nil {
		t.Fatal(err)
	}
	mustUpdate(t, path, "a/1=one", "a/2=TWO", "a/3=five", "list=new")
	want := []string{"a/1=one", "a/2=TWO", "a/3=five", "a/mine=my own", "c/1=mine, too", "list=new"}
	if got := texts(t, path); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if now, err := os.Stat(filepath.Join(path, "a", "1")); err != nil || !stateOf(same).same(now) {
		t.Error("what is the same was written again")
	}
	if left := names(t, parent); slices.ContainsFunc(left, func(name string) bool { return strings.Contains(name, ".tmp") }) {
		t.Errorf("left: %q", left)
	}
	mustUpdate(t, path, "a/1", "a/3=six", "list=newer")
	want = []string{"a/1=one", "a/3=six", "a/mine=my own", "c/1=mine, too", "list=newer"}
	if got := texts(t, path); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestUpdateRefuses: other people's files are never replaced, and nothing else is then.
func TestUpdateRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	put(t, filepath.Join(path, "mine"), "")
	_, err := CreateDir(path, DirOptions{Update: true})
	refused(t, err, path, "holds no earlier output that could be brought up to date: choose another name")
	if err := os.Remove(filepath.Join(path, "mine")); err != nil {
		t.Fatal(err)
	}
	mustUpdate(t, path, "a/1=one", "list=old")
	for what, change := range map[string]func(){
		"a/1":   func() { put(t, filepath.Join(path, "a", "1"), "ONE") },
		"a/2":   func() { put(t, filepath.Join(path, "a", "2"), "mine") },
		"d/1":   func() { put(t, filepath.Join(path, "d", "1", "x"), "mine") },
		"out/1": func() { _ = os.Symlink(t.TempDir(), filepath.Join(path, "out")) },
		"e/1":   func() { put(t, filepath.Join(path, "e"), "mine") },
	} {
		change()
		before := texts(t, path)
		d := beginUpdate(t, path, what+"=new", "b/9=new", "list=new")
		if err := d.Commit(); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: %v", what, err)
		}
		if err := d.Abort(); err != nil {
			t.Fatal(err)
		}
		if after := texts(t, path); !slices.Equal(before, after) {
			t.Errorf("%s: %q became %q", what, before, after)
		}
	}
	put(t, filepath.Join(path, "list"), "mine")
	d := beginUpdate(t, path)
	defer d.Abort()
	_, err = d.Earlier("list")
	refused(t, err, path, "not brought up to date, since it holds list, which is not an earlier output: move it away")
}

// TestUpdateThatFails says so, and the next one is right.
func TestUpdateThatFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	mustUpdate(t, path, "a/1=one", "list=old")
	d := beginUpdate(t, path, "a/1=two", "a/2=three", "list=new")
	if err := os.Remove(filepath.Join(d.temp, "a", "2")); err != nil { // so that it cannot be moved
		t.Fatal(err)
	}
	refused(t, d.Commit(), path, "a/2: no such file or directory")
	if err := d.Abort(); err != nil {
		t.Fatal(err)
	}
	mustUpdate(t, path, "a/1=two", "a/2=three", "list=new")
	if got := texts(t, path); !slices.Equal(got, []string{"a/1=two", "a/2=three", "list=new"}) {
		t.Errorf("%q", got)
	}
}

// TestTwoUpdates: the second of two that began from the same state replaces nothing.
func TestTwoUpdates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	mustUpdate(t, path, "a=one")
	one, two, three := beginUpdate(t, path, "a=two"), beginUpdate(t, path, "a=three", "b=three"), beginUpdate(t, path, "c=four")
	held, err := lockDirNow(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := three.Commit(); held != nil && !errors.Is(err, ErrMeanwhile) {
		t.Errorf("while another one has it: %v", err)
	}
	held.release()
	if err := one.Commit(); err != nil {
		t.Fatal(err)
	}
	refused(t, two.Commit(), path, "another state came into being meanwhile: nothing was replaced")
	if err := errors.Join(two.Abort(), three.Abort()); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, path); !slices.Equal(got, []string{"a=two"}) {
		t.Errorf("%q", got)
	}
}

// TestUpdateKilled: from whatever an update leaves that is killed while it commits, the next one goes on, and so does an
// output that replaces the directory.
func TestUpdateKilled(t *testing.T) {
	old, after := []string{"a=one", "b=two", "list=old"}, []string{"a=ONE", "c=three", "list=new"}
	for _, killed := range [][]string{ // what is there then
		{"a=one", "b=two", "list=old"}, {"a=ONE", "b=two", "list=old"}, {"a=ONE", "b=two", "c=three", "list=old"},
		{"a=ONE", "b=two", "c=three", "list=new"}, {"a=ONE", "c=three", "list=new"},
	} {
		for _, overwrite := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "out")
			mustUpdate(t, path, old...)
			d := beginUpdate(t, path, after...)
			both := manifest{Files: slices.Concat(listedIn(path), d.unsigned())}
			if err := errors.Join(both.move(d.temp, path), os.Remove(filepath.Join(path, "a")), os.Remove(filepath.Join(path, "b")), d.Abort()); err != nil {
				t.Fatal(err)
			}
			for _, f := range killed {
				name, text, _ := strings.Cut(f, "=")
				put(t, filepath.Join(path, name), text)
			}
			want := []string{"a=other", "c=three", "list=newer"}
			if overwrite {
				d, err := CreateDir(path, DirOptions{Overwrite: true})
				if err != nil {
					t.Fatalf("%q: %v", killed, err)
				}
				for _, f := range want {
					name, text, _ := strings.Cut(f, "=")
					fill(t, d, name, text)
				}
				if err := d.Commit(); err != nil {
					t.Fatalf("%q: %v", killed, err)
				}
			} else {
				mustUpdate(t, path, want...)
			}
			if got := texts(t, path); !slices.Equal(got, want) {
				t.Errorf("killed with %q: %q", killed, got)
			}
			if got := len(listedIn(path)); got != len(want) {
				t.Errorf("killed with %q: %d files are listed", killed, got)
			}
		}
	}
}
