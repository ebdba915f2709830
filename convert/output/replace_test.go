package output

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// put writes somebody's file.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// earlierDir makes an output directory of two files.
func earlierDir(t *testing.T, path string) {
	t.Helper()
	d, err := CreateDir(path, DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, d, "scalars.csv", "old scalars")
	fill(t, d, "run=a/part-0.csv", "old part")
	if err := d.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestDirRefusesWhatIsNotProven: whatever the names are, nothing is overwritten that is not the earlier output itself.
func TestDirRefusesWhatIsNotProven(t *testing.T) {
	for what, c := range map[string]struct {
		change func(t *testing.T, dir string)
		holds  string
	}{
		"a directory of a partition's name": {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "run=x", "mine"), "") }, "run=x/mine"},
		"a file beside a partition":         {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "run=a", "mine"), "") }, "run=a/mine"},
		"a directory of a table's name":     {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "hparams.csv", "part"), "") }, "hparams.csv/part"},
		"another file of a table's name":    {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "scalars.csv"), "my scalars, longer") }, "scalars.csv"},
		"as long as the old one":            {func(t *testing.T, dir string) { put(t, filepath.Join(dir, "scalars.csv"), "my  scalars") }, "scalars.csv"},
		"another manifest":                  {func(t *testing.T, dir string) { put(t, filepath.Join(dir, ManifestName), `{"files": []}`) }, ManifestName},
		"an empty directory": {func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, "run=y"), 0o777); err != nil {
				t.Fatal(err)
			}
		}, "run=y"},
		"a link": {func(t *testing.T, dir string) {
			if err := os.Symlink("scalars.csv", filepath.Join(dir, "link.csv")); err != nil {
				t.Fatal(err)
			}
		}, "link.csv"},
	} {
		t.Run(what, func(t *testing.T) {
			parent := t.TempDir()
			path := filepath.Join(parent, "out")
			earlierDir(t, path)
			c.change(t, path)
			before := names(t, parent)
			_, err := CreateDir(path, DirOptions{Overwrite: true})
			refused(t, err, path, "not overwritten, since it holds "+c.holds+", which is not an earlier output")
			if after := names(t, parent); !slices.Equal(before, after) {
				t.Errorf("%q became %q", before, after)
			}
		})
	}
}

// TestDirKeepsWhatCameMeanwhile: what came into the directory during the run is still there after it, said by name.
func TestDirKeepsWhatCameMeanwhile(t *testing.T) {
	for _, there := range []string{"nothing", "an empty directory", "an earlier output"} {
		t.Run(there, func(t *testing.T) {
			parent := t.TempDir()
			path := filepath.Join(parent, "out")
			switch there {
			case "an empty directory":
				if err := os.Mkdir(path, 0o777); err != nil {
					t.Fatal(err)
				}
			case "an earlier output":
				earlierDir(t, path)
			}
			d, err := CreateDir(path, DirOptions{Overwrite: true})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, d, "scalars.csv", "new scalars")
			put(t, filepath.Join(path, "notes", "today.txt"), "mine")
			put(t, filepath.Join(path, "run=a", "more.csv"), "mine too")
			if err := os.Mkdir(filepath.Join(path, "empty"), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := d.Commit(); err != nil {
				t.Fatal(err)
			}
			kept := []string{"empty", "notes/today.txt", "run=a/more.csv"}
			if !slices.Equal(d.Kept(), kept) {
				t.Errorf("kept: %q", d.Kept())
			}
			want := []string{"out/.tbexport.json", "out/notes/today.txt", "out/run=a/more.csv", "out/scalars.csv"}
			if n := names(t, parent); !slices.Equal(n, want) {
				t.Errorf("%q", n)
			}
			if got := content(t, filepath.Join(path, "notes", "today.txt")); got != "mine" {
				t.Errorf("%q", got)
			}
			if got := content(t, filepath.Join(path, "scalars.csv")); got != "new scalars" {
				t.Errorf("%q", got)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestDirDoesNotReplaceWhatCameMeanwhile: where it stands in the way, nothing is replaced, and the run fails.
func TestDirDoesNotReplaceWhatCameMeanwhile(t *testing.T) {
	for _, name := range []string{"scalars.csv", ManifestName, "run=a"} {
		parent := t.TempDir()
		path := filepath.Join(parent, "out")
		earlierDir(t, path)
		d, err := CreateDir(path, DirOptions{Overwrite: true})
		if err != nil {
			t.Fatal(err)
		}
		fill(t, d, "scalars.csv", "new scalars")
		fill(t, d, "run=a/part-0.csv", "new part")
		if err := os.RemoveAll(filepath.Join(path, name)); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(path, name), "mine")
		refused(t, d.Commit(), path, name+" came into being meanwhile: nothing was replaced")
		if err := d.Abort(); err != nil {
			t.Error(err)
		}
		if got := content(t, filepath.Join(path, name)); got != "mine" {
			t.Errorf("%s: %q", name, got)
		}
		if left, err := os.ReadDir(parent); err != nil || len(left) != 1 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}

// TestSignedFilesNeedNoManifest: a directory in which every file says where it comes from has no file more.
func TestSignedFilesNeedNoManifest(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "out")
	o := DirOptions{Overwrite: true, Signed: func(path, _ string) bool {
		text, err := os.ReadFile(path)
		return err == nil && strings.HasPrefix(string(text), "signed")
	}}
	for _, want := range [][]string{{"out/a"}, {"out/.tbexport.json", "out/a", "out/b"}, {"out/a"}} {
		d, err := CreateDir(path, o)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, d, "a", "signed")
		if len(want) > 1 {
			fill(t, d, "b", "not")
		}
		if err := d.Commit(); err != nil {
			t.Fatal(err)
		}
		if n := names(t, parent); !slices.Equal(n, want) {
			t.Errorf("%q, want %q", n, want)
		}
	}
	put(t, filepath.Join(path, "a"), "mine")
	_, err := CreateDir(path, o)
	refused(t, err, path, "not overwritten, since it holds a, which is not an earlier output")
}

// TestUnlistedOnlyWithoutManifest: names alone prove nothing where there is a manifest.
func TestUnlistedOnlyWithoutManifest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	put(t, filepath.Join(path, "run=old", "x"), "of an earlier version")
	if d, err := CreateDir(path, overwriting()); err != nil {
		t.Error(err)
	} else if err := d.Abort(); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	earlierDir(t, path)
	put(t, filepath.Join(path, "run=old", "x"), "of an earlier version")
	_, err := CreateDir(path, overwriting())
	refused(t, err, path, "not overwritten, since it holds run=old/x, which is not an earlier output")
}

// TestDirBehindALink replaces the directory and leaves the link.
func TestDirBehindALink(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "disk", "out")
	if err := os.Mkdir(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	earlierDir(t, path)
	link := filepath.Join(parent, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	d, err := CreateDir(link, DirOptions{Overwrite: true})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, d, "new", "new")
	if err := d.Commit(); err != nil {
		t.Fatal(err)
	}
	if n := names(t, parent); !slices.Equal(n, []string{"disk/out/.tbexport.json", "disk/out/new", "link"}) {
		t.Errorf("%q", n)
	}
}

func TestDirIsTheWorkingDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := CreateDir(".", DirOptions{Overwrite: true})
	refused(t, err, ".", "is the working directory")
}

// TestFileThatCameMeanwhile: without leave to overwrite, a file that came during the run stays.
func TestFileThatCameMeanwhile(t *testing.T) {
	for _, overwrite := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out")
		f, err := Create(path, FileOptions{Overwrite: overwrite})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, "new")
		put(t, path, "mine")
		want := "new"
		if err := f.Commit(); !overwrite {
			want = "mine"
			refused(t, err, path, "came into being meanwhile: nothing was replaced")
		} else if err != nil {
			t.Fatal(err)
		}
		if err := f.Abort(); err != nil {
			t.Error(err)
		}
		if got := content(t, path); got != want {
			t.Errorf("overwrite %v: %q", overwrite, got)
		}
		if n := names(t, dir); len(n) != 1 {
			t.Errorf("left behind: %q", n)
		}
	}
}
