package chart

import (
	"math"
)

// raster is the cells of a terminal that lines are drawn on: with Braille
// dots, two by four a cell, or with a sign for each line.
type raster struct {
	width, height int // cells
	across, down  int // dots a cell
	dots          []uint8
	marks         []rune // instead of the dots, if not 0
	owner         []int  // line drawn last, or -1
}

// The signs of lines that have no colours to be told apart by.
const lineMarks = "*ox#@%&=ABCDEFGHIJKLMNPQRSTUVWYZ"

func newRaster(width, height int, braille bool) *raster {
	r := &raster{width: width, height: height, across: 1, down: 1}
	if braille {
		r.across, r.down = 2, 4
	}
	cells := width * height
	r.dots, r.marks, r.owner = make([]uint8, cells), make([]rune, cells), make([]int, cells)
	for i := range r.owner {
		r.owner[i] = -1
	}
	return r
}

// draw draws a line of the chart: all its points, so that no extreme is lost,
// however many of them share a dot.
func (r *raster) draw(c *Chart, b bounds, n int) {
	l := &c.Lines[n]
	joined := false // the point before was drawn
	var x, y int
	for i := range l.Y {
		if !c.drawable(l, l.Y, i) {
			joined = false
			continue
		}
		nx := place(l.X[i], b.left, b.right, r.width*r.across)
		ny := r.height*r.down - 1 - place(c.height(l.Y[i]), b.low, b.high, r.height*r.down)
		switch {
		case joined && (nx != x || ny != y):
			r.segment(x, y, nx, ny, n)
		case !joined && (i+1 == len(l.Y) || !c.drawable(l, l.Y, i+1)):
			r.single(nx, ny, n)
		case !joined:
			r.dot(nx, ny, n)
		}
		x, y, joined = nx, ny, true
	}
}

// place is the dot of n where x stands between low and high.
func place(x, low, high float64, n int) int {
	share := (x/2 - low/2) / (high/2 - low/2)
	return min(max(int(math.Round(share*float64(n-1))), 0), n-1)
}

// segment draws a straight line (Bresenham's algorithm).
func (r *raster) segment(x, y, toX, toY, n int) {
	dx, dy := abs(toX-x), -abs(toY-y)
	stepX, stepY := sign(toX-x), sign(toY-y)
	for e := dx + dy; ; {
		r.dot(x, y, n)
		if x == toX && y == toY {
			return
		}
		twice := 2 * e
		if twice >= dy {
			e += dy
			x += stepX
		}
		if twice <= dx {
			e += dx
			y += stepY
		}
	}
}

func (r *raster) dot(x, y, n int) {
	cell := y/r.down*r.width + x/r.across
	r.owner[cell] = n
	if r.down == 1 {
		r.marks[cell] = rune(lineMarks[n%len(lineMarks)])
		return
	}
	r.dots[cell] |= brailleDot(x%2, y%4)
}

// single draws a point without neighbours, which as a dot would be overlooked.
func (r *raster) single(x, y, n int) {
	r.dot(x, y, n)
	if r.down > 1 {
		r.marks[y/r.down*r.width+x/r.across] = '●'
	}
}

// brailleDot is the bit of a dot in a Braille sign (U+2800 and on): the first
// three rows count downwards, column by column, and the fourth came later.
func brailleDot(x, y int) uint8 {
	if y == 3 {
		return 0x40 << x
	}
	return 1 << (3*x + y)
}

// cell is the sign of a cell, a space for an empty one, and its line.
func (r *raster) cell(x, y int) (rune, int) {
	i := y*r.width + x
	switch {
	case r.owner[i] < 0:
		return ' ', -1
	case r.marks[i] != 0:
		return r.marks[i], r.owner[i]
	}
	return 0x2800 + rune(r.dots[i]), r.owner[i]
}

func abs(x int) int { return max(x, -x) }

func sign(x int) int { return min(max(x, -1), 1) }
