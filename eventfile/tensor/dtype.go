package tensor

import (
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	pb "tbexport/proto"
)

// DType is the type of a tensor's elements, by its number in TensorFlow's
// types.proto. Any number may stand in a file.
type DType int32

// The types that scalars are mostly of. None is that of no tensor.
const (
	None    = DType(pb.DataType_DT_INVALID)
	Float32 = DType(pb.DataType_DT_FLOAT)
	Float64 = DType(pb.DataType_DT_DOUBLE)
	Float16 = DType(pb.DataType_DT_HALF)
)

// String is the type's name as numpy and TensorFlow spell it, such as
// "float32"; empty for None, and digits for a type that nobody defined.
func (d DType) String() string {
	switch d {
	case None:
		return ""
	case Float32:
		return "float32"
	case Float64:
		return "float64"
	case Float16:
		return "float16"
	}
	return strings.ToLower(strings.TrimPrefix(pb.DataType(d).String(), "DT_"))
}

// TypeOf is the type of an encoded tensor's elements: None where it says none,
// or is broken in front of it.
func TypeOf(b []byte) DType {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeField(b)
		if n < 0 {
			break
		}
		if num == 1 && typ == protowire.VarintType {
			_, _, key := protowire.ConsumeTag(b)
			x, _ := protowire.ConsumeVarint(b[key:])
			return DType(x)
		}
		b = b[n:]
	}
	return None
}
