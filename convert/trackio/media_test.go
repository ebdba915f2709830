package trackio

import (
	"os"
	"path/filepath"
	"testing"

	"tbexport/convert/rows"
)

// TestKeepFile: a file of as many other bytes, as a crash leaves it, is written again.
func TestKeepFile(t *testing.T) {
	dir := t.TempDir()
	f := &mediaFile{"p/r/a.png", rows.File{Bytes: []byte("picture")}}
	to := filepath.Join(dir, mediaDir, "p", "r", "a.png")
	if err := keepFile(dir, f); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, make([]byte, len(f.Bytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := keepFile(dir, f); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(to)
	left, _ := os.ReadDir(filepath.Dir(to))
	if string(got) != "picture" || err != nil || len(left) != 1 {
		t.Errorf("%q, %v; %d files", got, err, len(left))
	}
}
