package extract

import (
	"bytes"
	"encoding/json"

	"tbexport/eventfile/kinds"
	"tbexport/eventfile/tensor"
)

// File is what is in a file: its parts, one after another, and the extension that
// says what they are.
type File struct {
	Ext   string
	Parts [][]byte
}

func file(ext string, parts ...[]byte) File { return File{ext, parts} }

// Picture is the file of a picture, or of what is there in its place.
func Picture(p kinds.Picture) File {
	switch p.Format {
	case "png", "gif", "bmp", "webp":
		return file(p.Format, p.Bytes)
	case "jpeg":
		return file("jpg", p.Bytes)
	}
	return file("bin", p.Bytes)
}

// Clip is the file of a piece of sound.
func Clip(c kinds.Clip) File {
	if len(c.Bytes) >= 12 && string(c.Bytes[:4]) == "RIFF" && string(c.Bytes[8:12]) == "WAVE" {
		return file("wav", c.Bytes)
	}
	return file("bin", c.Bytes)
}

// Text is the file of a text.
func Text(s []byte) File { return file("txt", s) }

// Graph is the file of a graph: Keras writes JSON, all others protocol buffers.
func Graph(b []byte) File {
	if t := bytes.TrimLeft(b, " \t\r\n"); len(t) > 0 && t[0] == '{' && json.Valid(b) {
		return file("json", b)
	}
	return file("pb", b)
}

// Tensor is the file of a tensor: an array of numpy's where numpy has its type, or
// else the encoded TensorProto. Strings are an object of JSON with the shape and
// the strings, in row-major order, where all are UTF-8.
func Tensor(t *tensor.Tensor, encoded []byte) (File, error) {
	if header, ok := npyHeader(t); ok {
		return file("npy", header, t.Bytes()), nil
	}
	if !t.IsString() || t.Bytes() != nil {
		return file("pb", encoded), nil
	}
	text, err := json.Marshal(struct {
		Shape   []int64  `json:"shape"`
		Strings []string `json:"strings"`
	}{append([]int64{}, t.Shape...), append([]string{}, t.Strings()...)})
	return file("json", text), err
}
