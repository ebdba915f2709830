package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
)

// nowhere reads the runs of logdirs as every export does, and counts the
// points.
func nowhere(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("nowhere", pflag.ContinueOnError)
	profile := flags.String("cpuprofile", "", "write a CPU profile to `FILE`")
	if err := flags.Parse(args); err != nil {
		return err
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
	runs, _, err := dirstore.New(dirstore.ParseLogdirs(flags.Args())...).Find(ctx)
	if err != nil {
		return err
	}
	points := 0
	_, err = convert.Each(ctx, runs, convert.Options{}, func(_ context.Context, in *convert.Input) error {
		for chunk, err := range in.Series() {
			if err != nil {
				return err
			}
			points += len(chunk.Steps)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Println(points, "points")
	return nil
}
