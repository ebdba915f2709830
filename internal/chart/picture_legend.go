package chart

import (
	"fmt"
	"sort"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The measures of a legend. Its rows are so few that the panel stays a chart.
const (
	legendRows  = 6
	legendRow   = 0.36 * vg.Centimeter
	legendStart = 0.8 * vg.Centimeter
	thumbnail   = 0.6 * vg.Centimeter
	afterThumb  = 0.15 * vg.Centimeter
	afterName   = 0.5 * vg.Centimeter
)

// legend is the names of a panel's lines, below it, in as many columns as
// there is room for.
type legend struct {
	style   text.Style
	names   []string
	strokes []draw.LineStyle
	more    int // lines that there is no room for
	rows    int
	column  vg.Length
}

// newLegend lays the names out over a width.
func newLegend(lines []Line, names []string, style text.Style, width vg.Length) *legend {
	l := &legend{style: style}
	width -= legendStart
	frame := thumbnail + afterThumb + afterName
	widest := vg.Length(0)
	for _, name := range names {
		widest = max(widest, style.Width(name))
	}
	columns := max(int(width/(widest+frame)), 1)
	if columns == 1 && len(lines) > legendRows {
		columns = 2 // of shortened names
	}
	l.column = width / vg.Length(columns)
	shown := len(lines)
	if shown > columns*legendRows {
		shown = columns*legendRows - 1
		l.more = len(lines) - shown
	}
	for i := range shown {
		l.names = append(l.names, fit(names[i], style, l.column-frame))
		l.strokes = append(l.strokes, lines[i].stroke())
	}
	cells := shown + min(l.more, 1)
	l.rows = (cells + columns - 1) / columns
	return l
}

func (l *legend) height() vg.Length { return vg.Length(l.rows) * legendRow }

// draw draws the legend at the foot of a canvas, column by column.
func (l *legend) draw(c draw.Canvas) {
	corner := func(i int) vg.Point {
		return vg.Point{X: c.Min.X + legendStart + vg.Length(i/l.rows)*l.column, Y: c.Min.Y + l.height() - vg.Length(i%l.rows+1)*legendRow}
	}
	for i, name := range l.names {
		at := corner(i)
		y := at.Y + legendRow/2
		c.StrokeLine2(l.strokes[i], at.X, y, at.X+thumbnail, y)
		c.FillText(l.style, vg.Point{X: at.X + thumbnail + afterThumb, Y: y}, name)
	}
	if l.more > 0 {
		at := corner(len(l.names))
		c.FillText(l.style, vg.Point{X: at.X, Y: at.Y + legendRow/2}, "and "+strconv.Itoa(l.more)+" more")
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

// inFont writes signs that the pictures' font has not got as \uNNNN, since they
// would all be the same box.
func inFont(name string) string {
	face := font.DefaultCache.Lookup(sans(8), vg.Points(8)).Face
	var out []byte
	for _, r := range name {
		switch glyph, err := face.GlyphIndex(nil, r); {
		case err == nil && glyph != 0:
			out = append(out, string(r)...)
		case r > 0xffff:
			out = fmt.Appendf(out, `\U%08x`, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return string(out)
}
