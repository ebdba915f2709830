package chart

import (
	"fmt"
	"image"

	"github.com/hajimehoshi/bitmapfont/v3"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// letters writes texts with two fonts: the pictures' own, and a bitmap font for
// the signs that it does not have, Chinese, Japanese and Korean ones among them.
type letters struct {
	text.Plain
	// byViewer leaves the fonts to who shows the picture, as in SVG; widths are
	// then an estimate.
	byViewer bool
}

// bitmapEm is the size of the bitmap font: a wide sign is as wide.
const bitmapEm = 12

// second is the bitmap font. It prefers the Chinese form of signs that Chinese
// and Japanese write differently.
func second() xfont.Face { return bitmapfont.FaceSC }

// has reports whether a font of the pictures has a sign, and whether the bitmap
// font is the one.
func (l letters) has(f font.Font, r rune) (bitmap, ok bool) {
	face := l.Fonts.Lookup(f, f.Size).Face
	if glyph, err := face.GlyphIndex(nil, r); err == nil && glyph != 0 {
		return false, true
	}
	_, ok = second().GlyphAdvance(r)
	return ok, ok
}

// piece is signs of a text that have one font.
type piece struct {
	text   string
	bitmap bool
	width  vg.Length
}

func (l letters) pieces(txt string, f font.Font) (all []piece) {
	for _, r := range txt {
		bitmap, _ := l.has(f, r)
		if n := len(all); n == 0 || all[n-1].bitmap != bitmap {
			all = append(all, piece{bitmap: bitmap})
		}
		all[len(all)-1].text += string(r)
	}
	face := l.Fonts.Lookup(f, f.Size)
	for i := range all {
		p := &all[i]
		if !p.bitmap {
			p.width = face.Width(p.text)
			continue
		}
		for _, r := range p.text {
			p.width += advance(r, f.Size)
		}
	}
	return all
}

// advance is the width of a sign of the bitmap font.
func advance(r rune, size vg.Length) vg.Length {
	units, _ := second().GlyphAdvance(r)
	return vg.Length(units) / 64 / bitmapEm * size
}

// Box is the size of a line of text.
func (l letters) Box(txt string, f font.Font) (width, height, depth vg.Length) {
	_, height, depth = l.Plain.Box("", f)
	for _, p := range l.pieces(txt, f) {
		width += p.width
	}
	return width, height, depth
}

// Draw writes one line of text, which is not turned unless the first font has
// all of it.
func (l letters) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	pieces := l.pieces(txt, style.Font)
	if style.Rotation != 0 || len(pieces) == 0 || len(pieces) == 1 && !pieces[0].bitmap {
		l.Plain.Draw(c, txt, style, at)
		return
	}
	width, _, _ := l.Box(txt, style.Font)
	at.X += vg.Length(style.XAlign) * width
	style.XAlign = text.XLeft
	if l.byViewer {
		l.Plain.Draw(c, txt, style, at)
		return
	}
	for _, p := range pieces {
		if p.bitmap {
			drawBitmap(c, p.text, style, at)
		} else {
			l.Plain.Draw(c, p.text, style, at)
		}
		at.X += p.width
	}
}

// drawBitmap fills a square for each dot of the signs.
func drawBitmap(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	// The base line, as Plain places it.
	at.Y += style.Height(txt)*vg.Length(style.YAlign) - style.FontExtents().Ascent + style.Font.Size
	dot := style.Font.Size / bitmapEm
	c.SetColor(style.Color)
	for _, r := range txt {
		bounds, mask, from, _, ok := second().Glyph(fixed.Point26_6{}, r)
		if ok {
			fillDots(c, bounds, mask, from, at, dot)
		}
		at.X += advance(r, style.Font.Size)
	}
}

// fillDots fills the rows of dots of one sign.
func fillDots(c vg.Canvas, bounds image.Rectangle, mask image.Image, from image.Point, at vg.Point, dot vg.Length) {
	set := func(x, y int) bool {
		_, _, _, a := mask.At(from.X+x-bounds.Min.X, from.Y+y-bounds.Min.Y).RGBA()
		return x < bounds.Max.X && a > 0
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			start := x
			for set(x, y) {
				x++
			}
			if x == start {
				continue
			}
			left, right := at.X+vg.Length(start)*dot, at.X+vg.Length(x)*dot
			top, bottom := at.Y-vg.Length(y)*dot, at.Y-vg.Length(y+1)*dot
			var row vg.Path
			row.Move(vg.Point{X: left, Y: bottom})
			row.Line(vg.Point{X: right, Y: bottom})
			row.Line(vg.Point{X: right, Y: top})
			row.Line(vg.Point{X: left, Y: top})
			row.Close()
			c.Fill(row)
		}
	}
}

// inFonts writes signs that no font of the pictures has, as emoji, as \uNNNN,
// since they would all be the same box, and reports whether there are any.
func (l letters) inFonts(name string) (shown string, escaped bool) {
	var out []byte
	for _, r := range name {
		switch _, ok := l.has(sans(8), r); {
		case ok:
			out = append(out, string(r)...)
		case r > 0xffff:
			out, escaped = fmt.Appendf(out, `\U%08x`, r), true
		default:
			out, escaped = fmt.Appendf(out, `\u%04x`, r), true
		}
	}
	return string(out), escaped
}
