package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The most that a heat map of a picture is made of.
const (
	heatBands  = 256
	heatRows   = 64
	heatLevels = 32
)

// overlap is how far a cell lies below the next one, so that nothing is seen
// between them.
const overlap = vg.Length(0.3)

// heatMap draws a heat map.
type heatMap struct{ heat }

// Plot fills the cells, but for those that count nothing.
func (m heatMap) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	low, high := p.Y.Min, p.Y.Max
	edge := func(row int) vg.Length {
		share := float64(row) / float64(m.rows)
		return y(low*(1-share) + high*share)
	}
	for i := range m.bands {
		band := &m.bands[i]
		for row := 0; row < m.rows; {
			level, end := m.level(band.shares[row], heatLevels), row+1
			for end < m.rows && m.level(band.shares[end], heatLevels) == level {
				end++
			}
			if level > 0 {
				c.SetColor(heatColour(float64(level) / heatLevels))
				right, top := min(x(band.right)+overlap, c.Max.X), min(edge(end)+overlap, c.Max.Y)
				c.Fill(vg.Rectangle{Min: vg.Point{X: x(band.left), Y: edge(row)},
					Max: vg.Point{X: right, Y: top}}.Path())
			}
			row = end
		}
	}
}

// heatColour is between a pale and a dark blue: darker is more, for people who see
// colours differently and on paper too.
func heatColour(share float64) color.Color {
	from, to := [3]float64{0xe3, 0xee, 0xf7}, [3]float64{0x00, 0x2a, 0x4e}
	mix := func(i int) uint8 { return uint8(math.Round(from[i] + (to[i]-from[i])*share)) }
	return color.RGBA{R: mix(0), G: mix(1), B: mix(2), A: 0xff}
}
