package output

import (
	"os"
	"testing"
)

// TestFullDisk writes to the device that stands for one.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	_, err = Stream(full).Write([]byte("text"))
	refused(t, err, "standard output", "no space left on device")
}
