package kinds

// Image is an image of a summary's image field (TensorFlow's summary.proto).
type Image struct {
	Width, Height uint64
	Encoded       []byte // PNG, JPEG or GIF; part of what was decoded
}

// DecodeImage decodes a Summary.Image.
func DecodeImage(b []byte) Image {
	var image Image
	for _, f := range fields(b) {
		switch f.num {
		case 1:
			image.Height = f.value
		case 2:
			image.Width = f.value
		case 4:
			image.Encoded = f.bytes
		}
	}
	return image
}
