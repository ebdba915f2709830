package tensor

import (
	"testing"

	pb "tbexport/proto"
)

func TestDType(t *testing.T) {
	for d, want := range map[pb.DataType]string{
		pb.DataType_DT_INVALID: "", pb.DataType_DT_FLOAT: "float32", pb.DataType_DT_DOUBLE: "float64",
		pb.DataType_DT_HALF: "float16", pb.DataType_DT_BFLOAT16: "bfloat16", pb.DataType_DT_UINT8: "uint8", 77: "77",
	} {
		if got := DType(d).String(); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	if d := TypeOf([]byte{0x12, 0x00, 0x08, 0x02}); d != Float64 {
		t.Errorf("a type behind the shape: %v", d)
	}
	if d := TypeOf([]byte{0x12, 0x7f}); d != None {
		t.Errorf("a broken tensor: %v", d)
	}
}
