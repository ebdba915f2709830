package tensor

import (
	"encoding/binary"
	"errors"
	"math"

	"tbexport/eventfile/internal/wire"
	pb "tbexport/proto"
)

// Number is what a tensor or another value holds when it is one number.
type Number struct {
	Float float64 // float32 widened, integers rounded to nearest, false and true as 0 and 1
	Exact bool    // Float is the very number: false for integers that float64 cannot hold
	Rank  int     // dimensions of the tensor; 0 for a simple_value
}

// ErrNotScalar says that a value is not exactly one number: text, an image, a
// tensor of several elements or of none.
var ErrNotScalar = errors.New("not one number")

// Scalar gives the number of an encoded tensor with exactly one element of a
// numeric type or bool, whatever its rank. It fails with ErrNotScalar for any
// other sound tensor, and with another error where the bytes do not decode, or
// shape and elements contradict each other.
func Scalar(b []byte) (Number, error) {
	if f, ok := walk(b); ok {
		return Number{Float: f, Exact: true}, nil
	}
	return plain(b)
}

// plain is Scalar without the walk, which is held against it.
func plain(b []byte) (Number, error) {
	t, err := Decode(b)
	if err != nil {
		return Number{}, err
	}
	if t.Len() != 1 || !t.Real() {
		return Number{}, ErrNotScalar
	}
	n := Number{Float: t.Floats()[0], Exact: true, Rank: len(t.Shape)}
	switch pb.DataType(t.DType) {
	case pb.DataType_DT_INT64:
		n.Exact = exact(n.Float, int64(binary.LittleEndian.Uint64(t.fixed)))
	case pb.DataType_DT_UINT64:
		n.Exact = n.Float < 1<<64 && uint64(n.Float) == binary.LittleEndian.Uint64(t.fixed)
	}
	return n, nil
}

// exact reports whether a float is the very integer that it was made of. 2^63
// is a float that no int64 equals, and converting it back is undefined.
func exact(f float64, i int64) bool { return f < 1<<63 && int64(f) == i }

// Keys of TensorProto.
const (
	keyDtype   = 1 << 3
	keyShape   = 2<<3 | 2
	keyVersNum = 3 << 3
	keyBytes   = 4<<3 | 2
	keyFloats  = 5<<3 | 2
	keyDoubles = 6<<3 | 2
)

// walk reads a tensor of rank 0 with one float32 or float64 element, in
// tensor_content or as one packed typed element, as TF2 and torch write
// scalars. ok is false for every other tensor, sound or not.
func walk(b []byte) (f float64, ok bool) {
	var dtype uint64
	var content, floats, doubles []byte
	for len(b) > 0 {
		key := b[0]
		b = b[1:]
		if key == keyDtype || key == keyVersNum {
			x, size := wire.Uvarint(b)
			if size <= 0 {
				return 0, false
			}
			if key == keyDtype {
				dtype = x
			}
			b = b[size:]
			continue
		}
		body, rest, ok := wire.LengthDelimited(b)
		if !ok {
			return 0, false
		}
		b = rest
		switch {
		case key == keyShape && len(body) == 0:
		case key == keyBytes:
			content = body
		case key == keyFloats && floats == nil && len(body)%4 == 0:
			floats = body
		case key == keyDoubles && doubles == nil && len(body)%8 == 0:
			doubles = body
		default:
			return 0, false
		}
	}
	switch dtype {
	case uint64(pb.DataType_DT_FLOAT):
		if len(content) == 0 {
			content = floats
		}
		if len(content) == 4 {
			return float64(math.Float32frombits(binary.LittleEndian.Uint32(content))), true
		}
	case uint64(pb.DataType_DT_DOUBLE):
		if len(content) == 0 {
			content = doubles
		}
		if len(content) == 8 {
			return math.Float64frombits(binary.LittleEndian.Uint64(content)), true
		}
	}
	return 0, false
}
