// Command tbexport exports TensorBoard event files. Run it with --help.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

func main() {
	// A reader that has seen enough, as in "| head", must not kill the program:
	// it ends by itself, and quietly.
	signal.Ignore(syscall.SIGPIPE)
	// Nearly all memory is buffers without pointers: looking through it three times
	// as often costs next to nothing, and keeps the peak lower.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(30)
	}
	// Memory that is never written to takes none. It counts as used, though, so that
	// the first 9 MiB are not looked through.
	unused := make([]byte, 32<<20)
	ctx, stop := signal.NotifyContext(context.Background(), ends()...)
	status := run(ctx, os.Args[1:], console{out: os.Stdout, err: os.Stderr})
	stop()
	runtime.KeepAlive(unused)
	os.Exit(status)
}

// ends are the signals that end the program as Ctrl-C does, with all that it
// has begun taken back; those that it was started to ignore, as by nohup, stay
// ignored.
func ends() (all []os.Signal) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			all = append(all, s)
		}
	}
	return all
}
