package kinds

import "math"

// Text is the texts of one value: Markdown, mostly.
type Text struct {
	Shape []int64  // of the tensor; empty for one text alone
	Texts []string // in row-major order
}

// DecodeText decodes a tensor of the plugin text: strings of any shape, of which TensorBoard shows up to two
// dimensions.
func DecodeText(b []byte) (Text, error) {
	t, err := stringTensor(b, 0, math.MaxInt)
	if err != nil {
		return Text{}, err
	}
	return Text{Shape: t.Shape, Texts: t.Strings()}, nil
}

// RawText is a Text whose texts are bytes of UTF-8. Most stand in the tensor that it was decoded from.
type RawText struct {
	Shape []int64
	Texts [][]byte
}

// DecodeRawText is DecodeText without a copy of each text.
func DecodeRawText(b []byte) (RawText, error) {
	t, err := stringTensor(b, 0, math.MaxInt)
	if err != nil {
		return RawText{}, err
	}
	return RawText{Shape: t.Shape, Texts: t.UTF8Bytes()}, nil
}
