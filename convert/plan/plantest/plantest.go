// Package plantest makes plans for the tests of destinations, and gives what
// these are held against.
package plantest

import (
	"context"
	"path/filepath"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
)

// Runs are the runs of a logdir.
func Runs(t testing.TB, logdir string) []eventfile.Run {
	t.Helper()
	runs, _, err := dirstore.New(dirstore.Logdir{Path: filepath.FromSlash(logdir)}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// Plan plans runs for a destination.
func Plan(t testing.TB, runs []eventfile.Run, r plan.Rules, o plan.Options) *plan.Plan {
	t.Helper()
	planner := plan.NewPlanner(r, o)
	if _, err := convert.Export(context.Background(), runs, planner,
		convert.Options{Forms: plan.Forms(r, o)}); err != nil {
		t.Fatal(err)
	}
	return planner.Plan()
}

// Written fails unless writing gave every run the outcome.
func Written(t testing.TB, result *plan.Result, err error, want plan.Outcome) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range result.Runs {
		if r.Outcome != want || r.Err != nil {
			t.Errorf("%s: %s, %v; want %s", r.Run.Path, r.Outcome, r.Err, want)
		}
	}
}

// Verified fails unless every run was compared with all points of the plan, and
// nothing differs.
func Verified(t testing.TB, p *plan.Plan, result *plan.Result, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	points := int64(0)
	for _, r := range result.Runs {
		if r.Outcome != plan.Verified || r.Err != nil || len(r.Differences) > 0 {
			t.Errorf("%s: %s, %v, %v", r.Run.Path, r.Outcome, r.Err, r.Differences)
		}
		points += r.Points
	}
	if points != p.Totals().Points {
		t.Errorf("%d points compared, want %d", points, p.Totals().Points)
	}
}

// Point is a point.
type Point struct {
	Step            int64
	WallTime, Value float64
}

// Points gives the points of each run by tag, as the reader gives them: without
// a plan.
func Points(t testing.TB, runs []eventfile.Run) map[string]map[string][]Point {
	t.Helper()
	all := make(map[string]map[string][]Point)
	_, err := convert.Each(t.Context(), runs, convert.Options{}, func(_ context.Context, in *convert.Input) error {
		tags := make(map[string][]Point)
		all[in.Run.Name] = tags
		for c, err := range in.Series() {
			if err != nil {
				return err
			}
			for i, step := range c.Steps {
				tags[c.Tag] = append(tags[c.Tag], Point{step, c.WallTimes[i], c.Values[i]})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
