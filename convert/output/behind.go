package output

import "os"

// behindBytes is how much of a file is written before the disk is asked to begin with it.
const behindBytes = 32 << 20

// writeBehind writes to a file, and has the disk begin with what was written while more
// comes: the flush at the end waits for the last bytes alone.
type writeBehind struct {
	file  *os.File
	n     int64 // written
	begun int64 // of them, what the disk has begun with
}

func (w *writeBehind) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	if w.n += int64(n); w.n-w.begun >= behindBytes {
		beginSync(w.file, w.begun, w.n-w.begun)
		w.begun = w.n
	}
	return n, err
}
