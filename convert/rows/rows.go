package rows

import (
	"context"
	"errors"
	"iter"
	"math"

	"tbexport/convert"
	"tbexport/convert/plan"
)

// Row is what series of a run have at one step.
type Row struct {
	Step int64
	// Nth is how many rows of that step come before.
	Nth int64
	// Points are at most one of a series, in the order of plan.Points.
	Points []Point
	// Media are at most one value of each, in the order in which they were added.
	Media []Medium
}

// Point is a point of a row.
type Point struct {
	Series   *plan.Series
	WallTime float64 // seconds since 1970; any float64
	Value    float64
}

// Medium is a value that is no point.
type Medium struct {
	Media    *plan.Media
	WallTime float64 // seconds since 1970; any float64
	// At is where the one who added it finds it.
	At int64
}

// Time is the earliest wall time of the row that is finite; NaN: none is.
func (r *Row) Time() float64 {
	earliest := math.NaN()
	add := func(t float64) {
		if !math.IsInf(t, 0) && !(t >= earliest) && t == t {
			earliest = t
		}
	}
	for i := range r.Points {
		add(r.Points[i].WallTime)
	}
	for i := range r.Media {
		add(r.Media[i].WallTime)
	}
	return earliest
}

// Adder adds a value of media to the row of its step; at is at most 2^53.
// Values of one tag come together.
type Adder func(m *plan.Media, step int64, wallTime float64, at int64) error

// Of gives the points of a run by rows: by step, and where a series has several
// points at a step, its first in the first row of the step, and so on. Of more
// than 65,536 points at one step the others get rows of their own. Points are
// read again as by plan.Points. media adds values of media, and is called before
// the first row is given; nil: there are none. A row is valid until the next. An
// error comes with a nil row, and is the last that is yielded.
func Of(ctx context.Context, p *plan.Plan, r *plan.Run, read convert.ReadOptions,
	media func(Adder) error) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		s := &sorter{limit: defaultLimit, dir: read.TempDir}
		s.points = make([]point, 0, min(int64(s.limit), r.Points()))
		g := group{yield: func(row *Row) bool { return yield(row, nil) }}
		err := s.series(ctx, p, r, read, &g)
		if err == nil && media != nil {
			err = s.media(media, &g)
		}
		if err == nil {
			err = s.rows(ctx, &g)
		}
		if closeErr := s.close(); err == nil {
			err = closeErr
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// errEnough ends a reading whose rows are not wanted any more.
var errEnough = errors.New("enough")

// series reads the points.
func (s *sorter) series(ctx context.Context, p *plan.Plan, r *plan.Run, read convert.ReadOptions, g *group) error {
	for c, err := range p.Points(ctx, r, read) {
		if err != nil {
			return err
		}
		if n := len(g.series); n == 0 || g.series[n-1] != c.Series {
			g.series = append(g.series, c.Series)
		}
		index := int32(len(g.series) - 1)
		for i, step := range c.Steps {
			if err := s.add(point{step, c.WallTimes[i], c.Values[i], index}); err != nil {
				return err
			}
		}
	}
	return nil
}

// media takes the values of media, each as a point whose value is its place.
func (s *sorter) media(from func(Adder) error, g *group) error {
	return from(func(m *plan.Media, step int64, wallTime float64, at int64) error {
		if n := len(g.media); n == 0 || g.media[n-1] != m {
			g.media = append(g.media, m)
		}
		return s.add(point{step, wallTime, float64(at), int32(len(g.series) + len(g.media) - 1)})
	})
}

// rows gives the rows of all that was added.
func (s *sorter) rows(ctx context.Context, g *group) error {
	points := 0
	err := s.each(func(p *point) error {
		if points++; points%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return g.add(p)
	})
	if err == nil {
		err = g.flush()
	}
	return err
}

// group is the points of one step.
type group struct {
	series []*plan.Series
	media  []*plan.Media // by index, after the series
	yield  func(*Row) bool

	step   int64
	nth    int64   // of the next row
	points []point // by series
	row    Row
	heads  [][]point // of each series what has no row yet
}

// mostOfAStep is how many points of one step are held.
const mostOfAStep = 1 << 16

// add takes the next point by step.
func (g *group) add(p *point) error {
	if len(g.points) > 0 && (p.step != g.step || len(g.points) == mostOfAStep) {
		if err := g.flush(); err != nil {
			return err
		}
	}
	if p.step != g.step {
		g.step, g.nth = p.step, 0
	}
	g.points = append(g.points, *p)
	return nil
}

// flush gives the rows of the points.
func (g *group) flush() error {
	g.heads = g.heads[:0]
	for i := range g.points {
		if i == 0 || g.points[i].series != g.points[i-1].series {
			g.heads = append(g.heads, g.points[i:i+1])
			continue
		}
		last := &g.heads[len(g.heads)-1]
		*last = (*last)[:len(*last)+1]
	}
	for len(g.heads) > 0 {
		g.row.Step, g.row.Nth, g.row.Points, g.row.Media = g.step, g.nth, g.row.Points[:0], g.row.Media[:0]
		rest := g.heads[:0]
		for _, h := range g.heads {
			if i := int(h[0].series); i < len(g.series) {
				g.row.Points = append(g.row.Points, Point{g.series[i], h[0].wall, h[0].value})
			} else {
				g.row.Media = append(g.row.Media, Medium{g.media[i-len(g.series)], h[0].wall, int64(h[0].value)})
			}
			if len(h) > 1 {
				rest = append(rest, h[1:])
			}
		}
		g.heads = rest
		g.nth++
		if !g.yield(&g.row) {
			return errEnough
		}
	}
	g.points = g.points[:0]
	return nil
}
