package convert

import (
	"context"
	"io"

	"tbexport/eventfile"
)

// Outline reads the runs and tells of each what it holds, without its points.
// Runs that go back are read a second time, to count the points that the
// restart modes take out. It fails only with ctx's error and where the
// temporary file of a very long run does.
func Outline(ctx context.Context, runs []eventfile.Run, o Options) (*Report, error) {
	report := new(Report)
	o.Read.Outline = true
	nothing := func(context.Context, string, *eventfile.RunReader) error { return nil }
	if err := transfer(ctx, runs, o, report, nothing); err != nil {
		return report, err
	}
	var back []eventfile.Run
	var stats []*eventfile.RunStats
	for i, s := range report.Runs {
		if s.Outline.GoesBack {
			back, stats = append(back, runs[i]), append(stats, s)
		}
	}
	o.Read.Outline = false
	counted := new(Report)
	if err := transfer(ctx, back, o, counted, drainPoints); err != nil {
		return report, err
	}
	for i, s := range counted.Runs {
		stats[i].SupersededByStep, stats[i].SupersededBySession = s.SupersededByStep, s.SupersededBySession
	}
	return report, nil
}

// drainPoints reads a run's points to their end, which completes its stats.
func drainPoints(_ context.Context, _ string, points *eventfile.RunReader) error {
	for {
		if _, err := points.Next(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}
