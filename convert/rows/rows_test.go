package rows

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/sinktest"
)

// sorted gives the rows of points by a sorter that holds few.
func sorted(t *testing.T, limit int, points []point) (rows []Row) {
	t.Helper()
	s := &sorter{limit: limit}
	most := int32(0)
	for _, p := range points {
		most = max(most, p.series)
		if err := s.add(p); err != nil {
			t.Fatal(err)
		}
	}
	g := group{yield: func(r *Row) bool {
		rows = append(rows, Row{Step: r.Step, Nth: r.Nth, Points: slices.Clone(r.Points)})
		return true
	}}
	for i := range most + 1 {
		g.series = append(g.series, &plan.Series{Key: fmt.Sprint(i)})
	}
	if err := s.each(g.add); err != nil {
		t.Fatal(err)
	}
	if err := g.flush(); err != nil {
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// plain is what rows are, done without thrift.
func plain(points []point) (lines []string) {
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.series, b.series)) })
	for len(points) > 0 {
		step, line := points[0].step, ""
		var rest []point
		last := int32(-1)
		for _, p := range points {
			if p.step == step && p.series != last {
				line += fmt.Sprintf(" %d:%v@%v", p.series, p.value, p.wall)
				last = p.series
			} else {
				rest = append(rest, p)
			}
		}
		lines = append(lines, fmt.Sprint(step)+line)
		points = rest
	}
	return lines
}

func lines(rows []Row) (lines []string) {
	for _, r := range rows {
		line := fmt.Sprint(r.Step)
		for _, p := range r.Points {
			line += fmt.Sprintf(" %s:%v@%v", p.Series.Key, p.Value, p.WallTime)
		}
		lines = append(lines, line)
	}
	return lines
}

// FuzzSorter: whatever the steps, and however few points are held, the rows are
// those of the plain way.
func FuzzSorter(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(3), uint8(4))
	f.Add(uint64(2), uint8(200), uint8(1), uint8(1))
	f.Add(uint64(3), uint8(255), uint8(7), uint8(50))
	f.Fuzz(func(t *testing.T, seed uint64, n, series, limit uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		var points []point
		for s := range int32(series) {
			step := int64(r.IntN(5)) - 2
			for range r.IntN(int(n) + 1) {
				if step++; r.IntN(4) == 0 {
					step -= int64(r.IntN(6))
				}
				points = append(points, point{step, r.Float64(), r.Float64(), s})
			}
		}
		got, want := lines(sorted(t, int(limit)+1, points)), plain(points)
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// Steps at the ends of what there is, and many points of one.
func TestOddSteps(t *testing.T) {
	points := []point{{math.MaxInt64, 1, 1, 0}, {math.MinInt64, 1, 2, 0}, {0, 1, 3, 1}}
	if got := lines(sorted(t, 2, points)); !slices.Equal(got, plain(points)) {
		t.Errorf("got %q", got)
	}
	points = points[:0]
	for i := range mostOfAStep + 10 {
		points = append(points, point{7, 1, float64(i), 0})
	}
	points = append(points, point{7, 1, -1, 1}, point{8, 1, -2, 1})
	all := sorted(t, 1000, points)
	last := int64(-1)
	seen := 0
	for _, r := range all[:len(all)-1] {
		if r.Step != 7 || r.Nth != last+1 {
			t.Fatalf("row %d of step %d after %d", r.Nth, r.Step, last)
		}
		last = r.Nth
		seen += len(r.Points)
	}
	if seen != mostOfAStep+11 || all[len(all)-1].Step != 8 || all[len(all)-1].Nth != 0 {
		t.Errorf("%d points", seen)
	}
}

// Of gives all that the plan counts, for any run.
func TestOf(t *testing.T) {
	p := plantest.Plan(t, sinktest.Logdir(t), plan.Rules{NewTally: NewTally}, plan.Options{})
	rows, points := 0, int64(0)
	for _, r := range p.Runs {
		before := Row{Step: math.MinInt64, Nth: -1}
		for row, err := range Of(t.Context(), p, r, convert.ReadOptions{}, nil) {
			if err != nil {
				t.Fatal(err)
			}
			if row.Step < before.Step || row.Step == before.Step && row.Nth != before.Nth+1 || row.Step > before.Step && row.Nth != 0 {
				t.Errorf("%s: row %d of step %d after row %d of step %d", r.Path, row.Nth, row.Step, before.Nth, before.Step)
			}
			before.Step, before.Nth = row.Step, row.Nth
			rows++
			points += int64(len(row.Points))
		}
	}
	if points != p.Totals().Points || rows == 0 {
		t.Errorf("%d points in %d rows, want %d", points, rows, p.Totals().Points)
	}
}

func TestAscending(t *testing.T) {
	for name, c := range map[string]struct {
		series [][]int64
		want   bool
	}{
		"grow": {[][]int64{{0, 1, 5}, {3}}, true}, "repeat": {[][]int64{{0, 1}, {2, 2}}, false}, "go back": {[][]int64{{0, 5, 3}}, false},
		"negative": {[][]int64{{-1, 0}}, false}, "too large": {[][]int64{{1, 1<<53 + 1}}, false}, "none": {nil, true},
	} {
		r := new(plan.Run)
		for _, steps := range c.series {
			tally := NewTally()
			tally.Add(steps, make([]float64, len(steps)), make([]float64, len(steps)))
			r.Series = append(r.Series, &plan.Series{Tally: tally})
		}
		if got := Ascending(r); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The time of a row is its earliest that is a time.
func TestTime(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		times []float64
		want  string
	}{{[]float64{3, 2, 4}, "2"}, {[]float64{nan, 5}, "5"}, {[]float64{inf, -inf, 7}, "7"}, {[]float64{nan, inf}, "NaN"}, {nil, "NaN"}} {
		var r Row
		for _, x := range c.times {
			r.Points = append(r.Points, Point{WallTime: x})
		}
		if got := fmt.Sprint(r.Time()); got != c.want {
			t.Errorf("%v: %s", c.times, got)
		}
	}
}

// Compare finds what is missing, other and too much.
func TestCompare(t *testing.T) {
	a, b := &plan.Series{Key: "a"}, &plan.Series{Key: "b"}
	logs := []Row{
		{Step: 1, Points: []Point{{a, 1, 0.5}, {b, 1, math.NaN()}}},
		{Step: 2, Points: []Point{{a, 2, 0.25}}},
		{Step: 2, Nth: 1, Points: []Point{{a, 3, 0.75}}},
	}
	good := []Stored{
		{Step: 1, Time: "1", Values: []Value{{"b", math.NaN()}, {"a", 0.5}}}, {Step: 2, Time: "2", Values: []Value{{"a", 0.25}}}, {Step: 2, Time: "3", Values: []Value{{"a", 0.75}}},
	}
	change := func(f func(s []Stored) []Stored) []Stored {
		s := slices.Clone(good)
		for i := range s {
			s[i].Values = slices.Clone(s[i].Values)
		}
		return f(s)
	}
	for want, stored := range map[string][]Stored{
		"[]": good,
		`[metric "a": 1 of the logs is missing, 1 is there only: in the logs step 2, value 0.25]`: change(func(s []Stored) []Stored { s[1].Values[0].Value = 9; return s }),
		`[metric "a": 1 of the logs is missing: in the logs step 2, value 0.75]`:                  change(func(s []Stored) []Stored { return s[:2] }),
		`[metric "a": 1 is there only: only there step 0, value 1]`: change(func(s []Stored) []Stored {
			return append([]Stored{{Step: 0, Time: "0", Values: []Value{{"a", 1}}}}, s...)
		}),
		`[metric "c": 1 is there only: only there step 3, value 1]`: change(func(s []Stored) []Stored {
			return append(s, Stored{Step: 3, Time: "0", Values: []Value{{"c", 1}}})
		}),
		`[time: 1 of the logs is missing, 1 is there only: in the logs step 1 at 1, there step 1 at 9]`: change(func(s []Stored) []Stored { s[0].Time = "9"; return s }),
	} {
		got, err := Compare(each(logs), each(stored), Form{Time: func(r *Row) string { return fmt.Sprint(r.Time()) }})
		if err != nil || fmt.Sprint(got.Differences) != want {
			t.Errorf("got  %v, %v\nwant %s", got, err, want)
		}
	}
}

func each[T any](all []T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range all {
			if !yield(&all[i], nil) {
				return
			}
		}
	}
}
