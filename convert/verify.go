package convert

import (
	"context"

	"tbexport/eventfile"
)

// Verify reads every record and event of the runs and keeps no point. It
// fails only with ctx's error.
func Verify(ctx context.Context, runs []eventfile.Run, o Options) (*Report, error) {
	report := new(Report)
	o.Read.Tags = func(string) bool { return false }
	err := transfer(ctx, runs, o, report, func(context.Context, string, *eventfile.RunReader) error { return nil })
	return report, err
}
