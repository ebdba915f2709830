package graphics

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// MostPixels is how many pixels a picture may have to be decoded: 4096 by 4096.
const MostPixels = 1 << 24

// ErrTooLarge says that a picture has more than MostPixels.
var ErrTooLarge = errors.New("too many pixels to be decoded")

// ErrFormat says that a picture is of no format that is decoded here.
var ErrFormat = errors.New("not of a format that is decoded")

// codec decodes one format, and tells the size without doing so.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func codecs() map[string]codec {
	return map[string]codec{
		"png": {png.DecodeConfig, png.Decode}, "jpeg": {jpeg.DecodeConfig, jpeg.Decode},
		"gif": {gif.DecodeConfig, gif.Decode},
		"bmp": {bmp.DecodeConfig, bmp.Decode}, "webp": {webp.DecodeConfig, webp.Decode},
	}
}

// Decode decodes a picture of a format: png, jpeg, gif (its first frame), bmp or webp (but for those with more than the
// picture). It takes memory for no more pixels than MostPixels, whatever the picture says.
func Decode(b []byte, format string) (image.Image, error) {
	c, ok := codecs()[format]
	if !ok || format == "webp" && !simple(b) {
		return nil, ErrFormat
	}
	config, err := c.config(bytes.NewReader(b))
	switch {
	case err != nil:
		return nil, fmt.Errorf("no image: %w", err)
	case config.Width <= 0 || config.Height <= 0:
		return nil, errors.New("no image: it has no pixel")
	case config.Width > MostPixels/config.Height:
		return nil, ErrTooLarge
	}
	m, err := c.decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("no image: %w", err)
	}
	return m, nil
}

// simple reports whether a WebP file begins with its picture. Before others, a header
// may say another size than that of the picture.
func simple(b []byte) bool {
	return len(b) >= 16 && (string(b[12:16]) == "VP8 " || string(b[12:16]) == "VP8L")
}
