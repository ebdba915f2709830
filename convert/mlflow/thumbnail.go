package mlflow

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // formats that are decoded
	_ "image/jpeg"
	_ "image/png"

	"github.com/HugoSmits86/nativewebp"
	_ "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// thumbnailSide is the longer side of the small pictures of MLflow's image grid
// (mlflow/tracking/multimedia.py), in pixels.
const thumbnailSide = 256

// mostPixels is the most of a picture that is decoded: 3840 x 2160 are fewer. Of pictures of 16 bits a colour, and of
// those in CMYK, it is half of that.
const mostPixels = 1 << 23

// TooManyPixelsError says that a picture is not decoded for its size.
type TooManyPixelsError struct{ Width, Height, Most int }

func (e *TooManyPixelsError) Error() string {
	return fmt.Sprintf("%d x %d pixels are more than %d", e.Width, e.Height, e.Most)
}

// decodedBytes is how much memory a picture takes while it is decoded, about and at most; an error: it is not to be.
func decodedBytes(encoded []byte) (int64, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(encoded))
	if err != nil {
		return 0, err
	}
	pixels, most, each := int64(config.Width)*int64(config.Height), mostPixels, int64(4)
	switch config.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		most, each = most/2, 8
	case color.CMYKModel:
		most, each = most/2, 20
	default:
		if format == "jpeg" { // a progressive one has its coefficients in memory, of four bytes, beside its colours
			each = 15
		}
	}
	switch {
	case config.Width <= 0 || config.Height <= 0:
		return 0, errors.New("a picture without pixels")
	case pixels > int64(most):
		return 0, &TooManyPixelsError{config.Width, config.Height, most}
	}
	return pixels * each, nil
}

// thumbnail gives the small picture of an encoded one, as WebP. What is smaller
// becomes larger, as in MLflow, and its pixels squares, as in TensorBoard.
func thumbnail(encoded []byte) ([]byte, error) {
	if _, err := decodedBytes(encoded); err != nil {
		return nil, err
	}
	full, format, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	if format == "webp" {
		fullRange(full)
	}
	small := image.NewNRGBA(image.Rectangle{Max: thumbnailSize(full.Bounds().Size())})
	size := full.Bounds().Size()
	scaler := draw.Scaler(draw.BiLinear)
	if max(size.X, size.Y) <= thumbnailSide || size.Y*small.Rect.Dx() > mostBetween {
		scaler = draw.NearestNeighbor
	}
	scaler.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	err = nativewebp.Encode(&out, small, nil)
	return out.Bytes(), err
}

// mostBetween is the most pixels, of 32 bytes, that the bilinear scaler holds between its two passes: only lines have
// more.
const mostBetween = 1 << 20

// fullRange widens the colours of a lossy WebP picture, which are from 16 to 235 and 240 (RFC 9649, section 2.5), to
// those that the type of the picture stands for.
func fullRange(m image.Image) {
	var p *image.YCbCr
	switch m := m.(type) {
	case *image.YCbCr:
		p = m
	case *image.NYCbCrA:
		p = &m.YCbCr
	default:
		return
	}
	widen(p.Y, func(y int) int { return (y - 16) * 255 / 219 })
	widen(p.Cb, func(c int) int { return (c-128)*255/224 + 128 })
	widen(p.Cr, func(c int) int { return (c-128)*255/224 + 128 })
}

func widen(plane []byte, to func(int) int) {
	var table [256]byte
	for i := range table {
		table[i] = byte(min(max(to(i), 0), 255))
	}
	for i, x := range plane {
		plane[i] = table[x]
	}
}

func thumbnailSize(full image.Point) image.Point {
	longer := max(full.X, full.Y)
	return image.Pt(max(1, full.X*thumbnailSide/longer), max(1, full.Y*thumbnailSide/longer))
}
