package dirstore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile"
)

const eventFile = "events.out.tfevents.1700000000.host"

// tree makes files, and with "->" in them symbolic links, below a new
// directory.
func tree(t *testing.T, entries ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, e := range entries {
		name, target, link := strings.Cut(e, " -> ")
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link:
			err = os.Symlink(filepath.FromSlash(target), path)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o777)
		default:
			err = os.WriteFile(path, nil, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// found is what Find gives, with paths relative to root: a line for each run,
// problem and error.
func found(t *testing.T, root string, logdirs ...Logdir) (lines []string) {
	rel := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, root+string(filepath.Separator), ""), root, "ROOT")
	}
	t.Helper()
	runs, problems, err := New(logdirs...).Find(t.Context())
	for _, r := range runs {
		line := fmt.Sprintf("run %s:", r.Name)
		for _, f := range r.Files {
			line += " " + rel(f)
		}
		for _, f := range r.Markers {
			line += " marker " + rel(f)
		}
		if r.BadBytes > 0 {
			line += fmt.Sprintf(" (%d bad bytes)", r.BadBytes)
		}
		lines = append(lines, line)
	}
	for _, p := range problems {
		line := "problem " + rel(p.Error())
		if p.Lost {
			line += " (lost)"
		}
		lines = append(lines, line)
	}
	if err != nil {
		lines = append(lines, "error "+rel(err.Error()))
	}
	return lines
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name    string
		tree    []string
		logdirs string // "NAME=PATH ...", paths below the tree
		want    []string
	}{
		{"the root is a run", []string{eventFile}, ".", []string{"run .: " + eventFile}},
		{"runs within runs, in byte order of their names", []string{"a/" + eventFile, "a/eval/" + eventFile, "a-b/" + eventFile, "B/x/y/" + eventFile, eventFile}, ".",
			[]string{"run .: " + eventFile, "run B/x/y: B/x/y/" + eventFile, "run a: a/" + eventFile, "run a-b: a-b/" + eventFile, "run a/eval: a/eval/" + eventFile}},
		{"files in byte order of their names", []string{"tfevents.9", "tfevents.10", "Xtfevents", "tfevents"}, ".",
			[]string{"run .: Xtfevents tfevents tfevents.10 tfevents.9"}},
		{"only names with tfevents", []string{"a.tfevents.bak", "events.out.txt", "checkpoint", "b/model.pt", "c/"}, ".",
			[]string{"run .: a.tfevents.bak"}},
		{"a directory named like an event file", []string{"tfevents/" + eventFile}, ".", []string{"run tfevents: tfevents/" + eventFile}},
		{"the profiler's marker alone makes a run", []string{"a/" + eventFile + ".profile-empty"}, ".",
			[]string{"run a: marker a/" + eventFile + ".profile-empty"}},
		{"the profiler's marker beside a file", []string{eventFile, eventFile + ".profile-empty"}, ".",
			[]string{"run .: " + eventFile + " marker " + eventFile + ".profile-empty"}},
		{"a file as logdir, whatever its name", []string{"a/log.bin"}, "a/log.bin", []string{"run .: a/log.bin"}},
		{"a named file as logdir", []string{"a/log.bin"}, "x=a/log.bin", []string{"run x/.: a/log.bin"}},
		{"names", []string{"a/" + eventFile, "a/r/" + eventFile, "b/r/" + eventFile}, "one=a two=b",
			[]string{"run one/.: a/" + eventFile, "run one/r: a/r/" + eventFile, "run two/r: b/r/" + eventFile}},
		{"a linked file", []string{"other/data", "a/" + eventFile + " -> ../other/data"}, ".", []string{"run a: a/" + eventFile}},
		{"a dangling link", []string{eventFile, "b.tfevents -> nowhere"}, ".",
			[]string{"run .: " + eventFile, "problem b.tfevents: no such file or directory (lost)"}},
		{"a dangling link alone", []string{"b.tfevents -> nowhere"}, ".",
			[]string{"problem b.tfevents: no such file or directory (lost)", "error " + eventfile.ErrNoEventFiles.Error()}},
		{"a dangling link of another name", []string{eventFile, "latest -> nowhere"}, ".", []string{"run .: " + eventFile}},
		{"nothing", []string{"a/b/"}, ".", []string{`error no event files found (files with "tfevents" in their name)`}},
		{"no logdir", nil, "", []string{`error no event files found (files with "tfevents" in their name)`}},
		{"no such path", []string{eventFile}, ". missing", []string{"error stat missing: no such file or directory"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, c.tree...)
			if got := found(t, root, under(root, c.logdirs)...); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestFindUnreadable passes over a directory that cannot be read. The
// superuser reads any, and must find what is in it.
func TestFindUnreadable(t *testing.T) {
	root := tree(t, "a/"+eventFile, "b/"+eventFile)
	closed := filepath.Join(root, "a")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o777) })
	want := []string{"run b: b/" + eventFile, "problem a: permission denied (lost)"}
	if _, err := os.ReadDir(closed); err == nil {
		want = []string{"run a: a/" + eventFile, "run b: b/" + eventFile}
	}
	if got := found(t, root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
