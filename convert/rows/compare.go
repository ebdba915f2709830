package rows

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"tbexport/convert/plan"
)

// Stored is a row as a destination holds it.
type Stored struct {
	Step   int64
	Time   string // in the destination's own form
	Values []Value
	Media  []Text
	// Theirs: a row that the program did not write. What it has beyond the logs is no difference.
	Theirs bool
}

// Holds reports whether a row has every value of another, and media of each of its
// keys.
func (s *Stored) Holds(other *Stored) bool {
	for _, v := range other.Values {
		if !slices.ContainsFunc(s.Values, func(x Value) bool { return x.Key == v.Key && same(x.Value, v.Value) }) {
			return false
		}
	}
	for _, m := range other.Media {
		if !slices.ContainsFunc(s.Media, func(x Text) bool { return x.Key == m.Key }) {
			return false
		}
	}
	return true
}

// Text is what a stored row says of a value of media, in the destination's own
// form.
type Text struct{ Key, Text string }

// Form is that of a destination.
type Form struct {
	// Time is that of a row as the destination writes it.
	Time func(*Row) string
	// Media are those of a row; nil: the destination has none.
	Media func(*Row) ([]Text, error)
}

// Value is a value of a stored row.
type Value struct {
	Key   string
	Value float64
}

// Compared is what Compare saw.
type Compared struct {
	Rows, Points int64 // stored
	Differences  []plan.Difference
	Theirs       []plan.Difference // what Stored.Theirs rows have beyond the logs
}

// Compare holds the rows of a run against those that a destination stores, both
// by step. Memory grows with the number of keys only.
func Compare(logs iter.Seq2[*Row, error], stored iter.Seq2[*Stored, error], form Form) (*Compared, error) {
	next, stop := iter.Pull2(stored)
	defer stop()
	c := comparison{next: next, keys: make(differences), theirs: make(differences)}
	if err := c.advance(); err != nil {
		return nil, err
	}
	for row, err := range logs {
		if err != nil {
			return nil, err
		}
		for c.head != nil && c.head.Step < row.Step {
			if err := c.onlyThere(); err != nil {
				return nil, err
			}
		}
		if c.head == nil || c.head.Step > row.Step {
			for i := range row.Points {
				c.notThere(row, &row.Points[i])
			}
			for i := range row.Media {
				d := c.keys.of("media", row.Media[i].Media.Name)
				d.example(fmt.Sprintf("step %d", row.Step), "")
				d.NotThere++
			}
			continue
		}
		c.row(row, form.Time(row))
		if err := c.media(row, form); err != nil {
			return nil, err
		}
		if err := c.advance(); err != nil {
			return nil, err
		}
	}
	for c.head != nil {
		if err := c.onlyThere(); err != nil {
			return nil, err
		}
	}
	c.seen.Differences, c.seen.Theirs = c.keys.sorted(), c.theirs.sorted()
	return &c.seen, nil
}

type comparison struct {
	next func() (*Stored, error, bool)
	head *Stored // nil: there are no more
	seen Compared
	keys differences
	// theirs are the differences of rows that the program did not write.
	theirs differences
}

// advance takes the next stored row.
func (c *comparison) advance() error {
	head, err, ok := c.next()
	if !ok {
		head = nil
	}
	if err == nil && head != nil {
		c.seen.Rows++
		c.seen.Points += int64(len(head.Values))
	}
	c.head = head
	return err
}

// row compares a row with the head, which has its step.
func (c *comparison) row(row *Row, time string) {
	if time != c.head.Time {
		d := c.keys.of("time", "")
		d.example(fmt.Sprintf("step %d at %s", row.Step, time), fmt.Sprintf("step %d at %s", row.Step, c.head.Time))
		d.NotThere++
		d.NotHere++
	}
	if c.inOrder(row) {
		return
	}
	values := make(map[string]float64, len(c.head.Values))
	for _, v := range c.head.Values {
		values[v.Key] = v.Value
	}
	for i := range row.Points {
		p := &row.Points[i]
		got, ok := values[p.Series.Key]
		if delete(values, p.Series.Key); ok && same(got, p.Value) {
			continue
		}
		c.notThere(row, p)
		if ok {
			c.keys.of("metric", p.Series.Key).NotHere++
		}
	}
	for key, value := range values {
		c.onlyThereValue(c.keys, key, value)
	}
}

// media compares those of a row with those of the head.
func (c *comparison) media(row *Row, form Form) error {
	if form.Media == nil || len(row.Media)+len(c.head.Media) == 0 {
		return nil
	}
	expected, err := form.Media(row)
	if err != nil {
		return err
	}
	got := make(map[string]string, len(c.head.Media))
	for _, m := range c.head.Media {
		got[m.Key] = m.Text
	}
	for _, m := range expected {
		text, ok := got[m.Key]
		if delete(got, m.Key); ok && text == m.Text {
			continue
		}
		d := c.keys.of("media", m.Key)
		d.example(fmt.Sprintf("step %d, %s", row.Step, m.Text), text)
		d.NotThere++
		if ok {
			d.NotHere++
		}
	}
	for key, text := range got {
		d := c.keys.of("media", key)
		d.example("", fmt.Sprintf("step %d, %s", row.Step, text))
		d.NotHere++
	}
	return nil
}

// inOrder reports whether the head has the values of the row, in its order.
func (c *comparison) inOrder(row *Row) bool {
	if len(row.Points) != len(c.head.Values) {
		return false
	}
	for i := range row.Points {
		if p, v := &row.Points[i], &c.head.Values[i]; p.Series.Key != v.Key || !same(p.Value, v.Value) {
			return false
		}
	}
	return true
}

// same compares values; all NaN are one.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// onlyThere counts the head, which the logs do not have.
func (c *comparison) onlyThere() error {
	all := c.keys
	if c.head.Theirs {
		all = c.theirs
	}
	for _, v := range c.head.Values {
		c.onlyThereValue(all, v.Key, v.Value)
	}
	for _, m := range c.head.Media {
		d := all.of("media", m.Key)
		d.example("", fmt.Sprintf("step %d, %s", c.head.Step, m.Text))
		d.NotHere++
	}
	return c.advance()
}

func (c *comparison) onlyThereValue(all differences, key string, value float64) {
	d := all.of("metric", key)
	d.example("", fmt.Sprintf("step %d, value %v", c.head.Step, value))
	d.NotHere++
}

func (c *comparison) notThere(row *Row, p *Point) {
	d := c.keys.of("metric", p.Series.Key)
	d.example(fmt.Sprintf("step %d, value %v", row.Step, p.Value), "")
	d.NotThere++
}

// keyed is a difference under way.
type keyed struct{ *plan.Difference }

func (k keyed) example(expected, got string) {
	if k.Expected == "" && k.Got == "" {
		k.Expected, k.Got = expected, got
	}
}

// differences are kept by what they are of, and key.
type differences map[string]*plan.Difference

func (all differences) of(what, key string) keyed {
	id := what + "\x00" + key
	d := all[id]
	if d == nil {
		d = &plan.Difference{What: what, Key: key}
		all[id] = d
	}
	return keyed{d}
}

func (all differences) sorted() (list []plan.Difference) {
	for _, d := range all {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b plan.Difference) int { return strings.Compare(a.What+a.Key, b.What+b.Key) })
	return list
}
