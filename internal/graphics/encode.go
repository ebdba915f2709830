package graphics

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/png"

	"github.com/BourgeoisBear/rasterm"
	"golang.org/x/image/draw"
)

// Encode gives a picture, whose corner is 0, 0, in a terminal's protocol, with the
// end of the line; nil for None.
func Encode(p Protocol, m image.Image) ([]byte, error) {
	var out bytes.Buffer
	var err error
	switch p {
	case None:
		return nil, nil
	case Sixel:
		err = rasterm.SixelWriteImage(&out, paletted(m))
	default:
		var encoded bytes.Buffer
		if err = png.Encode(&encoded, m); err != nil {
			return nil, err
		}
		if p == Kitty {
			err = rasterm.KittyCopyPNGInline(&out, &encoded, rasterm.KittyImgOpts{})
		} else {
			err = rasterm.ItermCopyFileInline(&out, &encoded, int64(encoded.Len()))
		}
	}
	if err != nil {
		return nil, err
	}
	return append(out.Bytes(), '\n'), nil
}

// mostColours is how many colours sixels have.
const mostColours = 256

// paletted gives a picture of at most mostColours: its own, if it has no more, or
// else dithered ones.
func paletted(m image.Image) *image.Paletted {
	b := m.Bounds()
	if colours, ok := coloursOf(m); ok {
		to := image.NewPaletted(b, colours)
		draw.Draw(to, b, m, b.Min, draw.Src)
		return to
	}
	to := image.NewPaletted(b, palette.Plan9)
	draw.FloydSteinberg.Draw(to, b, m, b.Min)
	return to
}

// coloursOf gives the colours of a picture, if they are few.
func coloursOf(m image.Image) (colours color.Palette, ok bool) {
	seen := make(map[color.NRGBA]bool)
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			if seen[c] {
				continue
			}
			if len(colours) == mostColours {
				return nil, false
			}
			seen[c] = true
			colours = append(colours, c)
		}
	}
	return colours, true
}
