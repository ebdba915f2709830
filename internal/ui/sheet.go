package ui

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Column is a column of a table for people.
type Column struct {
	Head  string
	Right bool // aligned
	// Floor is how narrow the column may become before others are left out;
	// its cells are then shortened. 0: it keeps its width.
	Floor int
	// Whole says that the column becomes narrow only when no other can be left
	// out for it.
	Whole bool
	// Leave says when the column is left out for want of room: the higher, the
	// sooner. 0: never.
	Leave int
}

// gap is the space between columns, and narrowest the least that is left of a
// column that can be shortened.
const (
	gap       = 2
	narrowest = 6
)

// Sheet is a table for people: columns that fit the screen, no lines.
type Sheet struct {
	Screen  Screen
	Indent  int
	Columns []Column
	rows    [][]string
}

// Add adds a row, with a cell a column.
func (s *Sheet) Add(cells ...string) { s.rows = append(s.rows, cells) }

// Write lays the sheet out and writes it.
func (s *Sheet) Write(w io.Writer) error {
	widths := s.fit()
	t := table.NewWriter()
	style := table.Style{Name: "plain", Box: table.BoxStyle{PaddingRight: strings.Repeat(" ", gap)}}
	style.Format.Header = text.FormatUpper
	t.SetStyle(style)
	var configs []table.ColumnConfig // of those that are shown
	for i, c := range s.Columns {
		if widths[i] == 0 {
			continue
		}
		align := text.AlignLeft
		if c.Right {
			align = text.AlignRight
		}
		configs = append(configs, table.ColumnConfig{Number: len(configs) + 1, Align: align, AlignHeader: align})
	}
	t.SetColumnConfigs(configs)
	t.AppendHeader(s.row(s.heads(), widths))
	for _, row := range s.rows {
		t.AppendRow(s.row(row, widths))
	}
	return s.writeLines(w, t.Render())
}

// writeLines indents lines, the first of which is the header.
func (s *Sheet) writeLines(w io.Writer, lines string) error {
	var b strings.Builder
	for i, line := range strings.Split(lines, "\n") {
		line = strings.TrimRight(line, " ")
		if i == 0 {
			line = s.Screen.Paint(Faint, line)
		}
		b.WriteString(strings.Repeat(" ", s.Indent) + line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Sheet) heads() []string {
	heads := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		heads[i] = c.Head
	}
	return heads
}

func (s *Sheet) row(cells []string, widths []int) table.Row {
	row := make(table.Row, 0, len(cells))
	for i, cell := range cells {
		if widths[i] == 0 {
			continue
		}
		if s.Columns[i].Floor > 0 && s.Screen.Width > 0 {
			cell = s.Screen.Shorten(cell, widths[i])
		}
		row = append(row, cell)
	}
	return row
}

// fit gives each column its width; 0 leaves it out. A column without a cell
// is left out, too.
func (s *Sheet) fit() []int {
	widths := make([]int, len(s.Columns))
	for _, row := range s.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(cell))
		}
	}
	for i, w := range widths {
		if w > 0 {
			widths[i] = max(w, len(s.Columns[i].Head))
		}
	}
	if s.Screen.Width == 0 {
		return widths
	}
	room := s.Screen.Width - s.Indent
	for s.needs(widths) > room && s.leaveOut(widths) {
	}
	s.shrink(widths, room)
	return widths
}

// needs is the width of the sheet with each column as narrow as it may be.
func (s *Sheet) needs(widths []int) int {
	n := -gap
	for i, w := range widths {
		if floor := s.Columns[i].Floor; floor > 0 && !s.Columns[i].Whole {
			w = min(w, floor)
		}
		if w > 0 {
			n += w + gap
		}
	}
	return n
}

// leaveOut leaves the column out that goes first, if one may.
func (s *Sheet) leaveOut(widths []int) bool {
	first := -1
	for i, c := range s.Columns {
		if widths[i] > 0 && c.Leave > 0 && (first < 0 || c.Leave > s.Columns[first].Leave) {
			first = i
		}
	}
	if first >= 0 {
		widths[first] = 0
	}
	return first >= 0
}

// shrink takes width from the widest column that may be shortened until all
// fit, and from columns that are to be whole only when no other has any left.
func (s *Sheet) shrink(widths []int, room int) {
	for {
		total, widest := -gap, -1
		for i, w := range widths {
			if w == 0 {
				continue
			}
			total += w + gap
			if s.Columns[i].Floor > 0 && w > narrowest && (widest < 0 || s.goesBefore(i, widest, widths)) {
				widest = i
			}
		}
		if total <= room || widest < 0 {
			return
		}
		widths[widest]--
	}
}

// goesBefore reports whether column i is shortened before column j.
func (s *Sheet) goesBefore(i, j int, widths []int) bool {
	if s.Columns[i].Whole != s.Columns[j].Whole {
		return s.Columns[j].Whole
	}
	return widths[i] > widths[j]
}
