package rowtext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"
)

func numbers(dst []byte, from, to int) []byte {
	for i := from; i < to; i++ {
		dst = fmt.Appendln(dst, i)
	}
	return dst
}

func TestWriteRowsKeepsOrder(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 3, 8} {
		for _, rows := range []int{0, 1, pieceRows - 1, pieceRows, pieceRows + 1, 5*pieceRows + 17} {
			var out bytes.Buffer
			w := newWriter(&out, workers)
			var want []byte
			for range 2 {
				if err := w.writeRows(rows, numbers); err != nil {
					t.Fatal(err)
				}
				want = numbers(want, 0, rows)
			}
			if !bytes.Equal(out.Bytes(), want) {
				t.Errorf("%d workers, %d rows: wrong text", workers, rows)
			}
		}
	}
}

// A limitedWriter takes n bytes and then fails, or takes less than it is given without saying why.
type limitedWriter struct {
	n     int
	quiet bool
}

var errFull = errors.New("no space left on device")

func (l *limitedWriter) Write(p []byte) (int, error) {
	if len(p) <= l.n {
		l.n -= len(p)
		return len(p), nil
	}
	n := l.n
	l.n = 0
	if l.quiet {
		return n, nil
	}
	return n, errFull
}

func TestWriteErrors(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, quiet := range []bool{false, true} {
		want := errFull
		if quiet {
			want = io.ErrShortWrite
		}
		w := newWriter(&limitedWriter{n: 100_000, quiet: quiet}, 3)
		if err := w.writeRows(20*pieceRows, numbers); !errors.Is(err, want) {
			t.Errorf("writeRows: %v, want %v", err, want)
		}
		if err := w.writeRows(1, numbers); !errors.Is(err, want) {
			t.Errorf("second writeRows: %v, want %v", err, want)
		}
		if err := w.writeText([]byte("x")); !errors.Is(err, want) {
			t.Errorf("writeText: %v, want %v", err, want)
		}
	}
	for range 100 { // goroutines that have done their last need a moment to be gone
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines left", runtime.NumGoroutine()-before)
}
