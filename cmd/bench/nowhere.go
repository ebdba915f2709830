package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/eventfile"
)

// nowhere reads the runs of logdirs as every export does, and counts the
// points.
func nowhere(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("nowhere", pflag.ContinueOnError)
	profile := flags.String("cpuprofile", "", "write a CPU profile to `FILE`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var dirs []eventfile.Logdir
	for _, arg := range flags.Args() {
		dirs = append(dirs, eventfile.ParseLogdir(arg))
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	runs, _, err := eventfile.Find(dirs...)
	if err != nil {
		return err
	}
	var sink countingSink
	if _, err := convert.Export(ctx, runs, &sink, convert.Options{}); err != nil {
		return err
	}
	fmt.Println(sink.points, "points")
	return nil
}

// A countingSink takes points and keeps their number.
type countingSink struct{ points int }

// WriteRun counts the points of a run.
func (s *countingSink) WriteRun(_ context.Context, _ string, points *eventfile.RunReader) error {
	for {
		chunk, err := points.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		s.points += len(chunk.Steps)
	}
}

// Commit has nothing to do.
func (s *countingSink) Commit() error { return nil }

// Abort has nothing to do.
func (s *countingSink) Abort() error { return nil }
