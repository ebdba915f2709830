package mlflow

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tbexport/convert"
	"tbexport/convert/plan"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// String shows a point to people.
func (p point) String() string {
	return fmt.Sprintf("step %d, %s, value %v", p.step, clock(p.time), p.value)
}

// clock shows milliseconds since 1970 to people.
func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

// endClock shows the end of a run to people; 0: it has none.
func endClock(ms int64) string {
	if ms == 0 {
		return ""
	}
	return clock(ms)
}

// pointsOf are the points of a series in the logs.
type pointsOf func(context.Context, *plan.Series, convert.ReadOptions) iter.Seq2[*plan.Chunk, error]

// readSeries reads the points of one series once more, sorted.
func (m *migration) readSeries(ctx context.Context, s *plan.Series, read pointsOf) ([]point, error) {
	points := make([]point, 0, s.Points)
	for chunk, err := range read(ctx, s, m.readOptions()) {
		if err != nil {
			return nil, err
		}
		points = appendPoints(points, chunk)
	}
	return distinct(points), nil
}

// minus are the points that are not among others, which are sorted.
func minus(points, others []point) (left []point) {
	for _, p := range points {
		if _, found := slices.BinarySearchFunc(others, p, point.compare); !found {
			left = append(left, p)
		}
	}
	return left
}

// comparePoints compares two sets of points; expected is sorted.
func comparePoints(expected, got []point) (d Difference) {
	stored := len(got)
	got = distinct(got)
	if twice := stored - len(got); twice > 0 {
		d.NotHere, d.Got = int64(twice), fmt.Sprintf("%d points twice", twice)
	}
	first := func(e, g string) {
		if d.Expected == "" && d.Got == "" {
			d.Expected, d.Got = e, g
		}
	}
	i, j := 0, 0
	for i < len(expected) || j < len(got) {
		switch order := compareHeads(expected[i:], got[j:]); {
		case order < 0:
			first(expected[i].String(), "")
			d.NotThere++
			i++
		case order > 0:
			first("", got[j].String())
			d.NotHere++
			j++
		default:
			i++
			j++
		}
	}
	return d
}

// compareHeads compares the first points, of which one side may be at its end.
func compareHeads(a, b []point) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return a[0].compare(b[0])
}
