package tensor

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	pb "tbexport/proto"
)

// Head is what stands in front of a tensor's elements.
type Head struct {
	DType  DType
	Shape  []int64 // sizes of the dimensions, as they are written: they may be no sizes
	Ranked bool    // there is a shape, of known rank
}

// IsString reports whether the elements are strings.
func (h *Head) IsString() bool { return pb.DataType(h.DType) == pb.DataType_DT_STRING }

// errHead ends a look at a tensor's head.
var errHead = errors.New("type and shape are there")

// HeadOf reads type and shape of an encoded TensorProto, and of its elements no more than lies in front of these, into
// memory of before: Shape has that of into. A second shape behind them, which protobuf would join to the first, is not
// looked for: no writer makes one.
func HeadOf(b []byte, into []int64) Head {
	h := Head{Shape: into[:0]}
	typed, unknownRank := false, false
	// Where the bytes are broken, what stands before the break is the head.
	_ = each(b, func(num protowire.Number, typ protowire.Type, body []byte) error {
		switch {
		case num == fieldDType && typ == protowire.VarintType:
			x, _ := protowire.ConsumeVarint(body)
			h.DType, typed = DType(x), true
		case num == fieldShape && typ == protowire.BytesType:
			if err := shape(body, &h.Shape, &unknownRank); err != nil {
				return err
			}
			h.Ranked = !unknownRank
		}
		if typed && h.Ranked {
			return errHead
		}
		return nil
	})
	if !h.Ranked {
		h.Shape = h.Shape[:0]
	}
	return h
}

// EachString calls f for the stored strings of an encoded TensorProto, which are parts of b, until f returns false or
// the bytes are broken.
func EachString(b []byte, f func(s []byte) bool) {
	content := false
	_ = each(b, func(num protowire.Number, typ protowire.Type, body []byte) error {
		if typ != protowire.BytesType {
			return nil
		}
		content = num == fieldContent && len(body) > 0
		if content || num == fieldString && !f(body) {
			return errHead
		}
		return nil
	})
	if !content {
		return
	}
	if t, err := Decode(b); err == nil {
		for _, s := range t.strings {
			if !f(s) {
				return
			}
		}
	}
}
