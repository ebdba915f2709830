// Package storetest holds stores to what eventfile.Store promises, and counts
// what is read through one.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"tbexport/eventfile"
)

// Logdir is a logdir that a test fills, and the store over it. Names of files are
// paths with "/" below it.
type Logdir struct {
	Store  eventfile.Store
	Path   func(name string) string // how the store spells the path of a file
	Write  func(name string, content []byte)
	Remove func(name string)
	// Fail makes name something that is listed and cannot be opened.
	Fail func(name string)
}

// Run tests a store. open gives an empty logdir each time.
func Run(t *testing.T, open func(t *testing.T) *Logdir) {
	t.Run("Find", func(t *testing.T) { testFind(t, open) })
	t.Run("Open", func(t *testing.T) { testOpen(t, open) })
	t.Run("a file that grows", func(t *testing.T) { testGrowing(t, open(t)) })
	t.Run("files that are not there", func(t *testing.T) { testMissing(t, open(t)) })
	t.Run("a context that ended", func(t *testing.T) { testCancelled(t, open(t)) })
	t.Run("at once", func(t *testing.T) { testAtOnce(t, open(t)) })
}

func testFind(t *testing.T, open func(t *testing.T) *Logdir) {
	for _, c := range []struct {
		name  string
		files []string // "!" before those that cannot be opened
		want  []string // a line for each run and problem
		err   error
	}{
		{"nothing", nil, nil, eventfile.ErrNoEventFiles},
		{"nothing with the name", []string{"model.pt", "a/events.out"}, nil, eventfile.ErrNoEventFiles},
		{"the logdir is a run", []string{"tfevents.1"}, []string{"run .: tfevents.1"}, nil},
		{"runs in byte order, runs in runs",
			[]string{"a/tfevents", "a/eval/tfevents", "a-b/tfevents", "B/x/y/tfevents", "tfevents"},
			[]string{"run .: tfevents", "run B/x/y: B/x/y/tfevents", "run a: a/tfevents",
				"run a-b: a-b/tfevents", "run a/eval: a/eval/tfevents"}, nil},
		{"files in byte order", []string{"tfevents.9", "tfevents.10", "Xtfevents", "tfevents"},
			[]string{"run .: Xtfevents tfevents tfevents.10 tfevents.9"}, nil},
		{"a directory named like a file", []string{"tfevents/tfevents"}, []string{"run tfevents: tfevents/tfevents"},
			nil},
		{"markers", []string{"a/tfevents.profile-empty", "b/tfevents.1", "b/tfevents.1.profile-empty"},
			[]string{"run a: marker a/tfevents.profile-empty", "run b: b/tfevents.1 marker b/tfevents.1.profile-empty"},
			nil},
		{"a problem beside a run", []string{"a/tfevents", "!b/tfevents"},
			[]string{"run a: a/tfevents", "lost b/tfevents"}, nil},
		{"a problem alone", []string{"!b/tfevents"}, []string{"lost b/tfevents"}, eventfile.ErrNoEventFiles},
		{"names of any language", []string{"損失/tfevents.é"}, []string{"run 損失: 損失/tfevents.é"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := open(t)
			for _, name := range c.files {
				if name, fail := strings.CutPrefix(name, "!"); fail {
					l.Fail(name)
				} else {
					l.Write(name, nil)
				}
			}
			for range 2 { // it finds the same again
				if got := find(t, l, c.err); !slices.Equal(got, l.paths(c.want)) {
					t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(l.paths(c.want), "\n"))
				}
			}
		})
	}
}

// NotUTF8 tests names that are not UTF-8, which not every storage can have.
func NotUTF8(t *testing.T, open func(t *testing.T) *Logdir) {
	l := open(t)
	l.Write("a\xff\xfeb/tfevents\xff", []byte("x"))
	l.Write("c/tfevents", nil)
	runs, _, err := l.Store.Find(t.Context())
	if err != nil || len(runs) != 2 {
		t.Fatal(runs, err)
	}
	r := runs[0]
	if r.Name != "a\ufffd\ufffdb" || r.Path != r.Name || r.BadBytes != 2 ||
		!slices.Equal(r.Files, []string{l.Path("a\xff\xfeb/tfevents\xff")}) {
		t.Errorf("run %q, path %q, %d bad bytes, files %q", r.Name, r.Path, r.BadBytes, r.Files)
	}
	f, err := l.Store.Open(t.Context(), r.Files[0])
	if err != nil || f.Size() != 1 {
		t.Fatal(err)
	}
	closeFile(t, f)
	l.Write("a\xfe\xffb/tfevents", nil)
	_, _, err = l.Store.Find(t.Context())
	if err == nil || !strings.Contains(err.Error(), "two runs are named \"a\ufffd\ufffdb\"") {
		t.Errorf("two runs with the same name: %v", err)
	}
}

// find gives what is found: a line for each run, with its files, and problem.
func find(t *testing.T, l *Logdir, want error) (lines []string) {
	t.Helper()
	runs, problems, err := l.Store.Find(t.Context())
	if !errors.Is(err, want) {
		t.Errorf("error: %v, not %v", err, want)
	}
	for _, r := range runs {
		line := "run " + r.Name + ":"
		for _, f := range r.Files {
			line += " " + f
		}
		for _, f := range r.Markers {
			line += " marker " + f
		}
		lines = append(lines, line)
		if r.BadBytes != 0 || r.Path != r.Name {
			t.Errorf("run %q: path %q, %d bad bytes", r.Name, r.Path, r.BadBytes)
		}
	}
	for _, p := range problems {
		if p.Run != "b" || !p.Lost || p.Err == nil || !strings.HasPrefix(p.Error(), p.Path+": ") {
			t.Errorf("problem %q %v", p, p.Lost)
		}
		lines = append(lines, "lost "+p.Path)
	}
	return lines
}

// paths puts the store's paths for the names in lines.
func (l *Logdir) paths(lines []string) (out []string) {
	for _, line := range lines {
		words := strings.Fields(line)
		for i, w := range words {
			if i > 0 && strings.Contains(w, "tfevents") && !strings.HasSuffix(w, ":") {
				words[i] = l.Path(w)
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func testOpen(t *testing.T, open func(t *testing.T) *Logdir) {
	l := open(t)
	content := bytes.Repeat([]byte("0123456789"), 100)
	l.Write("a/tfevents", content)
	l.Write("b/tfevents", nil)
	f, err := l.Store.Open(t.Context(), l.Path("a/tfevents"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Size() != 1000 || f.ModTime().IsZero() {
		t.Errorf("size %d, changed %v", f.Size(), f.ModTime())
	}
	if got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size())); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	for _, c := range []struct {
		offset int64
		length int
		want   int
		err    error
	}{
		{0, 10, 10, nil}, {995, 5, 5, nil}, {995, 6, 5, io.EOF}, {1000, 1, 0, io.EOF}, {5000, 1, 0, io.EOF},
		{500, 0, 0, nil},
	} {
		b := make([]byte, c.length)
		n, err := f.ReadAt(b, c.offset)
		// At the very end an io.ReaderAt may say so at once.
		atEnd := err == io.EOF && c.offset+int64(n) == f.Size()
		if n != c.want || err != c.err && !atEnd || !bytes.Equal(b[:n], content[min(c.offset, 1000):][:n]) {
			t.Errorf("%d bytes at %d: %d, %v", c.length, c.offset, n, err)
		}
	}
	closeFile(t, f)
	empty, err := l.Store.Open(t.Context(), l.Path("b/tfevents"))
	if err != nil || empty.Size() != 0 {
		t.Fatal(err)
	}
	closeFile(t, empty)
}

func closeFile(t *testing.T, f eventfile.File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// testGrowing: the size stays what it was, and the next one to open the file sees
// what was appended.
func testGrowing(t *testing.T, l *Logdir) {
	l.Write("tfevents", []byte("one"))
	before, err := l.Store.Open(t.Context(), l.Path("tfevents"))
	if err != nil {
		t.Fatal(err)
	}
	l.Write("tfevents", []byte("one and two"))
	after, err := l.Store.Open(t.Context(), l.Path("tfevents"))
	if err != nil {
		t.Fatal(err)
	}
	if before.Size() != 3 || after.Size() != 11 || after.ModTime().Before(before.ModTime()) {
		t.Errorf("%d bytes, then %d; changed %v, then %v", before.Size(), after.Size(), before.ModTime(),
			after.ModTime())
	}
	b := make([]byte, 3)
	if n, err := before.ReadAt(b, 0); n != 3 || err != nil && err != io.EOF || string(b) != "one" {
		t.Errorf("%q, %v", b[:n], err)
	}
	closeFile(t, before)
	closeFile(t, after)
}

func testMissing(t *testing.T, l *Logdir) {
	l.Write("a/tfevents.1", []byte("one"))
	l.Write("a/tfevents.2", []byte("two"))
	runs, _, err := l.Store.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.Store.Open(t.Context(), runs[0].Files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/tfevents.1", "a/tfevents.2"} {
		l.Remove(name)
	}
	b := make([]byte, 3)
	if n, err := f.ReadAt(b, 0); err == nil && string(b[:n]) != "one" {
		t.Errorf("%q of a file that is gone", b[:n])
	}
	closeFile(t, f)
	l.Fail("b/tfevents")
	for _, path := range append(runs[0].Files, l.Path("never/tfevents"), l.Path("b/tfevents")) {
		f, err := l.Store.Open(t.Context(), path)
		if err == nil {
			t.Errorf("%s: opened", path)
			closeFile(t, f)
			continue
		}
		if path != l.Path("b/tfevents") && !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func testCancelled(t *testing.T, l *Logdir) {
	l.Write("tfevents", []byte("one"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := l.Store.Find(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: %v", err)
	}
	if f, err := l.Store.Open(ctx, l.Path("tfevents")); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, %v", f, err)
	}
}

// testAtOnce is for the race detector.
func testAtOnce(t *testing.T, l *Logdir) {
	for i := range 4 {
		l.Write(fmt.Sprintf("%d/tfevents", i), []byte("x"))
	}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			runs, _, err := l.Store.Find(t.Context())
			if err != nil || len(runs) != 4 {
				t.Errorf("%d runs, %v", len(runs), err)
				return
			}
			f, err := l.Store.Open(t.Context(), runs[i].Files[0])
			if err != nil {
				t.Error(err)
				return
			}
			closeFile(t, f)
		})
	}
	group.Wait()
}
