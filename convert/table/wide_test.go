package table

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/eventfile"
)

// wide exports runs as the wide table and returns the path of its lines.
func wide(t *testing.T, runs []eventfile.Run, timestamp bool) string {
	t.Helper()
	from := Source{Runs: runs}
	table, err := Wide().New(t.Context(), from, Options{Scalars: ScalarsOptions{Timestamp: timestamp}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out")
	if _, err := convert.Export(t.Context(), runs, NewFileSink(table, create(t, path), openLines(nil)), from.Options); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWide(t *testing.T) {
	for _, c := range []struct {
		name string
		runs map[string][]point
		want string
	}{
		{"duplicates of a step become further rows", twoRuns(), `
run step wall_time acc loss
-
a 1 1000 0.25 0.5
a 1 1003 (null) 1.5
a 2 1002 (null) 0.75
-
b 7 1000 (null) 8
end
`},
		{"steps in order, of tags that differ in them", map[string][]point{
			"r": {{"x", 3, 1, 0}, {"x", -5, 2, 0}, {"y", 3, 3, 0}, {"y", 9, 4, 0}, {"z", 3, 5, 0}}}, `
run step wall_time x y z
-
r -5 1001 2 (null) (null)
r 3 1000 1 3 5
r 9 1003 (null) 4 (null)
end
`},
		{"three of a step, and two of another tag", map[string][]point{
			"r": {{"x", 1, 1, 0}, {"x", 1, 2, 0}, {"y", 1, 3, 0}, {"x", 1, 4, 0}, {"y", 1, 5, 0}}}, `
run step wall_time x y
-
r 1 1000 1 3
r 1 1001 2 5
r 1 1003 4 (null)
end
`},
		{"tags named like columns", map[string][]point{
			"r": {{"run", 1, 1, 0}, {"step", 1, 2, 0}, {"step (tag)", 1, 3, 0}, {"wall_time", 1, 4, 0}, {"x (tag)", 1, 5, 0}}}, `
run step wall_time run (tag) step (tag) step (tag) (tag) wall_time (tag) x (tag)
-
r 1 1000 1 2 3 4 5
end
`},
		{"the empty tag", map[string][]point{"r": {{"", 1, 1, 0}, {"x", 1, 2, 0}}}, `
run step wall_time  x
-
r 1 1000 1 2
end
`},
		{"wall times that are no times", map[string][]point{
			"r": {{"x", 1, 1, math.NaN()}, {"y", 1, 2, 5}, {"x", 2, 3, math.NaN()}, {"y", 2, 3, math.NaN()}, {"x", 3, 4, 7}, {"y", 3, 5, math.NaN()}, {"x", 4, 6, math.Inf(1)}}}, `
run step wall_time x y
-
r 1 5 1 2
r 2 NaN 3 3
r 3 7 4 5
r 4 +Inf 6 (null)
end
`},
		{"a value that is NaN is no null", map[string][]point{"r": {{"x", 1, float32(math.NaN()), 0}, {"y", 2, 1, 0}}}, `
run step wall_time x y
-
r 1 1000 NaN (null)
r 2 1001 (null) 1
end
`},
		{"no points", map[string][]point{"r": nil}, `
run step wall_time
end
`},
	} {
		t.Run(c.name, func(t *testing.T) { sameText(t, wide(t, logdir(t, c.runs), false), c.want) })
	}
}

func TestWideTimestamp(t *testing.T) {
	runs := logdir(t, map[string][]point{"r": {{"x", 1, 1, 1.5}, {"x", 2, 2, math.NaN()}}})
	sameText(t, wide(t, runs, true), `
run step wall_time x
-
r 1 1970-01-01 00:00:01.5Z 1
r 2 (null) 2
end
`)
}

// TestWideRecords bounds the cells of a record, with no row cut in two.
func TestWideRecords(t *testing.T) {
	const tags, steps = 300, 10
	var points []point
	for step := range steps {
		for tag := range tags {
			points = append(points, point{fmt.Sprintf("%03d", tag), int64(step), float32(step), 0})
		}
	}
	runs := logdir(t, map[string][]point{"r": points})
	table := &wideWriter{columns: wideCells/4 - 1} // four rows a record
	var cells []cell
	for step := range int64(10) {
		cells = append(cells, cell{step: step}, cell{step: step, column: 1}, cell{step: step, nth: 1})
	}
	var ends []int
	for rest := cells; len(rest) > 0; {
		n := table.recordEnd(rest)
		ends = append(ends, n)
		rest = rest[n:]
	}
	if fmt.Sprint(ends) != "[6 6 6 6 6]" {
		t.Errorf("records of %v cells", ends)
	}
	path := wide(t, runs, false)
	var want strings.Builder
	want.WriteString("run step wall_time ")
	for tag := range tags {
		fmt.Fprintf(&want, "%03d ", tag)
	}
	want.WriteString("\n-\n")
	for step := range steps {
		fmt.Fprintf(&want, "r %d %d ", step, 1000+step*tags)
		want.WriteString(strings.Repeat(fmt.Sprint(step)+" ", tags) + "\n")
	}
	want.WriteString("end\n")
	sameText(t, path, strings.ReplaceAll(want.String(), " \n", "\n"))
}

func TestWideFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Wide().New(ctx, Source{Runs: logdir(t, twoRuns())}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}

// TestWideName never gives two tags the same column.
func TestWideName(t *testing.T) {
	seen := make(map[string]string)
	for _, tag := range []string{"run", "step", "wall_time", "loss"} {
		for range 4 {
			name := wideName(tag)
			if other, ok := seen[name]; ok {
				t.Errorf("%q and %q are both named %q", tag, other, name)
			}
			seen[name] = tag
			tag += " (tag)"
		}
	}
	for _, fixed := range wideFixed() {
		if tag, ok := seen[fixed]; ok {
			t.Errorf("%q is named like a fixed column", tag)
		}
	}
}
