package trackio

import (
	"strconv"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// logPrefix begins the log_ids of this package.
const logPrefix = "tbexport-"

// encoder makes the columns of rows. As Trackio's own, their JSON has no spaces: its
// page looks for texts as ":0" and "_type":"trackio.image" to know what it has to show.
type encoder struct {
	id     string
	keys   map[*plan.Series]string
	recent []keyed // of the points of the last row
	clock  clock
	buf    []byte
	// media gives what the JSON of a row has of a value at a place.
	media func(at int64) ([]byte, error)
}

// keyed is a series with its key as JSON.
type keyed struct {
	series *plan.Series
	key    string
}

// columns are those of a row that depend on it.
type columns struct {
	timestamp, metrics, logID string
	moved                     bool // the time cannot be shown
}

func newEncoder(r *plan.Run, media func(at int64) ([]byte, error)) *encoder {
	e := &encoder{media: media, id: logPrefix + RunID(r)[:16] + "-", keys: make(map[*plan.Series]string, len(r.Series))}
	for _, s := range r.Series {
		e.keys[s] = quote(s.Key) + ":"
	}
	return e
}

func (e *encoder) row(row *rows.Row) (c columns, err error) {
	e.buf = append(e.buf[:0], '{')
	for i := range row.Points {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		p := &row.Points[i]
		e.buf = append(e.buf, e.key(i, p.Series)...)
		e.buf = appendNumber(e.buf, p.Value)
	}
	for i := range row.Media {
		text, err := e.media(row.Media[i].At)
		if err != nil {
			return c, err
		}
		if len(e.buf) > 1 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, text...)
	}
	e.buf = append(e.buf, '}')
	metrics := len(e.buf)
	e.buf, c.moved = e.clock.append(e.buf, row.Time())
	c.moved = c.moved && len(row.Points)+len(row.Media) > 0
	time := len(e.buf)
	e.appendLogID(row)
	all := string(e.buf)
	c.metrics, c.timestamp, c.logID = all[:metrics], all[metrics:time], all[time:]
	return c, nil
}

// key is that of the ith point of a row. Mostly it is that of the row before.
func (e *encoder) key(i int, s *plan.Series) string {
	if i == len(e.recent) {
		e.recent = append(e.recent, keyed{})
	}
	if r := &e.recent[i]; r.series != s {
		*r = keyed{s, e.keys[s]}
	}
	return e.recent[i].key
}

// appendLogID adds the id of a row, by which it is found again. It sorts as the rows
// of a run do, so that its index grows at one end.
func (e *encoder) appendLogID(row *rows.Row) {
	step := uint64(row.Step) ^ 1<<63
	e.buf = append(e.buf, e.id...)
	for shift := 60; shift >= 0; shift -= 4 {
		e.buf = append(e.buf, "0123456789abcdef"[step>>shift&15])
	}
	e.buf = strconv.AppendInt(append(e.buf, '-'), row.Nth, 10)
}
