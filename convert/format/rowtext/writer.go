package rowtext

import (
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"
)

// pieceRows is how many rows a goroutine formats at a time: about half a megabyte of text, small beside a core's
// second-level cache and large beside a system call.
const pieceRows = 4096

// mostKept is how large a buffer may be, in bytes, that serves the next piece in any case.
const mostKept = 16 << 20

// A rowsAppender appends the text of the rows in [from, to) to dst and returns it.
type rowsAppender func(dst []byte, from, to int) []byte

// A writer formats rows with several goroutines and writes them in order.
type writer struct {
	w       io.Writer
	workers []worker
	huge    weak.Pointer[[]byte] // a buffer that is large for the rows of a piece, unless its memory is wanted
	err     error
}

// A worker formats every len(workers)-th piece. Two buffers travel between it and the writing goroutine.
type worker struct {
	full chan []byte // formatted pieces, in order
	free chan []byte // buffers to format into
}

// newWriter returns a writer to w. workers is the number of formatting goroutines, GOMAXPROCS if it is not positive.
func newWriter(w io.Writer, workers int) *writer {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	t := &writer{w: w, workers: make([]worker, workers)}
	for i := range t.workers {
		t.workers[i] = worker{full: make(chan []byte, 1), free: make(chan []byte, 2)}
		t.workers[i].free <- nil
		t.workers[i].free <- nil
	}
	return t
}

// writeText writes text that belongs to no row, such as a header.
func (t *writer) writeText(text []byte) error {
	if t.err == nil && len(text) > 0 {
		t.write(text)
	}
	return t.err
}

// writeRows writes the rows 0 to rows-1. It calls appendRows from several goroutines at once, which have all ended when
// it returns. The first error of the io.Writer stays: later calls return it and write nothing.
func (t *writer) writeRows(rows int, appendRows rowsAppender) error {
	if t.err != nil {
		return t.err
	}
	var (
		pieces  = (rows + pieceRows - 1) / pieceRows
		running = min(len(t.workers), pieces)
		failed  atomic.Bool
		group   sync.WaitGroup
	)
	for first := range running {
		group.Go(func() {
			for piece := first; piece < pieces; piece += running {
				text := <-t.workers[first].free
				if piece == 0 { // before any has been written
					if huge := t.huge.Value(); huge != nil {
						text = *huge
					}
				}
				if from := piece * pieceRows; !failed.Load() {
					text = appendRows(text, from, min(from+pieceRows, rows))
				}
				t.workers[first].full <- text
			}
		})
	}
	for piece := range pieces {
		w := t.workers[piece%running]
		text := <-w.full
		if t.err == nil {
			t.write(text)
			failed.Store(t.err != nil)
		}
		if cap(text) > mostKept {
			huge := text[:0]
			text, t.huge = nil, weak.Make(&huge)
		}
		w.free <- text[:0]
	}
	group.Wait()
	return t.err
}

// write keeps the first error. A writer that takes less than it was given without a reason is an error too.
func (t *writer) write(text []byte) {
	n, err := t.w.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	t.err = err
}
