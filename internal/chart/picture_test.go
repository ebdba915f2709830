package chart

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
)

func picture(t *testing.T, charts []Chart) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := PNG(&b, charts, Size{}); err != nil {
		t.Fatal(err)
	}
	p, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// count is how many dots of a picture have a colour.
func count(p image.Image, want color.RGBA) (n int) {
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			if color.RGBAModel.Convert(p.At(x, y)) == want {
				n++
			}
		}
	}
	return n
}

var blue = color.RGBA{0x00, 0x72, 0xb2, 0xff}

func TestPNG(t *testing.T) {
	charts := []Chart{{Title: "loss", XLabel: "step", Lines: []Line{line("a", 1, 2, 3), line("b", 3, 2, 1)}}}
	charts[0].Lines[1].Colour = 1
	p := picture(t, charts)
	if size := p.Bounds().Size(); size != (image.Point{1890, 1063}) {
		t.Errorf("a panel of %v", size)
	}
	if blues, reds := count(p, blue), count(p, color.RGBA{0xd5, 0x5e, 0x00, 0xff}); blues < 5000 || reds < 5000 {
		t.Errorf("%d dots of the first line and %d of the second", blues, reds)
	}
	if size := picture(t, append(charts, charts[0], charts[0], charts[0], charts[0])).Bounds().Size(); size.X != 3780 || size.Y != 3189 {
		t.Errorf("five panels of %v", size)
	}
}

func TestPictureOfOddSeries(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]Chart{
		"NaN only":  {Lines: []Line{line("run", nan, nan)}},
		"nothing":   {},
		"one point": {Lines: []Line{line("run", nan, 7, nan)}},
		"huge":      {Lines: []Line{line("run", -math.MaxFloat64, 0, math.MaxFloat64)}},
		"log":       {Log: true, Lines: []Line{line("run", 5e-324, 0, 1e308)}},
	} {
		p := picture(t, []Chart{c})
		if drawn := count(p, blue) > 40; drawn != (name != "NaN only" && name != "nothing") {
			// The legend has a stroke of its own, even where nothing is drawn.
			if name != "NaN only" {
				t.Errorf("%s: drawn is %v", name, drawn)
			}
		}
	}
}

func TestManyLines(t *testing.T) {
	c := Chart{Title: "loss"}
	for range 100 {
		c.Lines = append(c.Lines, line("run", 1, 2))
	}
	if n := count(picture(t, []Chart{c}), blue); n < 5000 {
		t.Errorf("100 lines: %d dots", n)
	}
}

func TestSVG(t *testing.T) {
	c := Chart{Title: "a < b & c", XLabel: "step", Lines: []Line{{Name: "run", X: []float64{0, 1, 2}, Y: []float64{1, 2, 1}, Raw: []float64{1, 3, 0}}}}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := SVG(b, []Chart{c}, Size{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same chart became two pictures")
	}
	var texts strings.Builder
	for d := xml.NewDecoder(&first); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			texts.Write(text)
		}
	}
	for _, want := range []string{"a < b & c", "step", "run"} {
		if !strings.Contains(texts.String(), want) {
			t.Errorf("no %q among the texts %q", want, texts.String())
		}
	}
}

// TestThin: a long line keeps its ends and extremes.
func TestThin(t *testing.T) {
	l := line("run", make([]float64, 1_000_000)...)
	l.Y[123_456], l.Y[654_321], l.Y[999_999] = 9, -9, 1
	points := (&Chart{}).thin(l.X, l.Y)
	if len(points) > 4*(thinTo+1) {
		t.Errorf("%d points are left", len(points))
	}
	seen := make(map[float64]float64)
	for i, p := range points {
		seen[p.X] = p.Y
		if i > 0 && p.X <= points[i-1].X {
			t.Fatalf("point %d goes back", i)
		}
	}
	if seen[123_456] != 9 || seen[654_321] != -9 || seen[999_999] != 1 || points[0].X != 0 {
		t.Error("an extreme or an end is lost")
	}
	if short := (&Chart{}).thin(l.X[:3*thinTo], l.Y[:3*thinTo]); len(short) != 3*thinTo {
		t.Errorf("a line that need not be thinned has %d points", len(short))
	}
}

// TestPieces: a long line is drawn in short pieces, each over the last stroke
// of the one before it.
func TestPieces(t *testing.T) {
	for _, n := range []int{2, pieceLength, pieceLength + 1, 10 * pieceLength} {
		l := line("run", make([]float64, n)...)
		at := 0.0
		for i, piece := range pieces((&Chart{}).thin(l.X, l.Y)) {
			if len(piece) < 2 || len(piece) > pieceLength || i > 0 && piece[0].X != at-1 {
				t.Errorf("%d points: piece %d has %d from %v on, after %v", n, i, len(piece), piece[0].X, at)
			}
			at = piece[len(piece)-1].X
		}
		if at != float64(n-1) {
			t.Errorf("%d points: the last drawn is %v", n, at)
		}
	}
}

// TestMillionPoints: noise took hours when it was drawn as one line.
func TestMillionPoints(t *testing.T) {
	ys := make([]float64, 1_000_000)
	for i := range ys {
		ys[i] = float64(uint32(i) * 2654435761 >> 8)
	}
	if n := count(picture(t, []Chart{{Lines: []Line{line("run", ys...)}}}), blue); n < 1_000_000 {
		t.Errorf("%d dots are drawn", n)
	}
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		size Size
		want image.Point
	}{
		{Size{}, image.Point{1890, 1063}}, {Size{Width: 800}, image.Point{800, 450}}, {Size{Width: 3000, Height: 900}, image.Point{3000, 900}},
		{Size{Height: 500}, image.Point{1890, 500}}, {Size{Width: 200, Height: 200}, image.Point{200, 200}},
	} {
		var b bytes.Buffer
		if err := PNG(&b, []Chart{{Title: "loss", Lines: []Line{line("a", 1, 2, 3)}}}, c.size); err != nil {
			t.Fatal(err)
		}
		p, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Bounds().Size(); abs(got.X-c.want.X) > 2 || abs(got.Y-c.want.Y) > 8 {
			t.Errorf("%+v: got %v, want %v", c.size, got, c.want)
		}
	}
}
