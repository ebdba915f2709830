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
	"sync"

	"github.com/HugoSmits86/nativewebp"
	_ "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// thumbnailSide is the longer side of the small pictures of MLflow's image grid
// (mlflow/tracking/multimedia.py), in pixels.
const thumbnailSide = 256

// mostPixels is the most of a picture that is decoded, to four bytes each: 3840 x 2160 are fewer. Of pictures of 16 bits
// a colour it is half of that.
const mostPixels = 1 << 23

// manyPixels is from where on one picture is decoded at a time.
const manyPixels = 1 << 21

// TooManyPixelsError says that a picture is not decoded for its size.
type TooManyPixelsError struct{ Width, Height, Most int }

func (e *TooManyPixelsError) Error() string {
	return fmt.Sprintf("%d x %d pixels are more than %d", e.Width, e.Height, e.Most)
}

// thumbnailer makes small pictures, of large ones one at a time.
type thumbnailer struct{ large sync.Mutex }

// thumbnail gives the small picture of an encoded one, as WebP. What is smaller
// becomes larger, as in MLflow, and its pixels squares, as in TensorBoard.
func (t *thumbnailer) thumbnail(encoded []byte) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	pixels, most := int64(config.Width)*int64(config.Height), mostPixels
	if config.ColorModel == color.RGBA64Model || config.ColorModel == color.NRGBA64Model {
		most /= 2
	}
	switch {
	case config.Width <= 0 || config.Height <= 0:
		return nil, errors.New("a picture without pixels")
	case pixels > int64(most):
		return nil, &TooManyPixelsError{config.Width, config.Height, most}
	case pixels > manyPixels:
		t.large.Lock()
		defer t.large.Unlock()
	}
	full, _, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	small := image.NewNRGBA(image.Rectangle{Max: thumbnailSize(full.Bounds().Size())})
	scaler := draw.Scaler(draw.BiLinear)
	if max(config.Width, config.Height) <= thumbnailSide {
		scaler = draw.NearestNeighbor
	}
	scaler.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	err = nativewebp.Encode(&out, small, nil)
	return out.Bytes(), err
}

func thumbnailSize(full image.Point) image.Point {
	longer := max(full.X, full.Y)
	return image.Pt(max(1, full.X*thumbnailSide/longer), max(1, full.Y*thumbnailSide/longer))
}
