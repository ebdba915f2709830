package main

import (
	"slices"
	"strconv"

	"github.com/dustin/go-humanize"

	"tbexport/convert/search"
	"tbexport/convert/table"
	"tbexport/eventfile/hparams"
	"tbexport/internal/ui"
)

// rowsView is rows of the runs table as people see them.
type rowsView struct {
	screen ui.Screen
	runs   *table.Runs
	rows   []int
	chosen bool // the columns are chosen, and in their order
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
			Head:  g.screen.Name(g.runs.Columns[i].Name),
			Place: g.place(i),
			Cell:  func(row int) string { return g.cell(g.rows[row], i) },
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

// place is where a column stands among those that there is room for: params
// before metrics, and these before the rest.
func (g *rowsView) place(column int) int {
	switch c := &g.runs.Columns[column]; {
	case g.chosen:
		return 0
	case c.Name == table.ColumnRun:
		return 1
	case c.Param != nil:
		return 2
	case c.Metric != nil:
		return 3
	}
	return 4
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

// short is the number of the fewest digits that is the same float32, of a number
// that is one: 0.001 for what a float32 of it became, 0.0010000000474974513.
func short(x float64) float64 {
	if f := float32(x); float64(f) == x {
		if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', -1, 32), 64); err == nil {
			return y
		}
	}
	return x
}

// number shows settings as they were given and measurements with five digits.
func (g *rowsView) number(column int, x float64) string {
	switch c := &g.runs.Columns[column]; {
	case c.Param != nil:
		return hparams.HParam{Kind: hparams.Number, Number: short(x)}.String()
	case c.Name == table.ColumnDuration:
		return ui.Span(x)
	}
	return ui.Value(x)
}

// best chooses the columns of a table for people: what is sorted and searched
// by, and then as search.Best orders them.
func (g *rowsView) best(q query) []int {
	var first []int
	for _, o := range q.orders {
		first = append(first, o.column)
	}
	if q.filter != nil {
		for _, n := range q.filter.Names() {
			if column, ok := g.runs.Column(n.Column); ok {
				first = append(first, column)
			}
		}
	}
	most := 0
	if g.screen.Width > 0 {
		most = g.screen.Width/2 + 1 // more than can ever fit
	}
	return search.Best(g.runs, g.rows, first, most)
}
