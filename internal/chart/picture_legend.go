package chart

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"sort"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The measures of a legend.
const (
	legendRow   = 0.36 * vg.Centimeter
	legendStart = 0.8 * vg.Centimeter
	thumbnail   = 0.6 * vg.Centimeter
	afterThumb  = 0.15 * vg.Centimeter
	afterName   = 0.5 * vg.Centimeter
)

// legendRows is how many rows of names a panel has at the most, so that it stays
// a chart, and legendNames how many lines are named in any case: all, if there
// are no more.
const (
	legendRows  = 10
	legendNames = 20
)

// legend is the names of a panel's lines, below it, in as many columns as
// there is room for. Where not all have room, they are in the order of their
// last values, and those in the middle are left out.
type legend struct {
	style  text.Style
	cells  []legendCell
	rows   int
	column vg.Length
	note   string // below the names
}

// legendCell is a name with its line's stroke, or, without one, words.
type legendCell struct {
	name   string
	stroke draw.LineStyle
}

// newLegend lays the names out over a width, in so many rows at the most.
func newLegend(lines []Line, names []string, style text.Style, width vg.Length, most int) *legend {
	l := &legend{style: style}
	width -= legendStart
	frame := thumbnail + afterThumb + afterName
	widest := vg.Length(0)
	for _, name := range names {
		widest = max(widest, style.Width(name))
	}
	columns := max(int(width/(widest+frame)), 1)
	if columns*most < min(len(lines), legendNames) {
		columns = min((legendNames+most-1)/most, 4) // of shortened names
	}
	l.column = width / vg.Length(columns)
	cell := func(i int) legendCell { return legendCell{fit(names[i], style, l.column-frame), lines[i].stroke()} }
	if len(lines) <= columns*most {
		for i := range lines {
			l.cells = append(l.cells, cell(i))
		}
	} else {
		order := byLast(lines)
		above := columns * most / 2
		below := columns*most - 1 - above
		for _, i := range order[:above] {
			l.cells = append(l.cells, cell(i))
		}
		more := "and " + strconv.Itoa(len(lines)-above-below) + " more"
		if long := more + " between, by last value"; style.Width(long) <= l.column-afterName {
			more = long
		}
		l.cells = append(l.cells, legendCell{name: more})
		for _, i := range order[len(order)-below:] {
			l.cells = append(l.cells, cell(i))
		}
	}
	l.rows = (len(l.cells) + columns - 1) / columns
	return l
}

// byLast are the lines in the order of their last finite values, the highest
// first; lines without one come last.
func byLast(lines []Line) []int {
	order, last := make([]int, len(lines)), make([]float64, len(lines))
	for i := range lines {
		order[i], last[i] = i, math.Inf(-1)
		for _, y := range lines[i].Y {
			if isFinite(y) {
				last[i] = y
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(last[b], last[a]) })
	return order
}

// add adds words to the note.
func (l *legend) add(words string) {
	if l.note != "" && words != "" {
		l.note += "; "
	}
	l.note += words
}

func (l *legend) height() vg.Length {
	rows := l.rows
	if l.note != "" {
		rows++
	}
	return vg.Length(rows) * legendRow
}

// draw draws the legend at the foot of a canvas, column by column.
func (l *legend) draw(c draw.Canvas) {
	corner := func(i int) vg.Point {
		return vg.Point{X: c.Min.X + legendStart + vg.Length(i/l.rows)*l.column,
			Y: c.Min.Y + l.height() - vg.Length(i%l.rows+1)*legendRow}
	}
	for i, cell := range l.cells {
		at := corner(i)
		y := at.Y + legendRow/2
		if cell.stroke.Color == nil {
			c.FillText(l.style, vg.Point{X: at.X, Y: y}, cell.name)
			continue
		}
		c.StrokeLine2(cell.stroke, at.X, y, at.X+thumbnail, y)
		c.FillText(l.style, vg.Point{X: at.X + thumbnail + afterThumb, Y: y}, cell.name)
	}
	if l.note != "" {
		grey := l.style
		grey.Color = color.Gray{Y: 0x60}
		c.FillText(grey, vg.Point{X: c.Min.X + legendStart, Y: c.Min.Y + legendRow/2}, l.note)
	}
}

// fit shortens a text to a width by leaving out its middle: names differ most
// at their ends.
func fit(name string, style text.Style, width vg.Length) string {
	if style.Width(name) <= width {
		return name
	}
	runes := []rune(name)
	short := func(n int) string { return string(runes[:n/3]) + "…" + string(runes[len(runes)-n+n/3:]) }
	tooLong := sort.Search(len(runes), func(n int) bool { return style.Width(short(n)) > width })
	return short(max(tooLong-1, 0))
}
