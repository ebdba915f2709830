package eventjson

import (
	"strings"
	"unicode/utf8"

	"tbexport/eventfile/tensor"
)

// Tensor is a tensor. Elements that stand for more, as one number for a whole
// shape, are not repeated.
type Tensor struct {
	DType    string  `json:"dtype"`
	Shape    []int64 `json:"shape"`
	Elements int     `json:"elements"`        // that are written
	First    []any   `json:"first,omitempty"` // of them
	All      []any   `json:"all,omitempty"`   // with Full
}

// firstElements is how many elements of a tensor are shown, and shownText how
// many bytes of a text.
const (
	firstElements = 5
	shownText     = 200
)

// tensor fills in a tensor, and its value if it is one number.
func (d *Value) tensor(b []byte, detail Detail) {
	contents, err := tensor.Open(b)
	if err != nil {
		d.Bytes = len(b)
		return
	}
	d.Tensor = newTensor(contents, detail)
	if number, err := tensor.Scalar(b); err == nil {
		f := Float(number.Float)
		d.Value = &f
	}
}

func newTensor(c *tensor.Contents, detail Detail) *Tensor {
	t := &Tensor{DType: c.DType, Shape: c.Shape, Elements: c.N}
	if detail == Full {
		t.All = elements(c, c.N, detail)
	} else {
		t.First = elements(c, min(c.N, firstElements), detail)
	}
	return t
}

func elements(c *tensor.Contents, n int, detail Detail) (all []any) {
	for i := range n {
		switch x := c.At(i).(type) {
		case float64:
			all = append(all, Float(x))
		case []byte:
			all = append(all, text(x, detail))
		default:
			all = append(all, x)
		}
	}
	return all
}

// text is a text, or of bytes that are none how many there are.
func text(b []byte, detail Detail) any {
	switch {
	case !utf8.Valid(b) && detail == Full:
		return map[string]any{"bytes": len(b), "base64": b}
	case !utf8.Valid(b):
		return map[string]any{"bytes": len(b)}
	case len(b) > shownText && detail == Brief:
		return strings.ToValidUTF8(string(b[:shownText]), "") + "..."
	}
	return string(b)
}
