package search

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Filter chooses runs.
type Filter struct{ comparisons []comparison }

// comparison is one condition of a filter.
type comparison struct {
	name   Name
	op     operator
	values []value
}

// value is a literal.
type value struct {
	text     string
	number   float64
	isNumber bool // number is the value, or what the text reads as
	isBool   bool
	truth    bool
	quoted   bool
	pattern  *pattern // of like and ilike
}

// operator is what a comparison asks for.
type operator string

const (
	equal    operator = "="
	unequal  operator = "!="
	less     operator = "<"
	atMost   operator = "<="
	greater  operator = ">"
	atLeast  operator = ">="
	like     operator = "LIKE"
	ilike    operator = "ILIKE"
	in       operator = "IN"
	notIn    operator = "NOT IN"
	isNull   operator = "IS NULL"
	notNull  operator = "IS NOT NULL"
	nothing  operator = ""
	allSigns          = "=, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN or IS NULL"
)

// operators are those that a sort of names knows.
func (s sort) operators() string {
	switch s {
	case text:
		return "=, !=, LIKE, ILIKE, IN, NOT IN or IS NULL"
	case number:
		return "=, !=, <, <=, >, >=, IN, NOT IN or IS NULL"
	case moment:
		return "=, !=, <, <=, >, >= or IS NULL"
	}
	return allSigns
}

func (s sort) knows(op operator) bool {
	switch op {
	case equal, unequal, isNull, notNull:
		return true
	case less, atMost, greater, atLeast:
		return s != text
	case like, ilike:
		return s == text || s == param
	}
	return s != moment
}

// Parse reads a filter. Its errors are of type *Error.
func Parse(filter string) (*Filter, error) {
	p, err := newParser(filter)
	if err != nil {
		return nil, err
	}
	f := new(Filter)
	for {
		c, err := p.comparison()
		if err != nil {
			return nil, err
		}
		f.comparisons = append(f.comparisons, c)
		switch t := p.take(); {
		case t.kind == end:
			return f, nil
		case t.is("or"):
			return nil, unexpected(t, "and (there is no OR; IN takes a list)")
		case !t.is("and"):
			return nil, unexpected(t, "and, or the end of the filter")
		}
	}
}

// Names are those that the filter compares, in its order.
func (f *Filter) Names() []Name {
	names := make([]Name, len(f.comparisons))
	for i, c := range f.comparisons {
		names[i] = c.name
	}
	return names
}

type parser struct{ tokens []token }

func newParser(s string) (*parser, error) {
	tokens, err := lex(s)
	return &parser{tokens}, err
}

func (p *parser) peek() token { return p.tokens[0] }

// take gives the next token; the end stays.
func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

func unexpected(t token, expected string) error {
	found := t.raw
	if found != "" && t.kind != backquoted && t.kind != doubleQuoted && t.kind != singleQuoted {
		found = strconv.Quote(found)
	}
	return &Error{Column: t.column, Expected: expected, Found: found}
}

func (p *parser) comparison() (c comparison, err error) {
	if c.name, err = p.name(); err != nil {
		return c, err
	}
	at := p.peek()
	if c.op = p.operator(); c.op == nothing || !c.name.sort.knows(c.op) {
		return c, unexpected(at, c.name.sort.operators()+" after "+c.name.Column)
	}
	switch c.op {
	case isNull, notNull:
		return c, nil
	case in, notIn:
		c.values, err = p.list(&c)
		return c, err
	}
	v, err := p.value(&c)
	c.values = []value{v}
	return c, err
}

// operator takes an operator, or gives nothing.
func (p *parser) operator() operator {
	t := p.take()
	switch op := operator(strings.ToUpper(t.text)); {
	case t.kind == sign && strings.Contains(" = != < <= > >= ", " "+t.text+" "), t.is("like"), t.is("ilike"),
		t.is("in"):
		return op
	case t.is("not") && p.peek().is("in"):
		p.take()
		return notIn
	case t.is("is") && p.peek().is("null"):
		p.take()
		return isNull
	case t.is("is") && p.peek().is("not"):
		if p.take(); p.peek().is("null") {
			p.take()
			return notNull
		}
	}
	return nothing
}

func (p *parser) list(c *comparison) (values []value, err error) {
	if t := p.take(); t.text != "(" || t.kind != sign {
		return nil, unexpected(t, "( and a list of values")
	}
	for {
		v, err := p.value(c)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		switch t := p.take(); {
		case t.kind == sign && t.text == ")":
			return values, nil
		case t.kind != sign || t.text != ",":
			return nil, unexpected(t, "a comma or )")
		}
	}
}

// value reads a literal that c's name can be compared with.
func (p *parser) value(c *comparison) (value, error) {
	t := p.take()
	v := value{text: t.text, quoted: t.kind == doubleQuoted || t.kind == singleQuoted}
	v.number, v.isNumber = parseNumber(t.text)
	switch {
	case c.op == like || c.op == ilike:
		if !v.quoted {
			return v, unexpected(t, "a pattern in quotes")
		}
		v.pattern = newPattern(v.text, c.op == ilike)
		return v, nil
	case c.name.sort == text:
		if !v.quoted {
			return v, unexpected(t, "a text in quotes")
		}
	case c.name.sort == number:
		if t.kind != word || !v.isNumber {
			return v, unexpected(t, "a number")
		}
	case c.name.sort == moment:
		return v, v.moment(t)
	case t.is("true") || t.is("false"):
		v.isBool, v.truth = true, t.is("true")
	case !v.quoted && (t.kind != word || !v.isNumber):
		return v, unexpected(t, "a number, a text in quotes, true or false")
	}
	return v, nil
}

// moment makes the value seconds since 1970.
func (v *value) moment(t token) error {
	if !v.quoted && t.kind == word && v.isNumber {
		v.number /= 1000
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if at, err := time.Parse(layout, v.text); v.quoted && err == nil {
			v.number, v.isNumber = float64(at.Unix())+float64(at.Nanosecond())/1e9, true
			return nil
		}
	}
	return unexpected(t, "a time: milliseconds since 1970, or '2024-05-31T12:00:00Z', or a date")
}

// parseNumber reads decimal numbers and the infinities.
func parseNumber(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || strings.ContainsAny(s, "xX_") {
		return 0, false
	}
	return f, true
}
