package main

import (
	"math"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	pb "tbexport/proto"
)

// dumpTensor is a tensor in a line of dump. Elements that stand for more, as
// one number for a whole shape, are not repeated.
type dumpTensor struct {
	DType    string  `json:"dtype"`
	Shape    []int64 `json:"shape"`
	Elements int     `json:"elements"`        // that are written
	First    []any   `json:"first,omitempty"` // of them
	All      []any   `json:"all,omitempty"`   // with --full
}

// firstElements is how many elements of a tensor are shown.
const firstElements = 5

func newDumpTensor(m *pb.TensorProto, full bool) *dumpTensor {
	t := &dumpTensor{DType: eventfile.TypeName(m.Dtype), Shape: []int64{}}
	for _, d := range m.GetTensorShape().GetDim() {
		t.Shape = append(t.Shape, d.Size)
	}
	n, element := elements(m, full)
	t.Elements = n
	shown := min(n, firstElements)
	if full {
		shown = n
	}
	var values []any
	for i := range shown {
		values = append(values, element(i))
	}
	if full {
		t.All = values
	} else {
		t.First = values
	}
	return t
}

// shownText is how many bytes of a text are shown.
const shownText = 200

// stringElement is a text, or of bytes that are none how many there are.
func stringElement(b []byte, full bool) any {
	switch {
	case !utf8.Valid(b) && full:
		return map[string]any{"bytes": len(b), "base64": b}
	case !utf8.Valid(b):
		return map[string]any{"bytes": len(b)}
	case len(b) > shownText && !full:
		return strings.ToValidUTF8(string(b[:shownText]), "") + "..."
	}
	return string(b)
}

// elements gives the number of a tensor's elements and a way to each. As for
// TensorBoard, tensor_content goes before the typed fields.
func elements(m *pb.TensorProto, full bool) (int, func(int) any) {
	if size := elementSize(m.Dtype); len(m.TensorContent) > 0 && size > 0 {
		return len(m.TensorContent) / size, func(i int) any { return contentElement(m.Dtype, m.TensorContent[i*size:(i+1)*size]) }
	}
	switch m.Dtype {
	case pb.DataType_DT_FLOAT:
		return len(m.FloatVal), func(i int) any { return jsonFloat(m.FloatVal[i]) }
	case pb.DataType_DT_DOUBLE:
		return len(m.DoubleVal), func(i int) any { return jsonFloat(m.DoubleVal[i]) }
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		return len(m.HalfVal), func(i int) any {
			return oneNumber(&pb.TensorProto{Dtype: m.Dtype, HalfVal: m.HalfVal[i : i+1]})
		}
	case pb.DataType_DT_INT64:
		return len(m.Int64Val), func(i int) any { return m.Int64Val[i] }
	case pb.DataType_DT_UINT32:
		return len(m.Uint32Val), func(i int) any { return m.Uint32Val[i] }
	case pb.DataType_DT_UINT64:
		return len(m.Uint64Val), func(i int) any { return m.Uint64Val[i] }
	case pb.DataType_DT_BOOL:
		return len(m.BoolVal), func(i int) any { return m.BoolVal[i] }
	case pb.DataType_DT_STRING:
		return len(m.StringVal), func(i int) any { return stringElement(m.StringVal[i], full) }
	}
	return len(m.IntVal), func(i int) any { return m.IntVal[i] }
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

// contentElement is one element, little-endian as protobuf's fixed numbers.
func contentElement(d pb.DataType, b []byte) any {
	short, _ := protowire.ConsumeFixed32(b)
	long, _ := protowire.ConsumeFixed64(b)
	switch d {
	case pb.DataType_DT_FLOAT:
		return jsonFloat(math.Float32frombits(short))
	case pb.DataType_DT_DOUBLE:
		return jsonFloat(math.Float64frombits(long))
	case pb.DataType_DT_INT64:
		return int64(long)
	case pb.DataType_DT_UINT64:
		return long
	case pb.DataType_DT_BOOL:
		return b[0] != 0
	}
	return oneNumber(&pb.TensorProto{Dtype: d, TensorContent: b})
}

// oneNumber is the number of a tensor with one element, as the exports read it.
func oneNumber(m *pb.TensorProto) any {
	b, err := proto.Marshal(m)
	if err != nil {
		return nil
	}
	v := eventfile.Value{Field: eventfile.FieldTensor, Tensor: b}
	number, err := v.Scalar()
	if err != nil {
		return nil
	}
	return jsonFloat(number.Float)
}
