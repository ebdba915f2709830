package chart

import (
	"image/color"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The size of a panel, which is that of a figure over a page's width, and of
// its dots in PNG.
const (
	panelWidth  = 16 * vg.Centimeter
	panelHeight = 9 * vg.Centimeter
	panelDPI    = 300
)

// MostPanels is how many charts a picture may hold.
const MostPanels = 40

// PNG writes the charts as one picture: below each other, in two columns if
// there are more than three.
func PNG(w io.Writer, charts []Chart) error {
	width, height := size(len(charts))
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(panelDPI), vgimg.UseBackgroundColor(color.White))
	if err := panels(draw.New(canvas), charts); err != nil {
		return err
	}
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	return err
}

// SVG writes the charts as PNG does.
func SVG(w io.Writer, charts []Chart) error {
	width, height := size(len(charts))
	canvas := vgsvg.New(width, height)
	if err := panels(draw.New(canvas), charts); err != nil {
		return err
	}
	_, err := canvas.WriteTo(w)
	return err
}

// grid is the columns and rows of n panels.
func grid(n int) (columns, rows int) {
	columns = 1
	if n > 3 {
		columns = 2
	}
	return columns, max((n+columns-1)/columns, 1)
}

func size(n int) (width, height vg.Length) {
	columns, rows := grid(n)
	return vg.Length(columns) * panelWidth, vg.Length(rows) * panelHeight
}

func panels(c draw.Canvas, charts []Chart) error {
	columns, rows := grid(len(charts))
	tiles := draw.Tiles{Cols: columns, Rows: rows}
	for i := range charts {
		if err := charts[i].panel(tiles.At(c, i%columns, i/columns)); err != nil {
			return err
		}
	}
	return nil
}

// panel draws one chart, with its legend below it.
func (c *Chart) panel(canvas draw.Canvas) error {
	const border = 0.3 * vg.Centimeter
	canvas = draw.Crop(canvas, border, -border, border, -border)
	p := plot.New()
	p.Title.Text = c.Title
	p.X.Label.Text = c.XLabel
	style(p)
	b, ok := c.bounds(true)
	if !ok {
		p.Title.Text += " (nothing to draw)"
		b = bounds{0, 1, 0, 1}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = ticker(c.xTicks(b, 8)), ticker(c.yTicks(b, 8))
	p.Add(gridLines())
	legend := plot.NewLegend()
	legend.TextStyle.Font = sans(8)
	legend.Left, legend.XOffs = true, 1*vg.Centimeter
	legend.Padding = vg.Points(2)
	legend.ThumbnailWidth = 0.6 * vg.Centimeter
	for i := range c.Lines {
		if err := c.addLine(p, &legend, &c.Lines[i]); err != nil {
			return err
		}
	}
	air := (b.high - b.low) * 0.02 // for the width of the lines
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = b.left, b.right, b.low-air, b.high+air
	height := legend.Rectangle(canvas).Size().Y
	// A legend that fills the picture leaves nothing of it.
	if height > panelHeight/2 {
		p.Title.Text += " (" + strconv.Itoa(len(c.Lines)) + " lines)"
		height = 0
	} else {
		legend.Draw(canvas)
	}
	p.Draw(draw.Crop(canvas, 0, 0, height+0.1*vg.Centimeter, 0))
	return nil
}

// addLine adds each unbroken stretch of a line.
func (c *Chart) addLine(p *plot.Plot, legend *plot.Legend, l *Line) error {
	stroke := strokes()[l.Colour%len(strokes())]
	if l.Raw != nil {
		behind := stroke
		behind.Color = fade(behind.Color)
		if err := c.addStretches(p, l, l.Raw, behind); err != nil {
			return err
		}
	}
	if err := c.addStretches(p, l, l.Y, stroke); err != nil {
		return err
	}
	name := l.Name
	if n := c.omitted(l); n > 0 {
		name += " (" + strconv.Itoa(n) + " not drawn)"
	}
	legend.Add(name, &plotter.Line{LineStyle: stroke})
	return nil
}

func (c *Chart) addStretches(p *plot.Plot, l *Line, ys []float64, stroke draw.LineStyle) error {
	for from := 0; from < len(ys); {
		if !c.drawable(l, ys, from) {
			from++
			continue
		}
		end := from
		for end < len(ys) && c.drawable(l, ys, end) {
			end++
		}
		if err := addStretch(p, c.thin(l.X[from:end], ys[from:end]), stroke); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// addStretch adds a line, or a dot where there is one point.
func addStretch(p *plot.Plot, points plotter.XYs, stroke draw.LineStyle) error {
	if len(points) == 1 {
		dot, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		dot.GlyphStyle = draw.GlyphStyle{Color: stroke.Color, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}
		p.Add(dot)
		return nil
	}
	line, err := plotter.NewLine(points)
	if err != nil {
		return err
	}
	line.LineStyle = stroke
	p.Add(line)
	return nil
}

// thinTo is how many stretches a line is thinned to: more than a panel has
// dots.
const thinTo = 4096

// thin gives the points of a line, of a very long one the first, lowest,
// highest and last of each of many stretches: what is left out would be drawn
// over by what is kept.
func (c *Chart) thin(xs, ys []float64) plotter.XYs {
	every := len(xs)/thinTo + 1
	if every <= 4 {
		every = 1
	}
	var points plotter.XYs
	for from := 0; from < len(xs); from += every {
		end := min(from+every, len(xs))
		low, high := from, from
		for i := from; i < end; i++ {
			if ys[i] < ys[low] {
				low = i
			}
			if ys[i] > ys[high] {
				high = i
			}
		}
		last := -1
		for _, i := range []int{from, min(low, high), max(low, high), end - 1} {
			if i != last {
				points = append(points, plotter.XY{X: xs[i], Y: c.height(ys[i])})
			}
			last = i
		}
	}
	return points
}

// strokes are the styles of lines, by their colour: those of Okabe and Ito,
// which can be told apart by people who see colours differently; then dashed.
func strokes() []draw.LineStyle {
	var styles []draw.LineStyle
	for _, dashes := range [][]vg.Length{nil, {vg.Points(4), vg.Points(2)}} {
		for _, rgb := range []uint32{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000} {
			c := color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
			styles = append(styles, draw.LineStyle{Color: c, Width: vg.Points(1.2), Dashes: dashes})
		}
	}
	return styles
}

// fade lightens a colour, on white.
func fade(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	lighter := func(x uint32) uint8 { return uint8(255 - (255-math.Min(float64(x>>8), 255))*0.25) }
	return color.RGBA{R: lighter(r), G: lighter(g), B: lighter(b), A: 0xff}
}

func gridLines() *plotter.Grid {
	grid := plotter.NewGrid()
	pale := draw.LineStyle{Color: color.Gray{Y: 0xe4}, Width: vg.Points(0.5)}
	grid.Vertical, grid.Horizontal = pale, pale
	return grid
}

func style(p *plot.Plot) {
	p.Title.TextStyle.Font = sans(11)
	p.X.Label.TextStyle.Font = sans(9)
	p.X.Tick.Label.Font = sans(8)
	p.Y.Tick.Label.Font = sans(8)
	p.Title.Padding = vg.Points(4)
	p.X.Padding, p.Y.Padding = 0, 0
}

func sans(points float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(points)}
}

// ticker gives ticks that are there already.
type ticker []tick

// Ticks are those within the axis.
func (t ticker) Ticks(low, high float64) (ticks []plot.Tick) {
	for _, x := range t {
		ticks = append(ticks, plot.Tick{Value: x.at, Label: x.label})
	}
	return ticks
}
