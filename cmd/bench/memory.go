package main

import (
	"context"
	"fmt"
	"io"
)

// checkMemory prints the table of the memory checks, each the worst of three
// exports.
func checkMemory(ctx context.Context, out io.Writer, w *workshop, checks []memoryCheck) error {
	fmt.Fprintln(out, "| name | to Parquet | seconds | peak | at most | met |")
	fmt.Fprintln(out, "| --- | --- | ---: | ---: | ---: | --- |")
	for _, m := range checks {
		var all []outcome
		for range 3 {
			o, err := w.parquet(m.logdir).run(ctx)
			if err != nil {
				return err
			}
			all = append(all, o)
		}
		o, met := summarize(all), "yes"
		if o.peak > m.limit<<20 {
			met = "**no**"
		}
		fmt.Fprintf(out, "| %s | %s | %.3f s | %s | %d MiB | %s |\n", m.name, m.logdir, o.seconds, mebibytes(o.peak),
			m.limit, met)
	}
	fmt.Fprintln(out)
	return nil
}
