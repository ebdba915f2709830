package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// widestPipe is what Linux lets every user have.
const widestPipe = 1 << 20

// widenPipe makes w, if it is a pipe, as large as it may be: writer and reader
// wait for each other less often. That it cannot be is no failure.
func widenPipe(w io.Writer) {
	if f, ok := w.(*os.File); ok {
		_, _ = unix.FcntlInt(f.Fd(), unix.F_SETPIPE_SZ, widestPipe)
	}
}
