// Command bench measures tbexport beside a limit program and the Python tools
// that people use today:
//
//	go run ./cmd/bench [--quick] [NAME...]
//
// It makes its logdirs by itself, the same on every machine, and builds
// tbexport; it installs the peers from PyPI into a virtual environment; and it
// runs the two programs of each comparison in turn, several times, in one
// session, so that what else the machine does meets both. What it prints is
// Markdown. Logdirs, environment and outputs stay in a cache folder: about 7 GB,
// or 0.3 GB with --quick.
//
// Files are read from the page cache: they have been read once before. Every
// time is that of a whole process, from its start, unless the table says
// otherwise. On a machine that has other work, believe the processor times.
//
// Three parts of it are programs of their own, which the comparisons start:
//
//	bench limit LOGDIR      read the event files, compute both CRCs of each record
//	bench copy LOGDIR FILE  do that, and write the bytes to a file
//	bench nowhere LOGDIR    read the runs as tbexport does, count the points
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := dispatch(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "limit":
			return limit(args[1:])
		case "copy":
			return copyTo(args[1:])
		case "nowhere":
			return nowhere(ctx, args[1:])
		}
	}
	return bench(ctx, args)
}

// bench runs the comparisons that args name.
func bench(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	quick := flags.Bool("quick", false, "small logdirs: does it work, and roughly how fast")
	rounds := flags.Int("rounds", 5, "run each pair `N` times; pairs that take minutes, three times")
	dir := flags.String("dir", "", "`DIR` for logdirs, peers and outputs (default: tbexport-bench in the user's cache)")
	program := flags.String("tbexport", "", "measure this `PROGRAM` instead of building the checkout's")
	list := flags.Bool("list", false, "list the names and stop")
	prepare := flags.Bool("prepare", false, "make logdirs and programs and stop")
	flags.Usage = func() {
		fmt.Fprintf(os.Stderr, "go run ./cmd/bench [flags] [NAME...]\n\nWithout names, everything is measured.\n\n%s",
			flags.FlagUsages())
	}
	if err := flags.Parse(args); err == pflag.ErrHelp {
		return nil
	} else if err != nil {
		return err
	}
	w, err := newWorkshop(*dir, *program)
	if err != nil {
		return err
	}
	plan, err := newPlan(newLogdirs(*quick), w, flags.Args())
	if err != nil {
		return err
	}
	if *list {
		fmt.Println(strings.Join(plan.names(), "\n"))
		return nil
	}
	if *prepare {
		return plan.prepare(ctx)
	}
	// In a process of its own: what a program has in use at most is at least
	// what the one that starts it has had, on Linux, so this one stays small.
	if err := loud(exec.CommandContext(ctx, w.self, append([]string{"--prepare"}, args...)...)); err != nil {
		return err
	}
	printMachine(os.Stdout, os.Args[1:])
	return plan.run(ctx, os.Stdout, *rounds)
}
