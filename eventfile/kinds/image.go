package kinds

import (
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Picture is an encoded picture.
type Picture struct {
	Bytes []byte // part of what was decoded; may be empty

	// In pixels, by the picture's own header, or as declared beside the picture where it has none that is known.
	Width, Height int32

	Format string // by the header: "png", "jpeg", "gif", "bmp" or "webp"; empty where it is none of them
}

func newPicture(b []byte, width, height int32) Picture {
	p := Picture{Bytes: b, Width: width, Height: height}
	format, w, h, ok := pictureHeader(b)
	p.Format = format
	if ok {
		p.Width, p.Height = w, h
	}
	return p
}

// DecodeOldImage decodes a Summary.Image.
func DecodeOldImage(b []byte) (Picture, error) {
	var height, width int32
	var encoded []byte
	err := each(b, func(num protowire.Number, typ protowire.Type, body []byte) {
		switch {
		case num == 1 && typ == protowire.VarintType:
			height = int32(number(body))
		case num == 2 && typ == protowire.VarintType:
			width = int32(number(body))
		case num == 4 && typ == protowire.BytesType:
			encoded = body
		}
	})
	if err != nil {
		return Picture{}, err
	}
	return newPicture(encoded, width, height), nil
}

// DecodeImage decodes a tensor of the plugin images: a vector of strings, the width and height in digits and then the
// pictures, of which there may be none.
func DecodeImage(b []byte) ([]Picture, error) {
	t, err := stringTensor(b, 1, 1)
	if err == nil && t.Len() < 2 {
		err = ErrOtherForm
	}
	if err != nil {
		return nil, err
	}
	all := t.RawStrings()
	var size [2]int32
	for i := range size {
		n, ok := declaredSize(all[i])
		if !ok {
			return nil, ErrOtherForm
		}
		size[i] = n
	}
	pictures := make([]Picture, 0, len(all)-2)
	for _, encoded := range all[2:] {
		pictures = append(pictures, newPicture(encoded, size[0], size[1]))
	}
	return pictures, nil
}

// declaredSize reads a width or height that stands beside pictures, in digits.
func declaredSize(s []byte) (n int32, ok bool) {
	x, err := strconv.ParseInt(string(s[:min(len(s), 20)]), 10, 32)
	return int32(x), err == nil
}
