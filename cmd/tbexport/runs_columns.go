package main

import (
	"cmp"
	"slices"

	"github.com/dustin/go-humanize"

	"tbexport/convert/table"
	"tbexport/eventfile/hparams"
	"tbexport/internal/ui"
)

// rowsView is rows of the runs table as people see them.
type rowsView struct {
	screen ui.Screen
	runs   *table.Runs
	rows   []int
}

// Widths at which texts are cut on a screen that is too narrow for all columns.
const (
	cutRun  = 32
	cutText = 20
)

// grid lays columns out.
func (g *rowsView) grid(columns []int) *ui.Grid {
	grid := &ui.Grid{Screen: g.screen, Rows: len(g.rows)}
	for _, i := range columns {
		column := ui.GridColumn{
			Head: g.screen.Name(g.runs.Columns[i].Name),
			Cell: func(row int) string { return g.cell(g.rows[row], i) },
		}
		if g.hasText(i) {
			column.Cut = cutText
			if g.runs.Columns[i].Name == table.ColumnRun {
				column.Cut = cutRun
			}
		}
		grid.Columns = append(grid.Columns, column)
	}
	return grid
}

func (g *rowsView) hasText(column int) bool {
	return slices.ContainsFunc(g.rows, func(row int) bool { return g.runs.Cell(row, column).Kind == table.CellText })
}

// cell is what a cell looks like.
func (g *rowsView) cell(row, column int) string {
	switch c := g.runs.Cell(row, column); c.Kind {
	case table.CellText:
		return g.screen.Name(c.Text)
	case table.CellNumber:
		return g.number(column, c.Number)
	case table.CellInteger:
		return humanize.Comma(c.Integer)
	case table.CellBool:
		return hparams.HParam{Kind: hparams.Bool, Bool: c.Bool}.String()
	case table.CellTime:
		return ui.Time(c.Seconds)
	}
	return ""
}

// number shows settings exactly and measurements with five digits.
func (g *rowsView) number(column int, x float64) string {
	switch c := &g.runs.Columns[column]; {
	case c.Param != nil:
		return hparams.HParam{Kind: hparams.Number, Number: x}.String()
	case c.Name == table.ColumnDuration:
		return ui.Span(x)
	}
	return ui.Value(x)
}

// best chooses the columns of a table for people, the best first: what is
// sorted and searched by, hparams that tell runs apart and metrics in turns,
// and then the others.
func (g *rowsView) best(q query) (columns []int) {
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
		if g.screen.Width > 0 && len(columns) > g.screen.Width/2 {
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
func (g *rowsView) ranked() (telling, same, metrics []int) {
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
func (g *rowsView) fill(column int) (n int) {
	for _, row := range g.rows {
		if g.runs.Cell(row, column).Kind != table.CellNull {
			n++
		}
	}
	return n
}

// differs reports whether two rows differ in a column.
func (g *rowsView) differs(column int) bool {
	for _, row := range g.rows {
		if g.runs.Cell(row, column) != g.runs.Cell(g.rows[0], column) {
			return true
		}
	}
	return false
}
