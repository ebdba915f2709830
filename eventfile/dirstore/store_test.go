package dirstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tbexport/eventfile/storetest"
)

func openLogdir(t *testing.T) *storetest.Logdir {
	root := t.TempDir()
	path := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	make := func(name string) string {
		if err := os.MkdirAll(filepath.Dir(path(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		return path(name)
	}
	return &storetest.Logdir{
		Store: New(Logdir{Path: root}),
		Path:  path,
		Write: func(name string, content []byte) {
			if err := os.WriteFile(make(name), content, 0o666); err != nil {
				t.Fatal(err)
			}
		},
		Remove: func(name string) {
			if err := os.Remove(path(name)); err != nil {
				t.Fatal(err)
			}
		},
		Fail: func(name string) {
			if err := os.Symlink("nowhere", make(name)); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestStore(t *testing.T) { storetest.Run(t, openLogdir) }

// TestFindDoesNotWait returns when the context ends, also where a directory does
// not answer.
func TestFindDoesNotWait(t *testing.T) {
	s := New(Logdir{Path: tree(t, eventFile)})
	hangs, release := make(chan bool), make(chan bool)
	s.readDir = func(string) ([]fs.DirEntry, error) {
		close(hangs)
		<-release
		return nil, nil
	}
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-hangs
		cancel()
	}()
	if _, _, err := s.Find(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}

// TestFindStops searches no further once the context ended.
func TestFindStops(t *testing.T) {
	s := New(Logdir{Path: tree(t, "a/"+eventFile, "b/"+eventFile)})
	ctx, cancel := context.WithCancel(t.Context())
	calls, done := 0, make(chan int, 1)
	s.readDir = func(path string) ([]fs.DirEntry, error) {
		calls++
		cancel()
		defer func() { done <- calls }()
		return os.ReadDir(path)
	}
	if _, _, err := s.Find(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	if n := <-done; n != 1 {
		t.Errorf("%d directories read", n)
	}
}

// TestOpenRefuses what is no regular file, and names it once.
func TestOpenRefuses(t *testing.T) {
	root := tree(t, "tfevents/")
	path := filepath.Join(root, "tfevents")
	if f, err := New().Open(t.Context(), path); err == nil || err.Error() != path+": not a regular file" {
		t.Errorf("a directory: %v, %v", f, err)
	}
}
