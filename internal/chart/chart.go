package chart

import (
	"math"
	"strconv"
)

// Chart is lines over a common axis, or histograms over it as a heat map.
type Chart struct {
	Title  string
	XLabel string
	YLabel string // empty: the title says it
	Time   bool   // X is seconds since the epoch
	Whole  bool   // X is whole numbers, and so are its ticks
	Log    bool   // the Y axis is logarithmic
	Unit   bool   // both axes go from 0 to 1
	Lines  []Line
	// Histograms are drawn instead of lines, if there are any.
	Histograms []Histogram
	Note       string // a line of words about the whole
}

// Line is one series. X and Y have the same length.
type Line struct {
	Name   string
	Colour int // lines of one number have one colour, in all charts
	X, Y   []float64
	// Words stand in a terminal's legend instead of the last value, if set.
	Words string
	// Raw, if set, is Y before it was smoothed. Pictures show it behind the line.
	Raw []float64
}

// drawable reports whether point i of ys can be drawn.
func (c *Chart) drawable(l *Line, ys []float64, i int) bool {
	return isFinite(l.X[i]) && isFinite(ys[i]) && (!c.Log || ys[i] > 0)
}

// omitted is how many points of a line cannot be drawn.
func (c *Chart) omitted(l *Line) (n int) {
	for i := range l.Y {
		if !c.drawable(l, l.Y, i) {
			n++
		}
	}
	return n
}

// remark says what of a line cannot be drawn.
func (c *Chart) remark(l *Line) string {
	if n := c.omitted(l); n > 0 {
		return " (" + strconv.Itoa(n) + " not drawn)"
	}
	return ""
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// bounds are the ends of the axes. Those of a logarithmic axis are logarithms.
type bounds struct{ left, right, low, high float64 }

// bounds finds the ends of the axes; ok is false where nothing can be drawn.
// withRaw takes the lines behind the lines in.
func (c *Chart) bounds(withRaw bool) (b bounds, ok bool) {
	if len(c.Histograms) > 0 {
		return c.heatBounds()
	}
	b = bounds{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for i := range c.Lines {
		l := &c.Lines[i]
		b.include(c, l, l.Y)
		if withRaw && l.Raw != nil {
			b.include(c, l, l.Raw)
		}
	}
	if b.left > b.right {
		return b, false
	}
	if c.Unit {
		return bounds{0, 1, 0, 1}, true
	}
	b.left, b.right = widen(b.left, b.right)
	b.low, b.high = widen(b.low, b.high)
	return b, true
}

func (b *bounds) include(c *Chart, l *Line, ys []float64) {
	for i := range ys {
		if c.drawable(l, ys, i) {
			y := c.height(ys[i])
			b.left, b.right = min(b.left, l.X[i]), max(b.right, l.X[i])
			b.low, b.high = min(b.low, y), max(b.high, y)
		}
	}
}

// height is where a value stands on the Y axis.
func (c *Chart) height(y float64) float64 {
	if c.Log {
		return math.Log10(y)
	}
	return y
}

// widen makes ends that ticks can be put between: not the same, as those of a
// constant series are, and not further apart than a float64 can say.
func widen(low, high float64) (float64, float64) {
	const most = math.MaxFloat64 / 4
	low, high = max(low, -most), min(high, most)
	middle := low/2 + high/2
	if least := max(math.Abs(middle)*1e-9, 1e-300); high-low < least {
		pad := max(math.Abs(middle)*0.05, 1e-300)
		if middle == 0 {
			pad = 1
		}
		return middle - pad, middle + pad
	}
	return low, high
}
