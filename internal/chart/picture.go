package chart

import (
	"bytes"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
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
	leastDPI    = 100
)

// Size is that of a panel in dots of PNG; SVG has the same proportions. The
// zero Size is that of a figure over a page's width, 1890 by 1063, and as much
// higher as a long legend needs. A narrower panel has smaller letters down to a
// third, a wider one more room.
type Size struct{ Width, Height int }

// page is a picture's layout.
type page struct {
	width, height vg.Length // of a panel
	dpi           int
	rows          int // that a legend may have
}

// layout gives charts their room.
func (s Size) layout(charts []Chart, l letters, shown func(string) string) page {
	p := page{width: panelWidth, dpi: panelDPI, rows: legendRows}
	if s.Width > 0 {
		natural := float64(panelWidth / vg.Inch * panelDPI)
		p.dpi = min(max(int(panelDPI*float64(s.Width)/natural), leastDPI), panelDPI)
		p.width = vg.Length(s.Width) / vg.Length(p.dpi) * vg.Inch
	}
	if s.Height > 0 {
		p.height = vg.Length(s.Height) / vg.Length(p.dpi) * vg.Inch
		p.rows = min(max(int(p.height*0.4/legendRow), 1), legendRows)
		return p
	}
	rows := 0
	for i := range charts {
		rows = max(rows, charts[i].legend(l, shown, p.width-2*border, p.rows).rows)
	}
	p.height = panelHeight + vg.Length(max(rows-6, 0))*legendRow
	return p
}

// MostPanels is how many charts a picture may hold.
const MostPanels = 40

// PNG writes the charts as one picture: below each other, in two columns if
// there are more than three. Signs that its fonts do not have are escaped, which
// the picture then says.
func PNG(w io.Writer, charts []Chart, s Size) error {
	l := letters{Plain: text.Plain{Fonts: font.DefaultCache}}
	shown := func(name string) string {
		name, _ = l.inFonts(name)
		return name
	}
	page := s.layout(charts, l, shown)
	width, height := page.size(len(charts))
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(page.dpi), vgimg.UseBackgroundColor(color.White))
	if err := page.draw(draw.New(canvas), charts, l, shown); err != nil {
		return err
	}
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	return err
}

// SVG writes the charts as PNG does, but for their texts: those are drawn by
// who shows it, with fonts of their own.
func SVG(w io.Writer, charts []Chart, s Size) error {
	l := letters{Plain: text.Plain{Fonts: font.DefaultCache}, byViewer: true}
	asIs := func(name string) string { return name }
	page := s.layout(charts, l, asIs)
	width, height := page.size(len(charts))
	canvas := vgsvg.New(width, height)
	if err := page.draw(draw.New(canvas), charts, l, asIs); err != nil {
		return err
	}
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return err
	}
	// A viewer without the font takes another without serifs. No name can look
	// like an attribute, since its quotes are escaped.
	const family = `style="font-family:Liberation Sans`
	_, err := w.Write(bytes.ReplaceAll(svg.Bytes(), []byte(family+";"), []byte(family+",sans-serif;")))
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

func (p *page) size(n int) (width, height vg.Length) {
	columns, rows := grid(n)
	return vg.Length(columns) * p.width, vg.Length(rows) * p.height
}

func (p *page) draw(c draw.Canvas, charts []Chart, l letters, shown func(string) string) error {
	columns, rows := grid(len(charts))
	tiles := draw.Tiles{Cols: columns, Rows: rows}
	for i := range charts {
		if err := charts[i].panel(tiles.At(c, i%columns, i/columns), l, shown, p.rows); err != nil {
			return err
		}
	}
	return nil
}

// border is left free around a panel.
const border = 0.3 * vg.Centimeter

// panel draws one chart, with its legend below it. shown makes names such that
// they can be drawn.
func (c *Chart) panel(canvas draw.Canvas, l letters, shown func(string) string, rows int) error {
	canvas = draw.Crop(canvas, border, -border, border, -border)
	p := plot.New()
	p.TextHandler = l
	style(p, l)
	b, ok := c.bounds(true)
	remark := ""
	if !ok {
		remark = " (nothing to draw)"
		b = bounds{0, 1, 0, 1}
	}
	width := canvas.Size().X
	p.Title.Text = fit(shown(c.Title), p.Title.TextStyle, width-p.Title.TextStyle.Width(remark)) + remark
	p.X.Label.Text, p.Y.Label.Text = c.xName(b), c.YLabel
	p.X.Tick.Marker, p.Y.Tick.Marker = ticker(c.xTicks(b, 8)), ticker(c.yTicks(b, 8))
	air := (b.high - b.low) * 0.02 // for the width of the lines
	legend := c.legend(l, shown, width, rows)
	if len(c.Histograms) > 0 {
		air = 0
		m := heatMap{c.heat(b, heatBands, heatRows)}
		legend.add("darkest: " + m.scale())
		p.Add(m, frame{})
	} else {
		p.Add(gridLines(), frame{})
	}
	for i := range c.Lines {
		if err := c.addLine(p, &c.Lines[i]); err != nil {
			return err
		}
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = b.left, b.right, b.low-air, b.high+air
	legend.draw(canvas)
	p.Draw(draw.Crop(canvas, 0, 0, legend.height()+0.2*vg.Centimeter, 0))
	return nil
}

// legend names the lines over a width.
func (c *Chart) legend(l letters, shown func(string) string, width vg.Length, rows int) *legend {
	names, escaped := make([]string, len(c.Lines)), shown(c.Title) != c.Title
	for i := range c.Lines {
		names[i] = shown(c.Lines[i].Name)
		escaped = escaped || names[i] != c.Lines[i].Name
		names[i] += c.remark(&c.Lines[i])
	}
	names8 := text.Style{Color: color.Black, Font: sans(8), YAlign: draw.YCenter, Handler: l}
	legend := newLegend(c.Lines, names, names8, width, rows)
	if escaped {
		legend.add(`\u and \U with digits are signs that the picture's fonts do not have; SVG has them.`)
	}
	legend.add(c.Note)
	return legend
}

// addLine adds a line, over that of its series before it was smoothed.
func (c *Chart) addLine(p *plot.Plot, l *Line) error {
	stroke := l.stroke()
	if l.Raw != nil {
		behind := stroke
		behind.Color = fade(behind.Color)
		if err := c.addStretches(p, l, l.Raw, behind); err != nil {
			return err
		}
	}
	return c.addStretches(p, l, l.Y, stroke)
}

// addStretches adds each unbroken stretch of a line.
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
	for _, piece := range pieces(points) {
		line, err := plotter.NewLine(piece)
		if err != nil {
			return err
		}
		line.LineStyle = stroke
		p.Add(line)
	}
	return nil
}

// pieceLength is how many points are drawn at once. The time that a line takes
// grows with the square of the points that lie beside each other, in noise all
// of them.
const pieceLength = 64

// pieces cuts a line. Each piece begins with the last stroke of the one before
// it, so that nothing shows where they meet.
func pieces(points plotter.XYs) (all []plotter.XYs) {
	for len(points) > pieceLength {
		all = append(all, points[:pieceLength])
		points = points[pieceLength-2:]
	}
	return append(all, points)
}

// thinTo is how many stretches a line is thinned to: closer together than a
// line is wide.
const thinTo = 1024

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

func (l *Line) stroke() draw.LineStyle { return strokes()[l.Colour%len(strokes())] }

// strokes are the styles of lines, by their colour: those of Okabe and Ito,
// which can be told apart by people who see colours differently; then dashed,
// and then dotted.
func strokes() []draw.LineStyle {
	var styles []draw.LineStyle
	for _, dashes := range [][]vg.Length{nil, {vg.Points(4), vg.Points(2)}, {vg.Points(1.2), vg.Points(1.5)}} {
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

// frame is the lines at the left and at the foot of a panel. Those of gonum's
// axes do not meet where a label stands over the end of an axis.
type frame struct{}

// Plot draws the frame.
func (frame) Plot(c draw.Canvas, _ *plot.Plot) {
	line := draw.LineStyle{Color: color.Gray{Y: 0x40}, Width: vg.Points(0.7)}
	c.StrokeLines(line, []vg.Point{{X: c.Min.X, Y: c.Max.Y}, c.Min, {X: c.Max.X, Y: c.Min.Y}})
}

// style sets the fonts, and leaves the marks of the ticks to the grid.
func style(p *plot.Plot, l letters) {
	p.Title.TextStyle.Handler = l
	p.Title.TextStyle.Font = sans(11)
	p.Title.Padding = vg.Points(5)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Handler, axis.Tick.Label.Handler = l, l
		axis.Label.TextStyle.Font = sans(9)
		axis.Tick.Label.Font = sans(8)
		axis.Tick.Length, axis.LineStyle.Width = 0, 0
		axis.Padding = vg.Points(4)
	}
	p.X.Label.Padding = vg.Points(3)
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
