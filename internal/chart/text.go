package chart

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Text says how a chart becomes text.
type Text struct {
	Width, Height int // columns and lines of the whole chart, but for its legend
	Unicode       bool
	Colour        bool
	Legend        int                                 // lines of the legend, at most; 0: all
	Shorten       func(text string, width int) string // makes a name fit
	Number        func(float64) string
}

// The least that a chart needs to be one.
const (
	leastWidth  = 20
	leastHeight = 6
)

// inks are the SGR parameters of lines, by their colour.
func inks() []string { return []string{"36", "33", "35", "32", "94", "31", "96", "93", "95", "92"} }

// signs are what a chart's frame is made of.
type signs struct{ vertical, tick, corner, horizontal, below string }

func (t *Text) signs() signs {
	if t.Unicode {
		return signs{"│", "┤", "└", "─", "┬"}
	}
	return signs{"|", "+", "+", "-", "+"}
}

// Draw gives the chart as lines of text.
func (c *Chart) Draw(t Text) string {
	t.Width, t.Height = max(t.Width, leastWidth), max(t.Height, leastHeight)
	var out strings.Builder
	if c.Title != "" {
		title := c.Title
		if c.YLabel != "" {
			title += "  (" + c.YLabel + ")"
		}
		out.WriteString(t.paint("1", t.Shorten(title, t.Width)) + "\n")
	}
	notes := []string{c.Note}
	if b, ok := c.bounds(false); ok {
		notes = append(notes, c.drawFrame(&out, t, b))
	} else {
		out.WriteString("  nothing to draw\n")
	}
	named := len(c.Lines)
	if t.Legend > 0 && named > t.Legend {
		named = t.Legend - 1
	}
	for i := range named {
		out.WriteString(c.legendLine(t, i) + "\n")
	}
	if more := len(c.Lines) - named; more > 0 {
		fmt.Fprintf(&out, "  and %d more\n", more)
	}
	for _, note := range notes {
		if note != "" {
			out.WriteString("  " + note + "\n")
		}
	}
	return out.String()
}

// braille says whether lines are drawn with dots. Where colours do not tell
// several lines apart, signs do.
func (c *Chart) braille(t Text) bool {
	return t.Unicode && (len(c.Lines) == 1 || t.Colour && c.coloursDiffer())
}

func (c *Chart) coloursDiffer() bool {
	seen := make(map[string]bool)
	for i := range c.Lines {
		seen[c.ink(i)] = true
	}
	return len(seen) == len(c.Lines)
}

func (t *Text) paint(ink, s string) string {
	if !t.Colour || s == "" {
		return s
	}
	return "\x1b[" + ink + "m" + s + "\x1b[0m"
}

// drawFrame draws the axes and what is between them, and gives a line about it, if
// there is something to say.
func (c *Chart) drawFrame(out *strings.Builder, t Text, b bounds) (note string) {
	yTicks := c.yTicks(b, max(t.Height/4, 2))
	margin := 0
	for _, y := range yTicks {
		margin = max(margin, len(y.label))
	}
	width, height := max(t.Width-margin-1, 4), t.Height-4 // title, axis, its labels, its name
	rows, note := c.rows(t, b, width, height)
	labels := make([]string, height)
	for _, y := range yTicks {
		labels[height-1-place(y.at, b.low, b.high, height)] = y.label
	}
	s := t.signs()
	for row, label := range labels {
		edge := s.vertical
		if label != "" {
			edge = s.tick
		}
		fmt.Fprintf(out, "%*s%s%s\n", margin, label, edge, rows[row])
	}
	c.drawXAxis(out, t, b, margin, width)
	return note
}

// rows are the lines of text between the axes, and a line about them.
func (c *Chart) rows(t Text, b bounds, width, height int) (rows []string, note string) {
	if len(c.Histograms) > 0 {
		return c.heatRows(t, b, width, height)
	}
	r := newRaster(width, height, c.braille(t))
	for i := range c.Lines {
		r.draw(c, b, i)
	}
	for y := range height {
		rows = append(rows, c.rasterRow(t, r, y))
	}
	return rows, ""
}

func (c *Chart) rasterRow(t Text, r *raster, y int) string {
	var row, same strings.Builder
	last := -1
	flush := func() {
		if last >= 0 {
			row.WriteString(t.paint(c.ink(last), same.String()))
		} else {
			row.WriteString(same.String())
		}
		same.Reset()
	}
	for x := range r.width {
		sign, owner := r.cell(x, y)
		if owner != last {
			flush()
			last = owner
		}
		same.WriteRune(sign)
	}
	if last >= 0 {
		flush()
	}
	return row.String()
}

func (c *Chart) ink(line int) string { return inks()[c.Lines[line].Colour%len(inks())] }

// drawXAxis draws the axis with as many labels as have room beside each other.
func (c *Chart) drawXAxis(out *strings.Builder, t Text, b bounds, margin, width int) {
	s := t.signs()
	axis := strings.Split(strings.Repeat(s.horizontal, width), "")
	labels := []byte(strings.Repeat(" ", margin+1+width))
	free := 0
	for _, x := range c.xTicks(b, max(width/12, 2)) {
		at := place(x.at, b.left, b.right, width)
		start := min(max(margin+1+at-len(x.label)/2, 0), len(labels)-len(x.label))
		if start < free {
			continue
		}
		axis[at] = s.below
		copy(labels[start:], x.label)
		free = start + len(x.label) + 2
	}
	fmt.Fprintf(out, "%s%s%s\n", strings.Repeat(" ", margin), s.corner, strings.Join(axis, ""))
	fmt.Fprintf(out, "%s\n", strings.TrimRight(string(labels), " "))
	name := c.xName(b)
	fmt.Fprintf(out, "%*s\n", margin+1+(width+len(name))/2, name)
}

// legendLine is a line's sign and name, its last value, and what is not drawn.
func (c *Chart) legendLine(t Text, i int) string {
	l := &c.Lines[i]
	mark := string(lineMarks[i%len(lineMarks)])
	if c.braille(t) {
		mark = "━"
	}
	words := l.Words
	if n := len(l.Y); words == "" && n > 0 {
		words = t.Number(l.Y[n-1])
	}
	if words != "" {
		words = "  " + words
	}
	if remark := c.remark(l); remark != "" {
		words += " " + remark
	}
	name := t.Shorten(l.Name, max(t.Width-4-text.StringWidth(words), 8))
	return "  " + t.paint(c.ink(i), mark) + " " + name + words
}
