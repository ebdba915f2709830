package output

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What the disk has begun with is what was written, wherever the pieces end.
func TestWriteBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	f, err := Create(path, FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	piece := make([]byte, behindBytes/3+1)
	var want []byte
	for i := range byte(7) {
		for k := range piece {
			piece[k] = byte(k>>8) ^ i
		}
		if _, err := f.Write(piece); err != nil {
			t.Fatal(err)
		}
		want = append(want, piece...)
	}
	behind := f.to.(*writeBehind)
	if behind.n != int64(len(want)) || behind.begun != 2*3*int64(len(piece)) {
		t.Errorf("%d bytes written, of them %d begun with, of %d", behind.n, behind.begun, len(want))
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v; want the %d written", len(got), err, len(want))
	}
}
