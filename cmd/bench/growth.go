package main

import (
	"context"
	"fmt"
	"io"
)

// A growth measures what an export costs as a logdir grows in one direction.
type growth struct {
	name, what string
	logdirs    []logdir // 1x, 2x, 4x and 8x
}

// Time may grow to maxGrowth times what it would be if it were proportional to
// the work; memory, between the second size and the last, to as much again.
// The smallest logdir does not fill what memory there is for one.
const maxGrowth = 1.15

// growths makes base grow in every direction.
func growths(base logdir) []growth {
	grow := func(name, what string, by func(l *logdir, factor int)) growth {
		g := growth{name: name, what: what}
		for _, factor := range []int{1, 2, 4, 8} {
			l := base
			by(&l, factor)
			g.logdirs = append(g.logdirs, l)
		}
		return g
	}
	return []growth{
		grow("growth-points", "points a series", func(l *logdir, n int) { l.steps *= n }),
		grow("growth-runs", "runs", func(l *logdir, n int) { l.runs *= n }),
		grow("growth-tags", "tags a run", func(l *logdir, n int) { l.tags *= n }),
	}
}

// measure exports all sizes in turn and prints a table.
func (g growth) measure(ctx context.Context, out io.Writer, w *workshop, rounds int) error {
	all := make([][]outcome, len(g.logdirs))
	ratios := make([][]float64, len(g.logdirs))    // of the times to the first's, divided by the factor
	processor := make([][]float64, len(g.logdirs)) // likewise
	for range rounds {
		var first outcome
		for i, l := range g.logdirs {
			o, err := w.parquet(l).run(ctx)
			if err != nil {
				return err
			}
			if i == 0 {
				first = o
			}
			factor := float64(int(1) << i)
			all[i] = append(all[i], o)
			ratios[i] = append(ratios[i], o.seconds/first.seconds/factor)
			processor[i] = append(processor[i], o.processor/first.processor/factor)
		}
	}
	fmt.Fprintf(out, "| %s: more %s | seconds | ns a point | against proportional: time | processor time | peak | "+
		"met |\n", g.name, g.what)
	fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | ---: | --- |")
	second := summarize(all[1]).peak
	for i, l := range g.logdirs {
		o, time, met := summarize(all[i]), median(ratios[i]), "yes"
		if time > maxGrowth || i > 1 && float64(o.peak) > maxGrowth*float64(second) {
			met = "**no**"
		}
		fmt.Fprintf(out, "| %dx: %s points | %.3f s | %.1f | %.2f | %.2f | %s | %s |\n", 1<<i, thousands(l.points()),
			o.seconds, o.seconds*1e9/float64(l.points()), time, median(processor[i]), mebibytes(o.peak), met)
	}
	fmt.Fprintln(out)
	return nil
}
