package ui

import (
	"bytes"
	"io"
)

// JSONArray makes a JSON array of JSON Lines, which it may get in any pieces,
// with VisibleJSON. Close ends the array.
type JSONArray struct {
	To   io.Writer
	line []byte
	rows int
}

// Write takes a piece of the lines.
func (w *JSONArray) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			w.line = append(w.line, b...)
			return n, nil
		}
		before := ",\n"
		if w.rows == 0 {
			before = "[\n"
		}
		text := VisibleJSON(append(w.line, b[:i]...))
		if _, err := io.WriteString(w.To, before+string(text)); err != nil {
			return 0, err
		}
		w.rows++
		w.line, b = w.line[:0], b[i+1:]
	}
}

// Close writes the end of the array; To stays open.
func (w *JSONArray) Close() error {
	ending := "\n]\n"
	if w.rows == 0 {
		ending = "[]\n"
	}
	_, err := io.WriteString(w.To, ending)
	return err
}
