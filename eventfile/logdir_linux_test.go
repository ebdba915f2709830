package eventfile

import (
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// Not every system can make the files of these tests.

// TestFindNotUTF8 replaces each bad byte of a run's name.
func TestFindNotUTF8(t *testing.T) {
	root := tree(t, "a\xff\xfeb/"+eventFile, "c/"+eventFile)
	want := []string{"run a\ufffd\ufffdb: a\xff\xfeb/" + eventFile + " (2 bad bytes)", "run c: c/" + eventFile}
	if got := found(root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	root = tree(t, "a\xff/"+eventFile, "a\xfe/"+eventFile)
	want = []string{"error two runs are named \"a\ufffd\" (a\xfe and a\xff): give the logdirs names, as in a=DIR b=DIR"}
	if got := found(root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestFindSpecialFiles(t *testing.T) {
	root := tree(t, eventFile)
	fifo := filepath.Join(root, "fifo.tfevents")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	want := []string{"run .: " + eventFile, "problem fifo.tfevents: not a regular file"}
	if got := found(root, Logdir{Path: root}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	want = []string{"error fifo.tfevents: neither a directory nor a regular file"}
	if got := found(root, Logdir{Path: fifo}); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
