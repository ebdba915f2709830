package ui

import (
	"errors"
	"io"
	"syscall"
	"unicode/utf8"
)

// VisibleText is a terminal as data of text may be written to it: what comes is
// made visible, but for the ends of lines. A sign of which a part was written
// waits for the rest.
func VisibleText(terminal io.Writer) io.Writer {
	return &escaping{to: terminal, escape: func(b []byte) []byte { return []byte(VisibleLines(string(b))) }}
}

// VisibleJSONText is VisibleText for JSON, which reads back as the same.
func VisibleJSONText(terminal io.Writer) io.Writer {
	return &escaping{to: terminal, escape: VisibleJSON}
}

type escaping struct {
	to     io.Writer
	escape func([]byte) []byte
	rest   []byte // of a sign
}

func (w *escaping) Write(b []byte) (int, error) {
	n := len(b)
	if len(w.rest) > 0 {
		b = append(w.rest, b...)
	}
	end := whole(b)
	if _, err := w.to.Write(w.escape(b[:end])); err != nil {
		return 0, err
	}
	w.rest = append(w.rest[:0:0], b[end:]...)
	return n, nil
}

// whole is the length of b without a sign that is cut off at its end.
func whole(b []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		if at := len(b) - back; utf8.RuneStart(b[at]) {
			if !utf8.FullRune(b[at:]) {
				return at
			}
			break
		}
	}
	return len(b)
}

// UntilClosed is a pipe that may be closed while there is more to say: from
// then on what is written is dropped, and no error.
func UntilClosed(to io.Writer) io.Writer { return &untilClosed{to: to} }

type untilClosed struct {
	to     io.Writer
	closed bool
}

func (w *untilClosed) Write(b []byte) (int, error) {
	if w.closed {
		return len(b), nil
	}
	n, err := w.to.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		w.closed = true
		return len(b), nil
	}
	return n, err
}
