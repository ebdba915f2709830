package tensor

import (
	"math"
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

func TestContents(t *testing.T) {
	for _, c := range []struct {
		tensor *pb.TensorProto
		dtype  string
		want   []any
	}{
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT32, TensorContent: []byte{0x87, 0xd6, 0x12, 0}}, "int32", []any{int64(1234567)}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT8, TensorContent: []byte{255, 1}}, "uint8", []any{uint64(255), uint64(1)}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT8, TensorContent: []byte{255}}, "int8", []any{int64(-1)}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_HALF, TensorContent: []byte{0, 0xfc, 1, 0}}, "float16", []any{math.Inf(-1), math.Ldexp(1, -24)}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{0x3f000000}}, "float16", []any{0.5}}, // as torch writes it
		{&pb.TensorProto{Dtype: pb.DataType_DT_BFLOAT16, HalfVal: []int32{0xbf80}}, "bfloat16", []any{-1.0}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT32, Uint32Val: []uint32{7}}, "uint32", []any{uint64(7)}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("a")}}, "string", []any{[]byte("a")}},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte{0, 0, 128, 63, 9}}, "float32", []any{1.0}}, // cut short
		{&pb.TensorProto{}, "", nil},
	} {
		b, err := proto.Marshal(c.tensor)
		if err != nil {
			t.Fatal(err)
		}
		contents, err := Open(b)
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		for i := range contents.N {
			got = append(got, contents.At(i))
		}
		if !reflect.DeepEqual(got, c.want) || contents.DType != c.dtype {
			t.Errorf("%v: got %v of %s, want %v", c.tensor, got, contents.DType, c.want)
		}
	}
}

// FuzzContents: each element of each tensor can be had.
func FuzzContents(f *testing.F) {
	f.Add([]byte("\x08\x01\x22\x04\x00\x00\x80\x3f"))
	f.Add([]byte("\x08\x07\x42\x01a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		contents, err := Open(b)
		if err != nil {
			return
		}
		for i := range contents.N {
			if contents.At(i) == nil {
				t.Errorf("no element %d of %d", i, contents.N)
			}
		}
	})
}
