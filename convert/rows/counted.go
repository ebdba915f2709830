package rows

import (
	"iter"
	"math"

	"tbexport/convert/plan"
)

// Counted gives the rows on, and counts them in r: rows, points, and the points
// whose wall time is not their row's.
func Counted(rows iter.Seq2[*Row, error], r *plan.RunResult) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				row.count(r)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (row *Row) count(r *plan.RunResult) {
	r.Rows++
	r.Points += int64(len(row.Points))
	if len(row.Points)+len(row.Media) == 1 {
		return
	}
	time := row.Time()
	for i := range row.Points {
		if t := row.Points[i].WallTime; t != time {
			r.Moved++
			if spread := t - time; !math.IsInf(spread, 0) && spread > r.Spread {
				r.Spread = spread
			}
		}
	}
}
