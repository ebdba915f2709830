package ui

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Grid is a table for people of very many rows. It asks for each cell twice, to
// measure and to write, and keeps none.
type Grid struct {
	Screen  Screen
	Rows    int
	Columns []GridColumn // those most wanted first
}

// GridColumn is a column of a grid.
type GridColumn struct {
	Head string
	// Cut is the width that the cells may be shortened to; 0: they are numbers
	// or times, which are aligned to the right and never shortened.
	Cut int
	// Place orders the columns that there is room for, the lowest first; those
	// of one place stay in the order of Columns.
	Place int
	Cell  func(row int) string
}

// cutHead is the width that a head is cut to on a screen that is too narrow
// for all columns.
const cutHead = 20

// placed is a column with its widths.
type placed struct {
	*GridColumn
	natural int // that nothing is cut at
	width   int
}

// Write writes the columns that there is room for, and returns how many there
// is none for.
func (g *Grid) Write(to io.Writer) (hidden int, err error) {
	shown, hidden := g.fit()
	w := bufio.NewWriter(to)
	g.line(w, shown, func(c *placed) string { return c.Head })
	for row := range g.Rows {
		g.line(w, shown, func(c *placed) string { return c.Cell(row) })
	}
	return hidden, w.Flush()
}

// fit chooses the columns that there is room for.
func (g *Grid) fit() (shown []*placed, hidden int) {
	room := g.Screen.Width
	for k := range g.Columns {
		c := g.measure(&g.Columns[k])
		if g.Screen.Width == 0 {
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
	slices.SortStableFunc(shown, func(a, b *placed) int { return cmp.Compare(a.Place, b.Place) })
	g.widen(shown, room)
	return shown, hidden
}

// measure finds the widths of a column.
func (g *Grid) measure(column *GridColumn) *placed {
	widest := 0
	for row := range g.Rows {
		widest = max(widest, Width(column.Cell(row)))
	}
	head := Width(column.Head)
	c := &placed{GridColumn: column, natural: max(widest, head)}
	if c.Cut > 0 {
		widest = min(widest, c.Cut)
	}
	c.width = max(widest, min(head, cutHead))
	if g.Screen.Width > 0 {
		c.width = min(c.width, g.Screen.Width)
	}
	return c
}

// widen gives columns that are cut what room is left.
func (g *Grid) widen(columns []*placed, room int) {
	if g.Screen.Width == 0 {
		return
	}
	for _, c := range columns {
		more := max(0, min(c.natural-c.width, room))
		c.width += more
		room -= more
	}
}

func (g *Grid) line(w *bufio.Writer, columns []*placed, cell func(*placed) string) {
	var b strings.Builder
	for k, c := range columns {
		if k > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		s := cell(c)
		width := Width(s)
		if width > c.width {
			s = g.Screen.Shorten(s, c.width)
			width = Width(s)
		}
		pad := strings.Repeat(" ", max(0, c.width-width))
		if c.Cut == 0 {
			b.WriteString(pad + s)
		} else {
			b.WriteString(s + pad)
		}
	}
	w.WriteString(strings.TrimRight(b.String(), " ") + "\n") // Flush returns its error
}

// Width is the columns that a text takes, which has no colours.
func Width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return text.StringWidth(s)
		}
	}
	return len(s) // the usual case: StringWidth is slow
}
