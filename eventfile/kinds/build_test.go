package kinds

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

func encode(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func shape(dims ...int64) *pb.TensorShapeProto {
	s := new(pb.TensorShapeProto)
	for _, d := range dims {
		s.Dim = append(s.Dim, &pb.TensorShapeProto_Dim{Size: d})
	}
	return s
}

// texts is a tensor of strings.
func texts(t testing.TB, dims []int64, all ...string) []byte {
	t.Helper()
	m := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorShape: shape(dims...)}
	for _, s := range all {
		m.StringVal = append(m.StringVal, []byte(s))
	}
	return encode(t, m)
}

// floats is a tensor of float32 in its typed field, or of float64 in tensor_content.
func floats(t testing.TB, d pb.DataType, dims []int64, all ...float64) []byte {
	t.Helper()
	m := &pb.TensorProto{Dtype: d, TensorShape: shape(dims...)}
	for _, f := range all {
		if d == pb.DataType_DT_FLOAT {
			m.FloatVal = append(m.FloatVal, float32(f))
		} else {
			m.TensorContent = binary.LittleEndian.AppendUint64(m.TensorContent, math.Float64bits(f))
		}
	}
	return encode(t, m)
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y })
}

// wav is a WAV file of 16-bit samples, as Python's wave writes it.
func wav(rate, channels, frames int) []byte {
	little := binary.LittleEndian
	data := 2 * channels * frames
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	b = append(b, "WAVEfmt "...)
	b = little.AppendUint32(b, 16)
	b = little.AppendUint16(b, 1)
	b = little.AppendUint16(b, uint16(channels))
	b = little.AppendUint32(b, uint32(rate))
	b = little.AppendUint32(b, uint32(2*channels*rate))
	b = little.AppendUint16(b, uint16(2*channels))
	b = little.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = little.AppendUint32(b, uint32(data))
	little.PutUint32(b[4:], uint32(len(b)+data-8))
	return append(b, make([]byte, data)...)
}
