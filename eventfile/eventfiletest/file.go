package eventfiletest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tbexport/eventfile/tfrecord"
)

// File frames events, or payloads of any other kind, as an event file.
func File[P ~[]byte](payloads ...P) []byte {
	var b bytes.Buffer
	w := tfrecord.NewWriter(&b)
	for _, p := range payloads {
		_ = w.Write(p) // a Buffer takes all
	}
	return b.Bytes()
}

// Curve is an event file as most are: its version, and n points of one tag at the
// steps from 0, one a second; the value is 1/(step+1).
func Curve(tag string, n int) []byte {
	const start = 1.7e9
	events := []Event{Version(start)}
	for i := range n {
		events = append(events, Summary(start+float64(i), int64(i), Scalar(tag, 1/float32(i+1))))
	}
	return File(events...)
}

// Tree is files by their names, paths with "/".
type Tree map[string][]byte

// Write writes files below a directory, with the directories that they need.
func Write(t testing.TB, dir string, files Tree) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Logdir writes files into a directory of the test.
func Logdir(t testing.TB, files Tree) (dir string) {
	t.Helper()
	dir = t.TempDir()
	Write(t, dir, files)
	return dir
}
