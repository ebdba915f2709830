package trackio

import (
	"strconv"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// logPrefix begins the log_ids of this package.
const logPrefix = "tbexport-"

// encoder makes the columns of rows.
type encoder struct {
	id   string
	keys map[*plan.Series]string
	buf  []byte
	// media gives what the JSON of a row has of a value at a place.
	media func(at int64) ([]byte, error)
}

// columns are those of a row that depend on it.
type columns struct {
	timestamp, metrics, logID string
	moved                     bool // the time cannot be shown
}

func newEncoder(r *plan.Run, media func(at int64) ([]byte, error)) *encoder {
	e := &encoder{media: media, id: logPrefix + RunID(r)[:16] + "-", keys: make(map[*plan.Series]string, len(r.Series))}
	for _, s := range r.Series {
		e.keys[s] = quote(s.Key) + ": "
	}
	return e
}

func (e *encoder) row(row *rows.Row) (c columns, err error) {
	e.buf = append(e.buf[:0], '{')
	for i := range row.Points {
		if i > 0 {
			e.buf = append(e.buf, ", "...)
		}
		p := &row.Points[i]
		e.buf = append(e.buf, e.keys[p.Series]...)
		e.buf = appendNumber(e.buf, p.Value)
	}
	for i := range row.Media {
		text, err := e.media(row.Media[i].At)
		if err != nil {
			return c, err
		}
		if len(e.buf) > 1 {
			e.buf = append(e.buf, ", "...)
		}
		e.buf = append(e.buf, text...)
	}
	c.metrics = string(append(e.buf, '}'))
	c.timestamp, c.moved = timestamp(row.Time())
	c.moved = c.moved && len(row.Points)+len(row.Media) > 0
	c.logID = e.logID(row)
	return c, nil
}

// logID is the id of a row, by which it is found again. It sorts as the rows of
// a run do, so that its index grows at one end.
func (e *encoder) logID(row *rows.Row) string {
	step := uint64(row.Step) ^ 1<<63
	e.buf = append(e.buf[:0], e.id...)
	for shift := 60; shift >= 0; shift -= 4 {
		e.buf = append(e.buf, "0123456789abcdef"[step>>shift&15])
	}
	e.buf = append(e.buf, '-')
	return string(strconv.AppendInt(e.buf, row.Nth, 10))
}
