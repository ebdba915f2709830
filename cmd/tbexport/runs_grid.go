package main

import (
	"bufio"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/text"

	"tbexport/convert/table"
	"tbexport/eventfile"
)

// grid lays rows of the runs table out for people. It formats each cell twice,
// to measure and to write, and keeps none: there may be a million.
type grid struct {
	screen screen
	runs   *table.Runs
	rows   []int
}

func newGrid(s screen, runs *table.Runs, rows []int) *grid { return &grid{s, runs, rows} }

// Widths at which texts and heads are cut on a screen that is too narrow for
// all columns.
const (
	cutRun  = 32
	cutText = 20
	cutHead = 20
)

// gridColumn is one column of a grid.
type gridColumn struct {
	column  int
	head    string
	right   bool
	natural int // width that nothing is cut at
	width   int
}

// write writes the columns that there is room for, the first ones being the
// most wanted, and returns how many there is none for.
func (g *grid) write(to io.Writer, columns []int) (hidden int, err error) {
	room := g.screen.width
	var shown []*gridColumn
	for k, i := range columns {
		c := g.measure(i)
		if g.screen.width == 0 {
			c.width = c.natural
			shown = append(shown, c)
			continue
		}
		need := c.width
		if k > 0 {
			need += gap
		}
		if need > room {
			hidden++
			continue
		}
		room -= need
		shown = append(shown, c)
	}
	g.widen(shown, room)
	w := bufio.NewWriter(to)
	g.line(w, shown, func(c *gridColumn) string { return c.head })
	for _, row := range g.rows {
		g.line(w, shown, func(c *gridColumn) string { return g.cell(row, c.column) })
	}
	return hidden, w.Flush()
}

// measure finds the widths of a column: numbers and times are never cut.
func (g *grid) measure(column int) *gridColumn {
	c := &gridColumn{column: column, head: g.screen.name(g.runs.Columns[column].Name)}
	widest, texts := 0, false
	for _, row := range g.rows {
		cell := g.runs.Cell(row, column)
		texts = texts || cell.Kind == table.CellText
		widest = max(widest, widthOf(g.cell(row, column)))
	}
	c.right = !texts
	head := widthOf(c.head)
	c.natural = max(widest, head)
	limit := cutText
	if g.runs.Columns[column].Name == table.ColumnRun {
		limit = cutRun
	}
	if texts {
		widest = min(widest, limit)
	}
	c.width = max(widest, min(head, cutHead))
	if g.screen.width > 0 {
		c.width = min(c.width, g.screen.width)
	}
	return c
}

// widen gives columns that are cut what room is left.
func (g *grid) widen(columns []*gridColumn, room int) {
	if g.screen.width == 0 {
		return
	}
	for _, c := range columns {
		more := max(0, min(c.natural-c.width, room))
		c.width += more
		room -= more
	}
}

func (g *grid) line(w *bufio.Writer, columns []*gridColumn, cell func(*gridColumn) string) {
	var b strings.Builder
	for k, c := range columns {
		if k > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		s := cell(c)
		width := widthOf(s)
		if width > c.width {
			s = g.screen.shorten(s, c.width)
			width = widthOf(s)
		}
		pad := strings.Repeat(" ", max(0, c.width-width))
		if c.right {
			b.WriteString(pad + s)
		} else {
			b.WriteString(s + pad)
		}
	}
	w.WriteString(strings.TrimRight(b.String(), " ") + "\n") // Flush returns its error
}

// cell is what a cell looks like.
func (g *grid) cell(row, column int) string {
	switch c := g.runs.Cell(row, column); c.Kind {
	case table.CellText:
		return g.screen.name(c.Text)
	case table.CellNumber:
		return g.number(column, c.Number)
	case table.CellInteger:
		return humanize.Comma(c.Integer)
	case table.CellBool:
		return eventfile.HParam{Kind: eventfile.HParamBool, Bool: c.Bool}.String()
	case table.CellTime:
		return showTime(c.Seconds)
	}
	return ""
}

// number shows settings exactly and measurements with five digits.
func (g *grid) number(column int, x float64) string {
	switch c := &g.runs.Columns[column]; {
	case c.Param != nil:
		return eventfile.HParam{Kind: eventfile.HParamNumber, Number: x}.String()
	case c.Name == table.ColumnDuration:
		return showSpan(x)
	}
	return showValue(x)
}

// widthOf is text.StringWidth, which is slow, with the usual case in front.
func widthOf(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return text.StringWidth(s)
		}
	}
	return len(s)
}
