package convert

import (
	"context"
	"io"
	"slices"

	"tbexport/eventfile"
)

// Tags reads the runs and returns the tags with at least one point that the
// options select, sorted.
func Tags(ctx context.Context, runs []eventfile.Run, o Options) ([]string, error) {
	seen := make(map[string]bool)
	err := transfer(ctx, runs, o, new(Report), func(_ context.Context, _ string, points *eventfile.RunReader) error {
		for {
			chunk, err := points.Next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			seen[chunk.Tag] = true
		}
	})
	tags := make([]string, 0, len(seen))
	for tag := range seen {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags, err
}
