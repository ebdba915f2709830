package tfrecord

import (
	"fmt"
	"io"
)

// source is a file: its bytes, and how many it has. Both windows on it share one, so
// that it ends for both where either has found it to end.
type source struct {
	r    io.ReaderAt
	size int64
}

// read reads into b from offset off: at least need bytes, and as many as come along.
// It returns fewer only with an error, or after setting size to where the file ends
// now. An error behind the bytes needed is left for the read that needs those.
func (s *source) read(b []byte, off int64, need int) (n int, err error) {
	for n < need {
		m, err := s.r.ReadAt(b[n:], off+int64(n))
		n += m
		switch {
		case n >= need:
			return n, nil
		case err == io.EOF:
			s.size = off + int64(n)
			return n, nil
		case err == nil && m == 0:
			err = io.ErrNoProgress
		}
		if err != nil {
			return n, fmt.Errorf("offset %d: %w", off+int64(n), err)
		}
	}
	return n, nil
}

// window is a part of a file in memory: the bytes from base on.
type window struct {
	src  *source
	long *Memory // nil: the window's own
	buf  []byte
	base int64
}

// reset empties the window and makes sure that it can hold n bytes.
func (w *window) reset(n int64) {
	w.base, w.buf = 0, w.buf[:0]
	w.grow(n)
}

// grow makes sure that the window can hold n bytes.
func (w *window) grow(n int64) { w.growFor(n, 0) }

// growFor is grow, with room for more where it has to be made.
func (w *window) growFor(n, more int64) {
	if n > int64(cap(w.buf)) {
		old := w.buf
		w.buf = append(w.long.take(n, more), old...)
		w.long.Give(old)
	}
}

// shrink empties the window, and gives up its memory, where that is more than most.
func (w *window) shrink(most int) {
	if cap(w.buf) > most {
		w.long.Give(w.buf)
		w.base, w.buf = 0, make([]byte, 0, bufferSize)
	}
}

// at returns the bytes from off on, at least need of them, moving the window if it must.
// Fewer are returned only after the file was found to end early. The caller makes sure
// that the window can hold them and that the file should have them.
func (w *window) at(off int64, need int) ([]byte, error) {
	i, keep := off-w.base, 0
	if 0 <= i && i <= int64(len(w.buf)) {
		if len(w.buf)-int(i) >= need {
			return w.buf[i:], nil
		}
		keep = copy(w.buf, w.buf[i:])
	}
	room := min(int64(cap(w.buf)), w.src.size-off)
	n, err := w.src.read(w.buf[keep:max(room, int64(keep))], off+int64(keep), need-keep)
	w.base, w.buf = off, w.buf[:keep+n]
	return w.buf, err
}

// clip forgets the bytes behind the end of the file, if that was found to be nearer.
func (w *window) clip() {
	n := max(0, w.src.size-w.base)
	w.buf = w.buf[:min(n, int64(len(w.buf)))]
}
