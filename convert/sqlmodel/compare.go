package sqlmodel

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"tbexport/convert/plan"
)

// point is a row of the table point, without its metric.
type point struct {
	seq, step       int64
	wallTime, value float64
}

func (p point) same(o point) bool {
	return p.seq == o.seq && p.step == o.step && same(p.wallTime, o.wallTime) && same(p.value, o.value)
}

func (p point) String() string {
	return fmt.Sprintf("point %d: step %d, %v at %v", p.seq, p.step, p.value, p.wallTime)
}

// content gives equal values for points that are equal but for their places.
func (p point) content() content {
	return content{p.step, bitsOf(p.wallTime), bitsOf(p.value)}
}

// content is a point without its place: its step, and the bits of its numbers.
type content struct {
	step            int64
	wallTime, value uint64
}

// bitsOf are those of a number: the same for every NaN, and for 0 and -0.
func bitsOf(x float64) uint64 {
	if x != x {
		x = math.NaN()
	}
	return math.Float64bits(x + 0)
}

// same takes one NaN for another, and -0 for 0, which SQLite keeps as 0.
func same(a, b float64) bool { return a == b || a != a && b != b }

// comparison compares the points of one metric after another.
type comparison struct {
	*verifier
	series     *plan.Series  // nil: none yet
	there      *storedMetric // nil: it is not there
	sums       sums
	next       func() (point, error, bool)
	stopNext   func()
	seq        int64
	other      bool // a place differs
	difference plan.Difference
	// unmatched is how often the logs have a point more than the database, of points
	// that did not stand in the same place: a point too few moves all behind it.
	unmatched map[content]int64
}

// mostUnmatched is how many unmatched points are held. Where there are more, what
// was counted up to then stays, and a point that moved may count as two.
const mostUnmatched = 1 << 17

func (c *comparison) begin(ctx context.Context, s *plan.Series, there *storedMetric) {
	c.series, c.there, c.seq, c.sums = s, there, 0, sums{}
	c.difference, c.other = plan.Difference{What: "metric", Key: s.Key}, false
	c.unmatched = make(map[content]int64)
	points := func(func(point, error) bool) {}
	if there != nil {
		points = storedPoints(ctx, c.tx, there.id)
	}
	c.next, c.stopNext = iter.Pull2(points)
}

// storedPoints are the points of a metric by seq. NULL is NaN.
func storedPoints(ctx context.Context, tx Tx, metric int64) func(func(point, error) bool) {
	return func(yield func(point, error) bool) {
		err := tx.Query(ctx, func(scan func(...any) error) error {
			var p point
			var wall, value *float64
			if err := scan(&p.seq, &p.step, &wall, &value); err != nil {
				return err
			}
			p.wallTime, p.value = number(wall), number(value)
			if !yield(p, nil) {
				return errEnough
			}
			return nil
		}, "SELECT seq, step, wall_time, value FROM point WHERE metric_id = $1 ORDER BY seq", metric)
		if err != nil && !errors.Is(err, errEnough) {
			yield(point{}, err)
		}
	}
}

func number(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

func (c *comparison) add(chunk *plan.Chunk) error {
	c.sums.add(chunk.Steps, chunk.Values)
	for i, step := range chunk.Steps {
		want := point{c.seq, step, chunk.WallTimes[i], chunk.Values[i]}
		c.seq++
		got, err, ok := c.next()
		if err != nil {
			return err
		}
		if !ok {
			c.note(&want, nil)
		} else if !got.same(want) {
			c.note(&want, &got)
		}
		if ok {
			c.result.Rows++
			c.result.Points++
		}
	}
	return nil
}

// note keeps what one place of the logs and of the database have; nil: nothing.
func (c *comparison) note(want, got *point) {
	if want != nil {
		c.unmatch(want, 1)
	}
	if got != nil {
		c.unmatch(got, -1)
	}
	if !c.other {
		c.difference.Expected, c.difference.Got = textOf(want), textOf(got)
	}
	c.other = true
	if len(c.unmatched) > mostUnmatched {
		c.count()
	}
}

func (c *comparison) unmatch(p *point, n int64) {
	at := p.content()
	if c.unmatched[at] += n; c.unmatched[at] == 0 {
		delete(c.unmatched, at)
	}
}

func textOf(p *point) string {
	if p == nil {
		return ""
	}
	return p.String()
}

// count adds the unmatched points to the difference.
func (c *comparison) count() {
	for _, n := range c.unmatched {
		c.difference.NotThere += max(n, 0)
		c.difference.NotHere += max(-n, 0)
	}
	clear(c.unmatched)
}

// end passes over the points that only the database has.
func (c *comparison) end() error {
	if c.series == nil {
		return nil
	}
	for {
		got, err, ok := c.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		c.note(nil, &got)
	}
	c.stop()
	if c.other {
		c.report()
	} else if want := c.sums.row(c.tx.Number); c.there != nil && shown(want) != shown(c.there.sums) {
		c.differs("metric", c.series.Key, sumText(want), sumText(c.there.sums))
	}
	return nil
}

// report gives the difference of the metric. Where points are missing only, or there
// only, the first place that differs shows one of them.
func (c *comparison) report() {
	c.count()
	d := c.difference
	switch {
	case d.NotThere > 0 && d.NotHere == 0:
		d.Got = ""
	case d.NotHere > 0 && d.NotThere == 0:
		d.Expected = ""
	}
	c.result.Differences = append(c.result.Differences, d)
}

func (c *comparison) stop() {
	if c.stopNext != nil {
		c.stopNext()
	}
}
