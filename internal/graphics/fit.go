package graphics

import (
	"image"

	"golang.org/x/image/draw"
)

// leastSide is how many dots the longer side of a picture is drawn with at the least,
// if there is room: those of tests and digits have few.
const leastSide = 192

// Fit gives a picture in the dots that there is room for: a larger one is made
// smaller, and one of few pixels larger, by a whole number, so that each stays a
// square.
func Fit(m image.Image, width, height int) image.Image {
	size := m.Bounds().Size()
	w, h := size.X, size.Y
	if w > width || h > height {
		if w*height > h*width {
			w, h = width, max(h*width/w, 1)
		} else {
			w, h = max(w*height/h, 1), height
		}
		return scaled(m, w, h, draw.ApproxBiLinear)
	}
	times := min(width/w, height/h, max(leastSide/max(w, h), 1))
	return scaled(m, w*times, h*times, draw.NearestNeighbor)
}

func scaled(m image.Image, width, height int, by draw.Scaler) image.Image {
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	by.Scale(to, to.Bounds(), m, m.Bounds(), draw.Src, nil)
	return to
}
