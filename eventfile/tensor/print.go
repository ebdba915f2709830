package tensor

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// Contents is a tensor's elements as its writer put them: elements that stand
// for more, as one number for a whole shape, are there once.
type Contents struct {
	DType string  // as numpy and TensorFlow spell it; empty for none
	Shape []int64 // not nil; empty for rank 0 and for an unknown one
	// N is how many elements are written, of a type that can be shown.
	N int

	tensor *pb.TensorProto
	size   int // of an element in tensor_content; 0: they are in a typed field
}

// Open decodes a TensorProto. It keeps a reference to b.
func Open(b []byte) (*Contents, error) {
	t := new(pb.TensorProto)
	if err := proto.Unmarshal(b, t); err != nil {
		return nil, errUndecodable
	}
	c := &Contents{DType: DType(t.Dtype).String(), Shape: []int64{}, tensor: t}
	for _, d := range t.GetTensorShape().GetDim() {
		c.Shape = append(c.Shape, d.Size)
	}
	// As for TensorBoard, tensor_content goes before the typed fields.
	if t.Dtype == pb.DataType_DT_STRING && len(t.TensorContent) > 0 {
		if t.StringVal, _ = listed(t.TensorContent, c.Shape); t.StringVal == nil { // it is no list, or of no strings
			return c, nil
		}
	}
	if size := elementSize(t.Dtype); len(t.TensorContent) > 0 && size > 0 {
		c.size, c.N = size, len(t.TensorContent)/size
	} else {
		c.N = typedElements(t)
	}
	return c, nil
}

// elementSize is the bytes of an element in tensor_content; 0: it is none
// that can stand there, or none that is shown.
func elementSize(d pb.DataType) int {
	switch d {
	case pb.DataType_DT_INT8, pb.DataType_DT_UINT8, pb.DataType_DT_BOOL:
		return 1
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16, pb.DataType_DT_INT16, pb.DataType_DT_UINT16:
		return 2
	case pb.DataType_DT_FLOAT, pb.DataType_DT_INT32, pb.DataType_DT_UINT32:
		return 4
	case pb.DataType_DT_DOUBLE, pb.DataType_DT_INT64, pb.DataType_DT_UINT64:
		return 8
	}
	return 0
}

func typedElements(t *pb.TensorProto) int {
	switch t.Dtype {
	case pb.DataType_DT_FLOAT:
		return len(t.FloatVal)
	case pb.DataType_DT_DOUBLE:
		return len(t.DoubleVal)
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		return len(t.HalfVal)
	case pb.DataType_DT_INT64:
		return len(t.Int64Val)
	case pb.DataType_DT_UINT32:
		return len(t.Uint32Val)
	case pb.DataType_DT_UINT64:
		return len(t.Uint64Val)
	case pb.DataType_DT_BOOL:
		return len(t.BoolVal)
	case pb.DataType_DT_STRING:
		return len(t.StringVal)
	}
	return len(t.IntVal)
}

// At is the element at i, from 0 to below N: a float64 for floats of every
// width, an int64 or uint64 for integers, a bool, or the []byte of a string.
func (c *Contents) At(i int) any {
	t := c.tensor
	if c.size > 0 {
		return contentElement(t.Dtype, t.TensorContent[i*c.size:(i+1)*c.size])
	}
	switch t.Dtype {
	case pb.DataType_DT_FLOAT:
		return float64(t.FloatVal[i])
	case pb.DataType_DT_DOUBLE:
		return t.DoubleVal[i]
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		return halfVal(t.Dtype, t.HalfVal[i])
	case pb.DataType_DT_INT64:
		return t.Int64Val[i]
	case pb.DataType_DT_UINT32:
		return uint64(t.Uint32Val[i])
	case pb.DataType_DT_UINT64:
		return t.Uint64Val[i]
	case pb.DataType_DT_BOOL:
		return t.BoolVal[i]
	case pb.DataType_DT_STRING:
		return t.StringVal[i]
	}
	return int64(t.IntVal[i])
}

// contentElement is one element of tensor_content, which is little-endian.
func contentElement(d pb.DataType, b []byte) any {
	var word [8]byte
	copy(word[:], b)
	u := binary.LittleEndian.Uint64(word[:])
	shift := 64 - 8*len(b)
	switch d {
	case pb.DataType_DT_FLOAT:
		return float64(math.Float32frombits(uint32(u)))
	case pb.DataType_DT_DOUBLE:
		return math.Float64frombits(u)
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		return halfVal(d, int32(u))
	case pb.DataType_DT_INT8, pb.DataType_DT_INT16, pb.DataType_DT_INT32, pb.DataType_DT_INT64:
		return int64(u<<shift) >> shift // sign extended
	case pb.DataType_DT_BOOL:
		return u != 0
	}
	return u
}
