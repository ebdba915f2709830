package search

import (
	"slices"
	"strings"

	"tbexport/convert/table"
)

// Name names a column of the runs table.
type Name struct {
	Column string // as "params.lr"
	Param  string // the hparam, if it is one
	sort   sort
}

// sort is what values a name has.
type sort uint8

const (
	text sort = iota
	number
	moment
	param
)

// kindWords are MLflow's words for the kinds of columns; attributes have no
// prefix.
var kindWords = map[string]string{
	"param": table.ParamPrefix, "params": table.ParamPrefix, "parameter": table.ParamPrefix,
	"parameters": table.ParamPrefix,
	"metric":     table.MetricPrefix, "metrics": table.MetricPrefix,
	"attribute": "", "attributes": "", "attr": "", "run": "",
}

// attribute is a column that is no hparam and no metric.
type attribute struct {
	column string
	others []string // MLflow's words for it
	sort   sort
}

var attributes = []attribute{
	{table.ColumnRun, []string{"run_name", "run name", "Run name", "Run Name", "run_id"}, text},
	{table.ColumnExperiment, []string{"experiment_name", "experiment_id"}, text},
	{table.ColumnGroup, nil, text},
	{table.ColumnStatus, nil, text},
	{table.ColumnStartTime, []string{"created", "Created"}, moment},
	{table.ColumnEndTime, nil, moment},
	{table.ColumnDuration, nil, number},
	{table.ColumnFiles, nil, number},
	{table.ColumnPoints, nil, number},
	{table.ColumnLastStep, nil, number},
}

const expectedName = "the name of a column, as params.lr, metrics.loss or status"

// parseName reads a name alone.
func parseName(s string) (Name, error) {
	n, rest, err := parseNameOf(s)
	if err == nil && rest.kind != end {
		err = unexpected(rest, "the end of the name")
	}
	return n, err
}

// ParseOrder reads a name with asc or desc after it, or neither.
func ParseOrder(s string) (n Name, descending bool, err error) {
	p, err := newParser(s)
	if err != nil {
		return n, false, err
	}
	if n, err = p.name(); err != nil {
		return n, false, err
	}
	switch t := p.peek(); {
	case t.is("desc"):
		descending = true
		p.take()
	case t.is("asc"):
		p.take()
	}
	if t := p.peek(); t.kind != end {
		return n, false, unexpected(t, "asc, desc or the end")
	}
	return n, descending, nil
}

func parseNameOf(s string) (Name, token, error) {
	p, err := newParser(s)
	if err != nil {
		return Name{}, token{}, err
	}
	n, err := p.name()
	return n, p.peek(), err
}

// name reads [kind.]key, in which both may be quoted.
func (p *parser) name() (Name, error) {
	first := p.take()
	switch first.kind {
	case word:
		kind, key, dotted := strings.Cut(first.text, ".")
		if !dotted {
			return p.attribute(first, kind)
		}
		return p.key(first, kind, key)
	case backquoted, doubleQuoted:
		if next := p.peek(); next.kind == word && next.adjacent && strings.HasPrefix(next.text, ".") {
			p.take()
			return p.key(first, first.text, next.text[1:])
		}
		return p.attribute(first, first.text)
	}
	return Name{}, unexpected(first, expectedName)
}

// key reads the rest of a name that began with kind, a point and key.
func (p *parser) key(first token, kind, key string) (Name, error) {
	prefix, ok := kindWords[kind]
	if !ok {
		return Name{}, unexpected(first, "a name that begins with params., metrics. or attributes. (put a name with "+
			"a point in backticks after that)")
	}
	if next := p.peek(); next.adjacent && (next.kind == backquoted || next.kind == doubleQuoted) {
		if key != "" {
			return Name{}, unexpected(next, "the quotes around the whole name")
		}
		key = p.take().text
	} else if key == "" {
		return Name{}, unexpected(next, "a name after "+kind+".")
	}
	switch prefix {
	case table.ParamPrefix:
		return Name{Column: prefix + key, Param: key, sort: param}, nil
	case table.MetricPrefix:
		return Name{Column: prefix + key, sort: number}, nil
	}
	return p.attribute(first, key)
}

func (p *parser) attribute(t token, key string) (Name, error) {
	var known []string
	for _, a := range attributes {
		if a.column == key || slices.Contains(a.others, key) {
			return Name{Column: a.column, sort: a.sort}, nil
		}
		known = append(known, a.column)
	}
	return Name{}, unexpected(t, "params.NAME, metrics.NAME, or one of "+strings.Join(known, ", "))
}

// Word writes the name of a column, as "metrics.loss", such that a filter reads
// it as that; ok is false where it cannot be written.
func Word(column string) (word string, ok bool) {
	kind, key := "", column
	for _, prefix := range []string{table.ParamPrefix, table.MetricPrefix} {
		if rest, ok := strings.CutPrefix(column, prefix); ok {
			kind, key = prefix, rest
		}
	}
	for _, quote := range []string{"", "`", `"`} {
		word = kind + quote + key + quote
		if n, err := parseName(word); err == nil && n.Column == column {
			return word, true
		}
	}
	return "", false
}
