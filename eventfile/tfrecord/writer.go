package tfrecord

import (
	"encoding/binary"
	"io"
)

// Writer writes records.
type Writer struct {
	w   io.Writer
	buf []byte
	err error
}

// NewWriter returns a Writer to w. It buffers nothing: give it a bufio.Writer for many
// short records.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w}
}

// Write writes one record, with one Write to the underlying writer. After an error,
// which may have left part of a record there, it writes nothing more and returns the
// same error again.
func (w *Writer) Write(payload []byte) error {
	if w.err != nil {
		return w.err
	}
	n := uint64(len(payload))
	w.buf = binary.LittleEndian.AppendUint64(w.buf[:0], n)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, lengthCRC(n))
	w.buf = append(w.buf, payload...)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, MaskedCRC(payload))
	written, err := w.w.Write(w.buf)
	if err == nil && written < len(w.buf) {
		err = io.ErrShortWrite
	}
	w.err = err
	return err
}
