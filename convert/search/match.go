package search

import (
	"cmp"
	"strings"

	"tbexport/convert/table"
	"tbexport/eventfile/hparams"
)

// Match reports whether a row of the table satisfies every comparison.
func (f *Filter) Match(runs *table.Runs, row int) bool {
	for i := range f.comparisons {
		if !f.comparisons[i].match(runs, row) {
			return false
		}
	}
	return true
}

// Select gives the rows that satisfy the filter, in their order.
func (f *Filter) Select(runs *table.Runs) []int {
	rows := []int{}
	for row := range runs.Len() {
		if f.Match(runs, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

func (c *comparison) match(runs *table.Runs, row int) bool {
	have := operandOf(runs, row, c.name)
	switch c.op {
	case isNull:
		return have.null
	case notNull:
		return !have.null
	}
	if have.null {
		return false
	}
	switch c.op {
	case in, notIn:
		found := false
		for i := range c.values {
			found = found || have.compare(equal, &c.values[i])
		}
		return found == (c.op == in)
	case like, ilike:
		return c.values[0].pattern.match(have.text)
	}
	return have.compare(c.op, &c.values[0])
}

// operand is what a run has.
type operand struct {
	null             bool
	text             string
	number           float64
	isText           bool // number is only what the text reads as
	isNumber, isBool bool
	truth            bool
}

func operandOf(runs *table.Runs, row int, n Name) operand {
	if n.sort == param {
		p, ok := runs.Param(row, n.Param)
		return paramOperand(p, ok)
	}
	column, ok := runs.Column(n.Column)
	if !ok {
		return operand{null: true}
	}
	switch c := runs.Cell(row, column); c.Kind {
	case table.CellText:
		return operand{text: c.Text, isText: true}
	case table.CellNumber:
		return operand{number: c.Number, isNumber: true}
	case table.CellInteger:
		return operand{number: float64(c.Integer), isNumber: true}
	case table.CellTime:
		return operand{number: c.Seconds, isNumber: true}
	}
	return operand{null: true}
}

func paramOperand(p hparams.HParam, ok bool) operand {
	o := operand{null: !ok || p.Kind == hparams.Null, text: p.String()}
	switch p.Kind {
	case hparams.Number:
		o.number, o.isNumber = p.Number, true
	case hparams.Bool:
		o.isBool, o.truth = true, p.Bool
	default:
		o.isText = true
		o.number, o.isNumber = parseNumber(p.Text)
	}
	return o
}

// compare compares text in quotes with text as such, else as numbers where
// both sides are, else as bools where one is, else as text.
func (o *operand) compare(op operator, v *value) bool {
	switch {
	case v.quoted && o.isText:
		return order(op, o.text, v.text)
	case v.isBool && o.isBool:
		return order(op, truth(o.truth), truth(v.truth))
	case v.isBool && o.isNumber: // torch writes bools as numbers
		return order(op, o.number, truth(v.truth))
	case v.isNumber && o.isBool:
		return order(op, truth(o.truth), v.number)
	case v.isNumber && o.isNumber:
		return order(op, o.number, v.number)
	case v.isBool || o.isBool:
		same := strings.EqualFold(o.text, v.text)
		return op == equal && same || op == unequal && !same
	case v.isNumber != o.isNumber: // a number and a text have no order
		return op == unequal
	}
	return order(op, o.text, v.text)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func order[T cmp.Ordered](op operator, a, b T) bool {
	switch op {
	case equal:
		return a == b
	case unequal:
		return a != b
	case less:
		return a < b
	case atMost:
		return a <= b
	case greater:
		return a > b
	}
	return a >= b
}

// pattern is that of LIKE: % is any text, _ any character.
type pattern struct {
	runes []rune
	fold  bool
}

func newPattern(s string, fold bool) *pattern {
	if fold {
		s = strings.ToLower(s)
	}
	return &pattern{[]rune(s), fold}
}

// match walks along both; after a mismatch it goes back to the last % and lets
// that take one character more.
func (p *pattern) match(s string) bool {
	if p.fold {
		s = strings.ToLower(s)
	}
	runes := []rune(s)
	i, k := 0, 0
	star, from := -1, 0
	for i < len(runes) {
		switch {
		case k < len(p.runes) && p.runes[k] == '%':
			star, from = k, i
			k++
		case k < len(p.runes) && (p.runes[k] == '_' || p.runes[k] == runes[i]):
			i, k = i+1, k+1
		case star >= 0:
			from++
			i, k = from, star+1
		default:
			return false
		}
	}
	for k < len(p.runes) && p.runes[k] == '%' {
		k++
	}
	return k == len(p.runes)
}
