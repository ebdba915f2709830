package trackio

import (
	"fmt"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// encoder makes the columns of rows.
type encoder struct {
	id   string
	keys map[*plan.Series]string
	buf  []byte
}

// columns are those of a row that depend on it.
type columns struct {
	timestamp, metrics, logID string
	moved                     bool // the time cannot be shown
}

func newEncoder(r *plan.Run) *encoder {
	e := &encoder{id: RunID(r), keys: make(map[*plan.Series]string, len(r.Series))}
	for _, s := range r.Series {
		e.keys[s] = quote(s.Key) + ": "
	}
	return e
}

func (e *encoder) row(row *rows.Row) (c columns) {
	e.buf = append(e.buf[:0], '{')
	for i := range row.Points {
		if i > 0 {
			e.buf = append(e.buf, ", "...)
		}
		p := &row.Points[i]
		e.buf = append(e.buf, e.keys[p.Series]...)
		e.buf = appendNumber(e.buf, p.Value)
	}
	c.metrics = string(append(e.buf, '}'))
	c.timestamp, c.moved = timestamp(row.Time())
	c.moved = c.moved && len(row.Points) > 0
	c.logID = fmt.Sprintf("tbexport-%s-%d-%d", e.id, row.Step, row.Nth)
	return c
}
