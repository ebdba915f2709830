package tensor

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/internal/build"
	pb "tbexport/proto"
)

const (
	float32Type = pb.DataType_DT_FLOAT
	float64Type = pb.DataType_DT_DOUBLE
	halfType    = pb.DataType_DT_HALF
	bfloatType  = pb.DataType_DT_BFLOAT16
)

func scalarOf(t testing.TB, tensor *pb.TensorProto) (Number, error) {
	t.Helper()
	return Scalar(build.Marshal(t, tensor))
}

func sameBits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func bytesField(num protowire.Number, body ...byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), body)
}

var le = binary.LittleEndian

func le32(f float32) []byte { return le.AppendUint32(nil, math.Float32bits(f)) }
func le64(f float64) []byte { return le.AppendUint64(nil, math.Float64bits(f)) }

// inexact marks the numbers of a table that float64 does not hold.
type inexact float64

func TestScalarOfEveryType(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		tensor *pb.TensorProto
		want   any // float64 or inexact
	}{
		{build.Content(float32Type, le32(0.1)...), 0.10000000149011612},
		{build.Content(float32Type, le32(float32(inf))...), inf},
		{build.Content(float32Type, 0, 0, 0xc0, 0x7f), nan},
		{&pb.TensorProto{Dtype: float32Type, FloatVal: []float32{-0.1}}, -0.10000000149011612},
		{build.Content(float64Type, le64(0.1)...), 0.1},
		{build.Content(float64Type, le64(math.Copysign(0, -1))...), math.Copysign(0, -1)},
		{&pb.TensorProto{Dtype: float64Type, DoubleVal: []float64{-inf}}, -inf},
		{&pb.TensorProto{Dtype: float64Type, DoubleVal: []float64{math.SmallestNonzeroFloat64}}, math.SmallestNonzeroFloat64},

		{build.Content(halfType, 0x00, 0x3c), 1.0},
		{&pb.TensorProto{Dtype: halfType, HalfVal: []int32{0xc000}}, -2.0},
		{build.Content(bfloatType, 0x80, 0x3f), 1.0},
		{&pb.TensorProto{Dtype: bfloatType, HalfVal: []int32{0xc040}}, -3.0},

		{build.Content(pb.DataType_DT_INT8, 0x80), -128.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT8, IntVal: []int32{-1}}, -1.0},
		{build.Content(pb.DataType_DT_INT16, 0x00, 0x80), -32768.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT16, IntVal: []int32{-300}}, -300.0},
		{build.Content(pb.DataType_DT_INT32, 0, 0, 0, 0x80), -2147483648.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT32, IntVal: []int32{7}}, 7.0},
		{build.Content(pb.DataType_DT_INT64, 0, 0, 0, 0, 0, 0, 0, 0x80), -0x1p63},
		{build.Content(pb.DataType_DT_INT64, 255, 255, 255, 255, 255, 255, 255, 127), inexact(0x1p63)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1 << 53}}, 0x1p53},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1<<53 + 1}}, inexact(0x1p53)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{-1<<53 - 1}}, inexact(-0x1p53)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1<<53 + 2}}, 0x1p53 + 2},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{math.MaxInt64}}, inexact(0x1p63)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{math.MinInt64}}, -0x1p63},

		{build.Content(pb.DataType_DT_UINT8, 0xff), 255.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT8, IntVal: []int32{200}}, 200.0},
		{build.Content(pb.DataType_DT_UINT16, 0xff, 0xff), 65535.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT16, IntVal: []int32{65535}}, 65535.0},
		{build.Content(pb.DataType_DT_UINT32, 255, 255, 255, 255), 4294967295.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT32, Uint32Val: []uint32{1 << 31}}, 0x1p31},
		{build.Content(pb.DataType_DT_UINT64, 255, 255, 255, 255, 255, 255, 255, 255), inexact(0x1p64)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{1 << 63}}, 0x1p63},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{math.MaxUint64}}, inexact(0x1p64)},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{math.MaxUint64 - 2047}}, 0x1p64 - 2048},

		{build.Content(pb.DataType_DT_BOOL, 1), 1.0},
		{build.Content(pb.DataType_DT_BOOL, 0), 0.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, BoolVal: []bool{true}}, 1.0},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, BoolVal: []bool{false}}, 0.0},
	} {
		want, exact := c.want.(float64)
		if !exact {
			want = float64(c.want.(inexact))
		}
		got, err := scalarOf(t, c.tensor)
		if err != nil {
			t.Errorf("%v: %v", c.tensor, err)
		} else if got.Exact != exact || got.Rank != 0 || !(sameBits(got.Float, want) || math.IsNaN(want) && math.IsNaN(got.Float)) {
			t.Errorf("%v: %+v, not %v (exact: %v)", c.tensor, got, want, exact)
		}
	}
}

func TestScalarShapes(t *testing.T) {
	one := func() *pb.TensorProto { return build.Double(5) }
	unknown := one()
	unknown.TensorShape = &pb.TensorShapeProto{UnknownRank: true}
	both := one()
	both.TensorContent = le64(6)
	for _, c := range []struct {
		name   string
		tensor *pb.TensorProto
		want   float64 // 0: not one number
		rank   int
	}{
		{"no shape", one(), 5, 0},
		{"rank 0", build.Shaped(one()), 5, 0},
		{"[1]", build.Shaped(one(), 1), 5, 1},
		{"[1,1]", build.Shaped(one(), 1, 1), 5, 2},
		{"[1] as content", build.Shaped(build.Content(float64Type, le64(5)...), 1), 5, 1},
		{"unknown rank", unknown, 5, 0},
		{"[2], one element for both", build.Shaped(one(), 2), 0, 0},
		{"[0]", build.Shaped(&pb.TensorProto{Dtype: float32Type}, 0), 0, 0},
		{"no element", &pb.TensorProto{Dtype: float32Type}, 0, 0},
		{"two elements", &pb.TensorProto{Dtype: float64Type, DoubleVal: []float64{1, 2}}, 0, 0},
		{"two elements as content", build.Content(float32Type, le64(5)...), 0, 0},
		{"content before the typed field", both, 6, 0},
		{"the field of another type", &pb.TensorProto{Dtype: float32Type, DoubleVal: []float64{5}}, 0, 0},
		{"no type", &pb.TensorProto{DoubleVal: []float64{5}}, 0, 0},
		{"text", &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("5")}}, 0, 0},
		{"complex", build.Content(pb.DataType_DT_COMPLEX64, le64(5)...), 0, 0},
		{"an unknown type", build.Content(99, le64(5)...), 0, 0},
		{"a versioned tensor", &pb.TensorProto{Dtype: float64Type, VersionNumber: 1, DoubleVal: []float64{5}}, 5, 0},
	} {
		got, err := scalarOf(t, c.tensor)
		switch {
		case c.want == 0 && err != ErrNotScalar:
			t.Errorf("%s: %+v, %v", c.name, got, err)
		case c.want != 0 && (err != nil || got != Number{Float: c.want, Exact: true, Rank: c.rank}):
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

func TestScalarUndecodable(t *testing.T) {
	short := build.Content(float64Type, le64(6)[:7]...)
	short.DoubleVal = []float64{5}
	for _, raw := range [][]byte{
		{keyDtype}, {keyBytes, 9}, {keyFloats, 3, 0, 0, 0},
		// Shape and elements contradict each other.
		build.Marshal(t, build.Shaped(build.Double(5), -1)), build.Marshal(t, short), build.Marshal(t, build.Shaped(&pb.TensorProto{Dtype: float32Type})),
	} {
		n, err := Scalar(raw)
		if err == nil || errors.Is(err, ErrNotScalar) {
			t.Errorf("undecodable %x: %+v, %v", raw, n, err)
		}
	}
}

// TestScalarUnpacked reads typed elements that are not packed, as old writers
// may leave them, and split ones, of which there are two.
func TestScalarUnpacked(t *testing.T) {
	dtype := []byte{keyDtype, byte(float32Type)}
	unpacked := protowire.AppendFixed32(protowire.AppendTag(nil, 5, protowire.Fixed32Type), math.Float32bits(2))
	packed := bytesField(5, le32(2)...)
	for name, c := range map[string]struct {
		raw []byte
		n   int
	}{
		"unpacked":            {join(dtype, unpacked), 1},
		"type behind element": {join(packed, dtype), 1},
		"both":                {join(dtype, unpacked, packed), 2},
		"packed twice":        {join(dtype, packed, packed), 2},
		"packed, then none":   {join(dtype, packed, bytesField(5)), 1},
	} {
		got, err := Scalar(c.raw)
		if c.n == 1 && (err != nil || got.Float != 2) || c.n == 2 && err != ErrNotScalar {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestHalf holds the widening to the definition of binary16, for every
// pattern: sign, five bits of exponent and ten of fraction.
func TestHalf(t *testing.T) {
	for _, c := range []struct {
		bits uint16
		want float64
	}{
		{0x0000, 0}, {0x8000, math.Copysign(0, -1)}, {0x0001, 0x1p-24}, {0x03ff, 1023 * 0x1p-24}, {0x0400, 0x1p-14},
		{0x3555, 0.333251953125}, {0x7bff, 65504}, {0xfbff, -65504}, {0x7c00, math.Inf(1)}, {0xfc00, math.Inf(-1)},
	} {
		if got := ieeeHalf.float(c.bits); !sameBits(got, c.want) {
			t.Errorf("half(%#04x) = %v, not %v", c.bits, got, c.want)
		}
	}
	for h := range 1 << 16 {
		got := ieeeHalf.float(uint16(h))
		exponent, fraction := h>>10&0x1f, h&0x3ff
		if exponent == 0x1f && fraction != 0 {
			if !math.IsNaN(got) {
				t.Fatalf("half(%#04x) = %v, not NaN", h, got)
			}
			continue
		}
		if back := halfBits(got); back != uint16(h) {
			t.Fatalf("half(%#04x) = %v, whose bits are %#04x", h, got, back)
		}
		if next := h + 1; exponent < 0x1f && next&0x7fff != 0 && math.Abs(ieeeHalf.float(uint16(next))) <= math.Abs(got) {
			t.Fatalf("half(%#04x) is not beyond %v", next, got)
		}
	}
}

// halfBits finds the pattern of a float64 by way of its own bits.
func halfBits(f float64) uint16 {
	bits := math.Float64bits(f)
	sign := uint16(bits >> 63 << 15)
	exponent := int(bits>>52&0x7ff) - 1023
	switch {
	case f == 0:
		return sign
	case math.IsInf(f, 0):
		return sign | 0x7c00
	case exponent < -14: // subnormal
		return sign | uint16(math.Abs(f)*0x1p24)
	}
	return sign | uint16(exponent+15)<<10 | uint16(bits>>42&0x3ff)
}

// TestHalfOfTorch reads the bits of a float32 in half_val as that float32.
func TestHalfOfTorch(t *testing.T) {
	for _, dtype := range []pb.DataType{halfType, bfloatType} {
		for _, f := range []float32{1, -1, 0.1, -0.1, 65504, 1e-30, float32(math.Inf(1)), float32(math.Inf(-1))} {
			got, err := scalarOf(t, &pb.TensorProto{Dtype: dtype, HalfVal: []int32{int32(math.Float32bits(f))}})
			if err != nil || got.Float != float64(f) {
				t.Errorf("%v with the bits of %v: %+v, %v", dtype, f, got, err)
			}
		}
	}
	got, err := scalarOf(t, &pb.TensorProto{Dtype: halfType, HalfVal: []int32{0x7e00}})
	if err != nil || !math.IsNaN(got.Float) {
		t.Errorf("NaN: %+v, %v", got, err)
	}
}

// FuzzScalar holds the walk over a tensor to what proto.Unmarshal reads.
func FuzzScalar(f *testing.F) {
	for _, raw := range build.Payloads(f) {
		var e pb.Event
		if proto.Unmarshal(raw, &e) != nil {
			continue
		}
		for _, v := range e.GetSummary().GetValue() {
			if b := v.GetTensor(); b != nil {
				f.Add(b)
			}
		}
	}
	for _, dtype := range []pb.DataType{float32Type, float64Type, halfType, pb.DataType_DT_INT64, pb.DataType_DT_STRING} {
		t := build.Shaped(build.Content(dtype, le64(1)...), 1)
		f.Add(build.Marshal(f, t))
		t.FloatVal, t.DoubleVal, t.HalfVal, t.TensorShape = []float32{1}, []float64{1}, []int32{1}, nil
		f.Add(build.Marshal(f, t))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		want, err := plain(raw)
		if walked, ok := walk(raw); ok {
			if err != nil || !sameBits(walked, want.Float) || !want.Exact || want.Rank != 0 {
				t.Fatalf("the walk reads %v; protobuf %+v, %v", walked, want, err)
			}
		}
		got, again := Scalar(raw)
		if again != err && (again == nil || err == nil || again.Error() != err.Error()) {
			t.Fatalf("Scalar: %v, without the walk: %v", again, err)
		}
		if err == nil && (!sameBits(got.Float, want.Float) || got.Exact != want.Exact || got.Rank != want.Rank) {
			t.Fatalf("Scalar: %+v, without the walk: %+v", got, want)
		}
	})
}

func TestScalarDoesNotAllocate(t *testing.T) {
	for _, tensor := range []*pb.TensorProto{
		{Dtype: float32Type, FloatVal: []float32{1}}, build.Shaped(build.Content(float64Type, le64(1)...)),
	} {
		raw := build.Marshal(t, tensor)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := Scalar(raw); err != nil {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("%v: %v allocations", tensor, n)
		}
	}
}
