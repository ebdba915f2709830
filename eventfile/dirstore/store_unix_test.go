//go:build unix

package dirstore

import (
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// TestPipes: a pipe that nobody writes to is passed over where it is found and
// refused where it is named, and nothing waits for it.
func TestPipes(t *testing.T) {
	root := tree(t, eventFile)
	pipe := filepath.Join(root, "pipe.tfevents")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	want := []string{"run .: " + eventFile, "problem pipe.tfevents: not a regular file"}
	if got := found(t, root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	want = []string{"error open pipe.tfevents: neither a directory nor a regular file"}
	if got := found(t, root, Logdir{Path: pipe}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	for _, path := range []string{pipe, "/dev/zero"} {
		if f, err := New().Open(t.Context(), path); err == nil || err.Error() != path+": not a regular file" {
			t.Errorf("%v, %v", f, err)
		}
	}
}
