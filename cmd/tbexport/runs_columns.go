package main

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"tbexport/convert/table"
)

// compareCells orders two cells; null and NaN are last either way.
func compareCells(a, b table.Cell, descending bool) int {
	last := func(c table.Cell) bool {
		return c.Kind == table.CellNull || c.Kind == table.CellNumber && math.IsNaN(c.Number)
	}
	switch {
	case last(a) && last(b):
		return 0
	case last(a):
		return 1
	case last(b):
		return -1
	}
	if descending {
		a, b = b, a
	}
	switch a.Kind {
	case table.CellText:
		return strings.Compare(a.Text, b.Text)
	case table.CellNumber:
		return cmp.Compare(a.Number, b.Number)
	case table.CellInteger:
		return cmp.Compare(a.Integer, b.Integer)
	case table.CellTime:
		return cmp.Compare(a.Seconds, b.Seconds)
	}
	return cmp.Compare(truthOf(a), truthOf(b))
}

func truthOf(c table.Cell) int {
	if c.Bool {
		return 1
	}
	return 0
}

// splitColumns splits a list at its commas, but not at those in double quotes
// or backticks.
func splitColumns(list string) (items []string) {
	var item strings.Builder
	quote := rune(0)
	for _, r := range list {
		switch {
		case quote == 0 && r == ',':
			items = append(items, item.String())
			item.Reset()
			continue
		case quote == 0 && (r == '"' || r == '`'):
			quote = r
		case r == quote:
			quote = 0
		}
		item.WriteRune(r)
	}
	return append(items, item.String())
}

// matchColumns gives the columns of an item of a list: one by its name, or all
// that match it as a pattern in which * is anything.
func matchColumns(runs *table.Runs, item string) (columns []int) {
	item = strings.TrimSpace(item)
	if i, ok := runs.Column(item); ok {
		return []int{i}
	}
	if i, ok := runs.Column(strings.NewReplacer("`", "", `"`, "").Replace(item)); ok {
		return []int{i}
	}
	if !strings.Contains(item, "*") {
		return nil
	}
	pattern := regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(item), `\*`, `.*`) + `$`)
	for i := range runs.Columns {
		if pattern.MatchString(runs.Columns[i].Name) {
			columns = append(columns, i)
		}
	}
	return columns
}

// best chooses the columns of a table for people, the best first: what is
// sorted and searched by, hparams that tell runs apart and metrics in turns,
// and then the others.
func (g *grid) best(q query) (columns []int) {
	add := func(column int, ok bool) {
		if ok && !slices.Contains(columns, column) && g.fill(column) > 0 {
			columns = append(columns, column)
		}
	}
	named := func(names ...string) {
		for _, name := range names {
			column, ok := g.runs.Column(name)
			add(column, ok)
		}
	}
	if run, ok := g.runs.Column(table.ColumnRun); ok {
		columns = append(columns, run)
	}
	for _, o := range q.orders {
		add(o.column, true)
	}
	if q.filter != nil {
		for _, n := range q.filter.Names() {
			named(n.Column)
		}
	}
	named(table.ColumnStatus)
	telling, same, metrics := g.ranked()
	for i := range max(len(telling), len(metrics)) {
		if i < len(telling) {
			add(telling[i], true)
		}
		if i < len(metrics) {
			add(metrics[i], true)
		}
		if g.screen.width > 0 && len(columns) > g.screen.width/gap {
			return columns // more than can ever fit
		}
	}
	named(table.ColumnDuration, table.ColumnStartTime, table.ColumnLastStep, table.ColumnPoints, table.ColumnGroup,
		table.ColumnExperiment, table.ColumnFiles, table.ColumnEndTime)
	for _, column := range same {
		add(column, true)
	}
	return columns
}

// ranked gives the columns of hparams that differ between rows, of those that
// do not, and of metrics, each with those first that most rows have.
func (g *grid) ranked() (telling, same, metrics []int) {
	for i := range g.runs.Columns {
		switch c := &g.runs.Columns[i]; {
		case c.Metric != nil:
			metrics = append(metrics, i)
		case c.Param != nil && g.differs(i):
			telling = append(telling, i)
		case c.Param != nil:
			same = append(same, i)
		}
	}
	for _, columns := range [][]int{telling, metrics} {
		fills := make(map[int]int, len(columns))
		for _, i := range columns {
			fills[i] = g.fill(i)
		}
		slices.SortStableFunc(columns, func(a, b int) int { return cmp.Compare(fills[b], fills[a]) })
	}
	return telling, same, metrics
}

// fill is how many rows have something in a column.
func (g *grid) fill(column int) (n int) {
	for _, row := range g.rows {
		if g.runs.Cell(row, column).Kind != table.CellNull {
			n++
		}
	}
	return n
}

// differs reports whether two rows differ in a column.
func (g *grid) differs(column int) bool {
	for _, row := range g.rows {
		if g.runs.Cell(row, column) != g.runs.Cell(g.rows[0], column) {
			return true
		}
	}
	return false
}

// arrayWriter makes a JSON array of JSON Lines, which it may get in any pieces.
type arrayWriter struct {
	to   io.Writer
	line []byte
	rows int
}

func (w *arrayWriter) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			w.line = append(w.line, b...)
			return n, nil
		}
		before := ",\n"
		if w.rows == 0 {
			before = "[\n"
		}
		text := visibleJSON(append(w.line, b[:i]...))
		if _, err := io.WriteString(w.to, before+string(text)); err != nil {
			return 0, err
		}
		w.rows++
		w.line, b = w.line[:0], b[i+1:]
	}
}

func (w *arrayWriter) close() error {
	ending := "\n]\n"
	if w.rows == 0 {
		ending = "[]\n"
	}
	_, err := io.WriteString(w.to, ending)
	return err
}
