package tensor

import (
	"encoding/binary"
	"errors"
	"math"

	"google.golang.org/protobuf/proto"

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
// other tensor, and with another error where the bytes do not decode.
func Scalar(b []byte) (Number, error) {
	if f, ok := walk(b); ok {
		return Number{Float: f, Exact: true}, nil
	}
	return plain(b)
}

// plain is Scalar without the walk, which is held against it.
func plain(b []byte) (Number, error) {
	var t pb.TensorProto
	if err := proto.Unmarshal(b, &t); err != nil {
		return Number{}, errors.New("undecodable tensor")
	}
	n, ok := scalar(&t)
	if !ok {
		return Number{}, ErrNotScalar
	}
	return n, nil
}

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

// scalar is Scalar of a decoded tensor. tensor_content goes before the
// typed fields (tensorboard/util/tensor_util.py, make_ndarray).
func scalar(t *pb.TensorProto) (Number, bool) {
	for _, d := range t.GetTensorShape().GetDim() {
		if d.Size != 1 {
			return Number{}, false
		}
	}
	rank := len(t.GetTensorShape().GetDim())
	number, ok := typedScalar(t)
	if len(t.TensorContent) > 0 {
		number, ok = contentScalar(t.Dtype, t.TensorContent)
	}
	number.Rank = rank
	return number, ok
}

func contentScalar(dtype pb.DataType, b []byte) (Number, bool) {
	size, known := map[pb.DataType]int{
		pb.DataType_DT_FLOAT: 4, pb.DataType_DT_DOUBLE: 8, pb.DataType_DT_HALF: 2, pb.DataType_DT_BFLOAT16: 2,
		pb.DataType_DT_INT8: 1, pb.DataType_DT_INT16: 2, pb.DataType_DT_INT32: 4, pb.DataType_DT_INT64: 8,
		pb.DataType_DT_UINT8: 1, pb.DataType_DT_UINT16: 2, pb.DataType_DT_UINT32: 4, pb.DataType_DT_UINT64: 8,
		pb.DataType_DT_BOOL: 1,
	}[dtype]
	if !known || len(b) != size {
		return Number{}, false
	}
	var word [8]byte
	copy(word[:], b)
	u := binary.LittleEndian.Uint64(word[:])
	shift := 64 - 8*size
	i := int64(u<<shift) >> shift // sign extended
	switch dtype {
	case pb.DataType_DT_FLOAT:
		return float(float64(math.Float32frombits(uint32(u))))
	case pb.DataType_DT_DOUBLE:
		return float(math.Float64frombits(u))
	case pb.DataType_DT_HALF:
		return float(halfToFloat(uint16(u)))
	case pb.DataType_DT_BFLOAT16:
		return float(float64(math.Float32frombits(uint32(u) << 16)))
	case pb.DataType_DT_INT8, pb.DataType_DT_INT16, pb.DataType_DT_INT32, pb.DataType_DT_INT64:
		return signed(i)
	case pb.DataType_DT_BOOL:
		return truth(u != 0)
	}
	return unsigned(u)
}

func typedScalar(t *pb.TensorProto) (Number, bool) {
	switch t.Dtype {
	case pb.DataType_DT_FLOAT:
		if len(t.FloatVal) == 1 {
			return float(float64(t.FloatVal[0]))
		}
	case pb.DataType_DT_DOUBLE:
		if len(t.DoubleVal) == 1 {
			return float(t.DoubleVal[0])
		}
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		if len(t.HalfVal) == 1 {
			return float(halfVal(t.Dtype, t.HalfVal[0]))
		}
	case pb.DataType_DT_INT8, pb.DataType_DT_INT16, pb.DataType_DT_INT32, pb.DataType_DT_UINT8, pb.DataType_DT_UINT16:
		if len(t.IntVal) == 1 {
			return signed(int64(t.IntVal[0]))
		}
	case pb.DataType_DT_INT64:
		if len(t.Int64Val) == 1 {
			return signed(t.Int64Val[0])
		}
	case pb.DataType_DT_UINT32:
		if len(t.Uint32Val) == 1 {
			return unsigned(uint64(t.Uint32Val[0]))
		}
	case pb.DataType_DT_UINT64:
		if len(t.Uint64Val) == 1 {
			return unsigned(t.Uint64Val[0])
		}
	case pb.DataType_DT_BOOL:
		if len(t.BoolVal) == 1 {
			return truth(t.BoolVal[0])
		}
	}
	return Number{}, false
}

// halfVal reads an element of half_val, a 16-bit pattern. torch writes the
// bits of a float32 there (torch/utils/tensorboard/summary.py, half_to_int),
// which no 16-bit pattern reaches but for zero and the smallest subnormals.
func halfVal(dtype pb.DataType, x int32) float64 {
	if uint32(x) > math.MaxUint16 {
		return float64(math.Float32frombits(uint32(x)))
	}
	if dtype == pb.DataType_DT_BFLOAT16 {
		return float64(math.Float32frombits(uint32(x) << 16))
	}
	return halfToFloat(uint16(x))
}

// halfToFloat widens an IEEE 754 binary16, exactly.
func halfToFloat(h uint16) float64 {
	sign := 1.0
	if h>>15 != 0 {
		sign = -1
	}
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 0x1f:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

func float(f float64) (Number, bool) { return Number{Float: f, Exact: true}, true }

func truth(b bool) (Number, bool) {
	if b {
		return float(1)
	}
	return float(0)
}

// 2^63 and 2^64 are floats that no int64 and uint64 equals; converting them
// back is undefined, so they are told apart first.
func signed(i int64) (Number, bool) {
	f := float64(i)
	return Number{Float: f, Exact: f < 1<<63 && int64(f) == i}, true
}

func unsigned(u uint64) (Number, bool) {
	f := float64(u)
	return Number{Float: f, Exact: f < 1<<64 && uint64(f) == u}, true
}
