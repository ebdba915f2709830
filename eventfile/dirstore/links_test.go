package dirstore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

const (
	loop    = "a link back to a directory above it, not followed"
	outside = "a link out of the logdir to what is no event file, not read"
)

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		name    string
		tree    []string
		logdirs string
		want    []string
	}{
		{"a real path wins over a shorter link", []string{"z/y/" + eventFile, "a -> z/y"}, ".",
			[]string{"run z/y: z/y/" + eventFile, "problem a: the same directory as z/y, read once"}},
		{"a link to what holds the run", []string{"z/r/" + eventFile, "a -> z"}, ".",
			[]string{"run z/r: z/r/" + eventFile, "problem a: the same directory as z, read once"}},
		{"a link to what holds no run is not told", []string{"z/q/", "r/" + eventFile, "a -> z"}, ".", []string{"run r: r/" + eventFile}},
		{"of links the one with the fewest segments", []string{"out/" + eventFile, "in/a/b -> ../../out", "in/z -> ../out"}, "in",
			[]string{"run z: in/z/" + eventFile, "problem in/a/b: the same directory as in/z, read once"}},
		{"fewest segments to the directory, not to the link", []string{"out/a/b/c/" + eventFile, "in/x -> ../out", "in/y/z -> ../../out/a/b/c"}, "in",
			[]string{"run y/z: in/y/z/" + eventFile, "problem in/x/a/b/c: the same directory as in/y/z, read once"}},
		{"then byte order", []string{"out/" + eventFile, "in/b -> ../out", "in/B -> ../out", "in/a -> ../out"}, "in",
			[]string{"run B: in/B/" + eventFile, "problem in/a: the same directory as in/B, read once", "problem in/b: the same directory as in/B, read once"}},
		{"a link as logdir makes no link of what it holds", []string{"z/b/" + eventFile, "z/a -> b", "l -> z"}, "l",
			[]string{"run b: l/b/" + eventFile, "problem l/a: the same directory as l/b, read once"}},
		{"a link to its own directory", []string{"a/" + eventFile, "a/self -> ."}, ".", []string{"run a: a/" + eventFile, "problem a/self: " + loop}},
		{"a link to the logdir", []string{"a/b/" + eventFile, "a/b/up -> ../.."}, ".", []string{"run a/b: a/b/" + eventFile, "problem a/b/up: " + loop}},
		{"a link above the logdir", []string{"x/a/" + eventFile, "x/a/up -> ../..", "y/" + eventFile}, "x",
			[]string{"run a: x/a/" + eventFile, "run a/up/y: x/a/up/y/" + eventFile, "problem x/a/up/x: the same directory as x, read once"}},
		{"two links to each other's directories", []string{"a/to-b -> ../b", "b/to-a -> ../a", "b/" + eventFile}, ".",
			[]string{"run b: b/" + eventFile, "problem a/to-b: the same directory as b, read once", "problem b/to-a: the same directory as a, read once"}},
		{"many links are one problem", []string{"z/" + eventFile, "a -> z", "b -> z", "c -> z", "d -> z"}, ".",
			[]string{"run z: z/" + eventFile, "problem a: the same directory as z, read once (and 3 more like this)"}},
		{"a linked file of the logdir", []string{"other/data", "a/" + eventFile + " -> ../other/data"}, ".", []string{"run a: a/" + eventFile}},
		{"a linked directory outside", []string{"out/r/" + eventFile, "in/a -> ../out"}, "in", []string{"run a/r: in/a/r/" + eventFile}},
		{"a linked file outside without an event", []string{"out", "in/b/" + eventFile, "in/a/" + eventFile + " -> ../../out"}, "in",
			[]string{"run b: in/b/" + eventFile, "problem in/a/" + eventFile + ": " + outside}},
		{"a linked logdir's file outside", []string{"out", "z/" + eventFile + " -> ../out", "l -> z"}, "l",
			[]string{"problem l/" + eventFile + ": " + outside, "error no event files found (files with \"tfevents\" in their name)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, c.tree...)
			if got := found(t, root, under(root, c.logdirs)...); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestLinksToEvents reads a file outside of the logdir for its first event, past
// damage too.
func TestLinksToEvents(t *testing.T) {
	event := eventfiletest.File(eventfiletest.Version(1.7e9))
	example := eventfiletest.File([]byte("\x0a\x02\x0a\x00"))
	for _, c := range []struct {
		name    string
		content []byte
		read    bool
	}{
		{"an event", event, true},
		{"an event behind damage", append([]byte("0123456789"), event...), true},
		{"an event behind another record", append(slices.Clone(example), event...), true},
		{"other records", example, false},
		{"text", []byte("root:x:0:0:root:/root:/bin/sh\n"), false},
		{"a torn event", event[:20], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, "out/", "in/r/"+eventFile, "in/"+eventFile+" -> ../out/file")
			if err := os.WriteFile(filepath.Join(root, "out", "file"), c.content, 0o666); err != nil {
				t.Fatal(err)
			}
			runs, problems, err := New(Logdir{Path: filepath.Join(root, "in")}).Find(t.Context())
			if err != nil || (len(runs) == 2) != c.read || (len(problems) == 0) != c.read {
				t.Errorf("%v, %v, %v", runs, problems, err)
			}
		})
	}
}

// TestLinkDiamonds: thirty directories, each with two links to the next: 2^30 ways
// to the file at the end.
func TestLinkDiamonds(t *testing.T) {
	var entries []string
	for i := range 30 {
		entries = append(entries, fmt.Sprintf("d%02d/a -> ../d%02d", i, i+1), fmt.Sprintf("d%02d/b -> ../d%02d", i, i+1))
	}
	root := tree(t, append(entries, "d30/"+eventFile)...)
	want := []string{"run d30: d30/" + eventFile, "problem d00/a: the same directory as d01, read once (and 59 more like this)"}
	if got := found(t, root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("in one logdir: %q", got)
	}
	want[0] = "run " + strings.Repeat("a/", 29) + "a: d00/" + strings.Repeat("a/", 30) + eventFile
	want[1] = "problem d00/" + strings.Repeat("a/", 29) + "b: the same directory as d00/" + strings.Repeat("a/", 29) + "a, read once (and 29 more like this)"
	if got := found(t, root, Logdir{Path: filepath.Join(root, "d00")}); !slices.Equal(got, want) {
		t.Errorf("through links alone: %q", got)
	}
}

// TestManyLinks reads a hundred runs once, whatever leads to them.
func TestManyLinks(t *testing.T) {
	var entries []string
	for i := range 100 {
		entries = append(entries, fmt.Sprintf("0/run%d/tfevents", i))
	}
	for i := range 99 {
		entries = append(entries, fmt.Sprintf("%d -> 0", i+1))
	}
	runs, problems, err := New(Logdir{Path: tree(t, entries...)}).Find(t.Context())
	if len(runs) != 100 || len(problems) != 1 || problems[0].Lost || err != nil {
		t.Fatalf("%d runs, %v, %v", len(runs), problems, err)
	}
}

// under reads logdirs in the form "NAME=PATH ...", with paths below root.
func under(root, logdirs string) (out []Logdir) {
	for _, arg := range strings.Fields(logdirs) {
		name, path, ok := strings.Cut(arg, "=")
		if !ok {
			name, path = "", arg
		}
		out = append(out, Logdir{name, filepath.Join(root, path)})
	}
	return out
}
