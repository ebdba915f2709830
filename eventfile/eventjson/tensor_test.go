package eventjson

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

func TestTensor(t *testing.T) {
	shape := &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{Size: 2}}}
	png := []byte("\x89PNG\xff")
	for _, c := range []struct {
		tensor *pb.TensorProto
		detail Detail
		want   string
	}{
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorShape: shape, FloatVal: []float32{1, 2}}, Brief,
			`{"dtype":"float32","shape":[2],"elements":2,"first":[1,2]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2, 3, 4, 5, 6}}, Brief,
			`{"dtype":"float64","shape":[],"elements":6,"first":[1,2,3,4,5]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2, 3, 4, 5, 6}}, Full,
			`{"dtype":"float64","shape":[],"elements":6,"all":[1,2,3,4,5,6]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{0x3c00}}, Brief, `{"dtype":"float16","shape":[],"elements":1,"first":[1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BFLOAT16, TensorContent: []byte{0x80, 0x3f}}, Brief, `{"dtype":"bfloat16","shape":[],"elements":1,"first":[1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte{0, 0, 0xc0, 0x7f}}, Brief, `{"dtype":"float32","shape":[],"elements":1,"first":["NaN"]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, TensorContent: []byte{0, 0, 0, 0, 0, 0, 0xf0, 0xbf}}, Brief, `{"dtype":"float64","shape":[],"elements":1,"first":[-1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1<<63 - 1}}, Brief, `{"dtype":"int64","shape":[],"elements":1,"first":[9223372036854775807]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, TensorContent: bytes.Repeat([]byte{0xff}, 8)}, Brief, `{"dtype":"int64","shape":[],"elements":1,"first":[-1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, TensorContent: bytes.Repeat([]byte{0xff}, 8)}, Brief, `{"dtype":"uint64","shape":[],"elements":1,"first":[18446744073709551615]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{7}}, Brief, `{"dtype":"uint64","shape":[],"elements":1,"first":[7]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT32, Uint32Val: []uint32{7}}, Brief, `{"dtype":"uint32","shape":[],"elements":1,"first":[7]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT8, TensorContent: []byte{0xff, 1}}, Brief, `{"dtype":"int8","shape":[],"elements":2,"first":[-1,1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT16, IntVal: []int32{-3}}, Brief, `{"dtype":"int16","shape":[],"elements":1,"first":[-3]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, BoolVal: []bool{true}}, Brief, `{"dtype":"bool","shape":[],"elements":1,"first":[true]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, TensorContent: []byte{1, 0}}, Brief, `{"dtype":"bool","shape":[],"elements":2,"first":[true,false]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("a"), png}}, Brief,
			`{"dtype":"string","shape":[],"elements":2,"first":["a",{"bytes":5}]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{png}}, Full,
			`{"dtype":"string","shape":[],"elements":1,"all":[{"base64":"` + base64.StdEncoding.EncodeToString(png) + `","bytes":5}]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{bytes.Repeat([]byte("é"), 101)}}, Brief,
			`{"dtype":"string","shape":[],"elements":1,"first":["` + strings.Repeat("é", 100) + `..."]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX64, TensorContent: make([]byte, 8)}, Brief, `{"dtype":"complex64","shape":[],"elements":0}`},
		{&pb.TensorProto{}, Brief, `{"dtype":"","shape":[],"elements":0}`},
	} {
		b, err := proto.Marshal(c.tensor)
		if err != nil {
			t.Fatal(err)
		}
		contents, err := tensor.Open(b)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(newTensor(contents, c.detail))
		if err != nil || string(text) != c.want {
			t.Errorf("%v: got %s, want %s; %v", c.tensor, text, c.want, err)
		}
	}
}
