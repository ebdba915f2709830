package tensor

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// types are all that TensorFlow defines.
func types() (all []DType) {
	for d := range pb.DataType_name {
		all = append(all, DType(d))
	}
	slices.Sort(all)
	return all
}

func shaped(dims ...int64) *pb.TensorShapeProto {
	s := new(pb.TensorShapeProto)
	for _, d := range dims {
		s.Dim = append(s.Dim, &pb.TensorShapeProto_Dim{Size: d})
	}
	return s
}

func encode(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustDecode(t testing.TB, m *pb.TensorProto) Tensor {
	t.Helper()
	d, err := Decode(encode(t, m))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPatterns: every pattern of the small types is the number that numpy and ml_dtypes say.
func TestPatterns(t *testing.T) {
	table, err := os.ReadFile("testdata/minifloats.tsv")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(table)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		i := slices.IndexFunc(types(), func(d DType) bool { return d.String() == fields[0] })
		if i < 0 {
			t.Fatalf("no type is called %s", fields[0])
		}
		d := types()[i]
		var content []byte
		for i := range fields[1:] {
			if d == Float16 {
				content = binary.LittleEndian.AppendUint16(content, uint16(37*i))
			} else {
				content = append(content, byte(i))
			}
		}
		m := mustDecode(t, &pb.TensorProto{Dtype: pb.DataType(d), TensorContent: content, TensorShape: shaped(int64(len(fields) - 1))})
		for i, got := range m.Floats() {
			want, err := strconv.ParseFloat(fields[1+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			if math.Float64bits(got) != math.Float64bits(want) && !(got != got && want != want) {
				t.Errorf("%s: pattern %d is %v, want %v", d, i, got, want)
			}
			seen++
		}
	}
	if seen < 3000 {
		t.Errorf("only %d patterns", seen)
	}
}

// TestDecodeTypes: each type, in its typed field and in tensor_content.
func TestDecodeTypes(t *testing.T) {
	real := []float64{1, 0}
	for _, test := range []struct {
		typed   *pb.TensorProto
		name    string
		floats  []float64
		content string // little-endian, in hex as Go escapes
	}{
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1, float32(math.NaN())}}, "float32", []float64{1, math.NaN()}, "\x00\x00\x80\x3f\x00\x00\xc0\x7f"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 0.1}}, "float64", []float64{1, 0.1}, "\x00\x00\x00\x00\x00\x00\xf0\x3f\x9a\x99\x99\x99\x99\x99\xb9\x3f"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{0x3c00, 0xc000}}, "float16", []float64{1, -2}, "\x00\x3c\x00\xc0"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BFLOAT16, HalfVal: []int32{0x3f80, 0xc000}}, "bfloat16", []float64{1, -2}, "\x80\x3f\x00\xc0"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT8, IntVal: []int32{-1, 127}}, "int8", []float64{-1, 127}, "\xff\x7f"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT8, IntVal: []int32{255, 0}}, "uint8", []float64{255, 0}, "\xff\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT16, IntVal: []int32{-2, 258}}, "int16", []float64{-2, 258}, "\xfe\xff\x02\x01"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT16, IntVal: []int32{65535, 258}}, "uint16", []float64{65535, 258}, "\xff\xff\x02\x01"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT32, IntVal: []int32{-3, 1}}, "int32", []float64{-3, 1}, "\xfd\xff\xff\xff\x01\x00\x00\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT32, Uint32Val: []uint32{math.MaxUint32, 1}}, "uint32", []float64{math.MaxUint32, 1}, "\xff\xff\xff\xff\x01\x00\x00\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{-1, 1<<53 + 1}}, "int64", []float64{-1, 1 << 53}, "\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x20\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{math.MaxUint64, 1}}, "uint64", []float64{1 << 64, 1}, "\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, BoolVal: []bool{true, false}}, "bool", real, "\x01\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_QINT8, IntVal: []int32{-1, 2}}, "qint8", []float64{-1, 2}, "\xff\x02"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_QUINT8, IntVal: []int32{255, 2}}, "quint8", []float64{255, 2}, "\xff\x02"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_QINT16, IntVal: []int32{-1, 2}}, "qint16", []float64{-1, 2}, "\xff\xff\x02\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_QUINT16, IntVal: []int32{65535, 2}}, "quint16", []float64{65535, 2}, "\xff\xff\x02\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_QINT32, IntVal: []int32{-1, 2}}, "qint32", []float64{-1, 2}, "\xff\xff\xff\xff\x02\x00\x00\x00"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT4, IntVal: []int32{-8, 7}}, "int4", []float64{-8, 7}, "\xf8\x07"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT4, IntVal: []int32{15, 7}}, "uint4", []float64{15, 7}, "\x0f\x07"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT2, IntVal: []int32{-2, 1}}, "int2", []float64{-2, 1}, "\xfe\x01"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT2, IntVal: []int32{3, 1}}, "uint2", []float64{3, 1}, "\x03\x01"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT8_E5M2, Float8Val: []byte{0x3c, 0xfc}}, "float8_e5m2", []float64{1, math.Inf(-1)}, "\x3c\xfc"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT8_E4M3FN, Float8Val: []byte{0x38, 0x7e}}, "float8_e4m3fn", []float64{1, 448}, "\x38\x7e"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX64, ScomplexVal: []float32{1, 0, 0, 1}}, "complex64", nil,
			"\x00\x00\x80\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x3f"},
		{&pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX128, DcomplexVal: []float64{1, 0, 0, 1}}, "complex128", nil,
			"\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x3f"},
	} {
		test.typed.TensorShape = shaped(2, 1)
		content := &pb.TensorProto{Dtype: test.typed.Dtype, TensorShape: test.typed.TensorShape, TensorContent: []byte(test.content)}
		for _, m := range []*pb.TensorProto{test.typed, content} {
			d := mustDecode(t, m)
			if d.DType.String() != test.name || !slices.Equal(d.Shape, []int64{2, 1}) || d.Len() != 2 || d.IsString() || d.Strings() != nil {
				t.Errorf("%v is %s of %v, %d elements", m, d.DType, d.Shape, d.Len())
			}
			if !same(d.Floats(), test.floats) {
				t.Errorf("%v: %v, want %v", m, d.Floats(), test.floats)
			}
			if got := d.Bytes(); string(got) != test.content {
				t.Errorf("%v: bytes %x, want %x", m, got, test.content)
			}
		}
	}
}

// TestScalarTypes: one element of every real type is a number.
func TestScalarTypes(t *testing.T) {
	n := 0
	for _, d := range types() {
		if d.size() == 0 {
			continue
		}
		m := &pb.TensorProto{Dtype: pb.DataType(d), TensorContent: make([]byte, d.size()), TensorShape: shaped(1)}
		number, err := Scalar(encode(t, m))
		decoded := mustDecode(t, m)
		if want := decoded.Real(); (err == nil) != want || number.Float != 0 || number.Exact != want {
			t.Errorf("%s: %v, %v", d, number, err)
		} else if want {
			n++
		}
	}
	if n != 28 {
		t.Errorf("%d real types", n)
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y })
}

// TestDecodeOpaque: what is no number is kept as it came.
func TestDecodeOpaque(t *testing.T) {
	for _, m := range []*pb.TensorProto{
		{Dtype: pb.DataType_DT_VARIANT, VariantVal: [][]byte{{1}}},
		{Dtype: pb.DataType_DT_VARIANT, TensorContent: []byte("abc"), TensorShape: shaped()}, // as TF2 writes it
		{Dtype: pb.DataType_DT_RESOURCE, ResourceHandleVal: [][]byte{nil, {1}}, TensorShape: shaped(2)},
		{Dtype: 99, TensorContent: []byte("abc"), TensorShape: shaped(2, 5)},
		{},
	} {
		d := mustDecode(t, m)
		if !bytes.Equal(d.Bytes(), encode(t, m)) || d.Floats() != nil || d.Strings() != nil {
			t.Errorf("%v: bytes %x, %v, %q", m, d.Bytes(), d.Floats(), d.Strings())
		}
	}
	if d := mustDecode(t, &pb.TensorProto{Dtype: 99, TensorShape: shaped(2, 5)}); d.DType.String() != "99" || !slices.Equal(d.Shape, []int64{2, 5}) {
		t.Errorf("%s of %v", d.DType, d.Shape)
	}
}

func TestDecodeStrings(t *testing.T) {
	all := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("a"), nil, []byte("é")}, TensorShape: shaped(3)}
	if d := mustDecode(t, all); !slices.Equal(d.Strings(), []string{"a", "", "é"}) || d.Bytes() != nil {
		t.Errorf("%q, bytes %x", d.Strings(), d.Bytes())
	}
	all.StringVal[1] = []byte("\xff\xfe.")
	if d := mustDecode(t, all); !slices.Equal(d.Strings(), []string{"a", "\uFFFD\uFFFD.", "é"}) || !bytes.Equal(d.Bytes(), encode(t, all)) {
		t.Errorf("%q, bytes %x", d.Strings(), d.Bytes())
	}
	one := mustDecode(t, &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("x")}, TensorShape: shaped(2, 2)})
	if !slices.Equal(one.Strings(), []string{"x", "x", "x", "x"}) || len(one.RawStrings()) != 4 {
		t.Errorf("%q", one.Strings())
	}
}

// TestDecodeStringsOfContent: tf.contrib.summary.generic has written strings to tensor_content.
func TestDecodeStringsOfContent(t *testing.T) {
	for _, test := range []struct {
		content string
		shape   *pb.TensorShapeProto
		want    []string
	}{
		{"\x01x", shaped(1), []string{"x"}},
		{"\x01x", shaped(), []string{"x"}},
		{"\x00", shaped(1, 1), []string{""}},
		{"\x01\x00\x02a\xc3\xa9", shaped(3), []string{"a", "", "é"}},
		{"\x80\x01" + strings.Repeat("y", 128), shaped(1), []string{strings.Repeat("y", 128)}},
		{"\x01\x01\xffb", shaped(2), []string{"\uFFFD", "b"}},
	} {
		m := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorContent: []byte(test.content), TensorShape: test.shape}
		d := mustDecode(t, m)
		if !slices.Equal(d.Strings(), test.want) || d.Len() != len(test.want) {
			t.Errorf("%q of %v: %q", test.content, test.shape, d.Strings())
		}
		c, err := Open(encode(t, m))
		if err != nil || c.N != len(test.want) || !bytes.Equal(c.At(0).([]byte), d.RawStrings()[0]) {
			t.Errorf("%q of %v: %v, %v", test.content, test.shape, c, err)
		}
		n := 0
		EachString(encode(t, m), func(s []byte) bool { n++; return true })
		if n != len(test.want) {
			t.Errorf("%q of %v: %d strings", test.content, test.shape, n)
		}
	}
	for _, content := range []string{"abc", "\x81"} {
		m := &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorContent: []byte(content), TensorShape: shaped(1), StringVal: [][]byte{nil}}
		if c, err := Open(encode(t, m)); err != nil || c.N != 0 {
			t.Errorf("%q: %v, %v", content, c, err)
		}
	}
}

// TestDecodeShapes: one element stands for all; what else does not fit is an error.
func TestDecodeShapes(t *testing.T) {
	for _, test := range []struct {
		shape  *pb.TensorShapeProto
		floats []float32
		want   []int64
		n      int
		err    string
	}{
		{nil, []float32{7}, []int64{}, 1, ""},
		{nil, []float32{7, 8}, []int64{2}, 2, ""},
		{nil, nil, []int64{0}, 0, ""},
		{&pb.TensorShapeProto{UnknownRank: true}, []float32{7, 8}, []int64{2}, 2, ""},
		{shaped(), []float32{7}, []int64{}, 1, ""},
		{shaped(), []float32{7, 8}, nil, 0, "2 elements, but the shape [] is one of 1"},
		{shaped(), nil, nil, 0, "0 elements, but the shape [] is one of 1"},
		{shaped(2, 3), []float32{7}, []int64{2, 3}, 6, ""},
		{shaped(0), nil, []int64{0}, 0, ""},
		{shaped(0), []float32{7}, []int64{0}, 0, ""}, // TensorBoard's null tensor
		{shaped(1<<40, 0, 1<<40), nil, []int64{1 << 40, 0, 1 << 40}, 0, ""},
		{shaped(3), []float32{7, 8}, nil, 0, "2 elements, but the shape [3] is one of 3"},
		{shaped(-1), []float32{7}, nil, 0, "no tensor has the shape [-1]"},
		{shaped(1<<40, 1<<40), []float32{7}, nil, 0, "no tensor has the shape"},
		{shaped(MostRepeated + 1), []float32{7}, nil, 0, "one element for the 1048577 of the shape"},
		{shaped(slices.Repeat([]int64{1}, 255)...), []float32{7}, nil, 0, "more than 254 dimensions"},
	} {
		d, err := Decode(encode(t, &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: test.floats, TensorShape: test.shape}))
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%v of %v: %v, want %s", test.floats, test.shape, err, test.err)
			}
			continue
		}
		if err != nil || !slices.Equal(d.Shape, test.want) || d.Len() != test.n || len(d.Floats()) != test.n || len(d.Bytes()) != 4*test.n {
			t.Errorf("%v of %v: %v, %d elements, %v", test.floats, test.shape, d.Shape, d.Len(), err)
		}
	}
	for _, m := range []*pb.TensorProto{
		{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte("abc"), TensorShape: shaped(1)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("abc"), TensorShape: shaped(1)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x01\x01a"), TensorShape: shaped(2)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x01\x01abc"), TensorShape: shaped(2)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x81"), TensorShape: shaped()},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x01a"), TensorShape: shaped(1 << 61)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x01a"), TensorShape: shaped(0)},
		{Dtype: pb.DataType_DT_STRING, TensorContent: []byte("\x01a\x01b")},
		{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{nil, nil}, TensorShape: shaped(3)},
		{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{make([]byte, 1<<20)}, TensorShape: shaped(17)},
		{Dtype: pb.DataType_DT_COMPLEX64, ScomplexVal: []float32{1, 2, 3}, TensorShape: shaped(1)},
	} {
		if d, err := Decode(encode(t, m)); err == nil {
			t.Errorf("%v is %v", m, d)
		}
	}
}

// TestDecodeTorchHalf: torch has written the bits of float32s to half_val.
func TestDecodeTorchHalf(t *testing.T) {
	for _, d := range []pb.DataType{pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16} {
		want := []float64{1, -0.5, 0, math.Inf(1), math.NaN(), 0x1p-14, -0x1p-24}
		m := &pb.TensorProto{Dtype: d, TensorShape: shaped(int64(len(want)))}
		for _, f := range want {
			m.HalfVal = append(m.HalfVal, int32(math.Float32bits(float32(f))))
		}
		decoded := mustDecode(t, m)
		if got := decoded.Floats(); !same(got, want) || len(decoded.Bytes()) != 2*len(want) {
			t.Errorf("%v: %v, want %v", d, got, want)
		}
	}
	m := &pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{int32(math.Float32bits(0.1))}}
	none := mustDecode(t, m)
	if got := none.Floats(); !same(got, []float64{float64(float32(0.1))}) || !bytes.Equal(none.Bytes(), encode(t, m)) {
		t.Errorf("no half: %v, bytes %x", got, none.Bytes())
	}
	for h := range uint16(math.MaxUint16) {
		f := ieeeHalf.float(h)
		if got, exact := narrow(float32(f), Float16); !exact || got != h && f == f {
			t.Fatalf("%#x is %v and comes back as %#x, %v", h, f, got, exact)
		}
	}
}

// TestDecodeKeepsBytes: neither content nor strings are copied.
func TestDecodeKeepsBytes(t *testing.T) {
	b := encode(t, &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: make([]byte, 4<<20), TensorShape: shaped(1 << 20)})
	s := encode(t, &pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{make([]byte, 4<<20)}, TensorShape: shaped(1)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, b := range [][]byte{b, s} {
		d, err := Decode(b)
		if err != nil || len(d.Bytes())+len(d.RawStrings()) == 0 {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 100_000 {
		t.Errorf("%d bytes allocated for two tensors of 4 MB", n)
	}
}

// FuzzDecode: Decode holds what proto.Unmarshal makes of the same bytes, and takes memory in proportion to them.
func FuzzDecode(f *testing.F) {
	for _, d := range types() {
		f.Add(encode(f, &pb.TensorProto{Dtype: pb.DataType(d), TensorShape: shaped(2), FloatVal: []float32{1, 2}, DoubleVal: []float64{1, 2},
			IntVal: []int32{1, 2}, StringVal: [][]byte{{1}, {2}}, ScomplexVal: []float32{1, 2, 3, 4}, Int64Val: []int64{1, 2},
			BoolVal: []bool{true, false}, DcomplexVal: []float64{1, 2, 3, 4}, HalfVal: []int32{1, 2}, ResourceHandleVal: [][]byte{{1}, {2}},
			VariantVal: [][]byte{{1}, {2}}, Uint32Val: []uint32{1, 2}, Uint64Val: []uint64{1, 2}, Float8Val: []byte{1, 2}}))
		f.Add(encode(f, &pb.TensorProto{Dtype: pb.DataType(d), TensorShape: shaped(1, 1), TensorContent: make([]byte, d.size())}))
	}
	f.Add(encode(f, &pb.TensorProto{Dtype: pb.DataType_DT_STRING, TensorShape: shaped(2), TensorContent: []byte("\x01\x02abc")}))
	unpacked := protowire.AppendTag(nil, fieldFloat, protowire.Fixed32Type)
	f.Add(protowire.AppendFixed32(append([]byte{8, 1}, unpacked...), 7))
	f.Add([]byte("\b\x0eh\xff\xff\xff0")) // a half of more than 16 bits: Bytes is what was decoded
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pb.TensorProto
		undecodable := proto.Unmarshal(b, &m)
		d, err := Decode(b)
		if undecodable != nil {
			if err == nil {
				t.Fatalf("proto.Unmarshal: %v; Decode gives %v", undecodable, d)
			}
			return
		}
		if err == errUndecodable {
			t.Fatalf("proto.Unmarshal decodes it: %v", &m)
		}
		if err != nil {
			return
		}
		if d.DType != DType(m.Dtype) || len(d.Floats()) > 0 && len(d.Floats()) != d.Len() || len(d.RawStrings()) > 0 && len(d.RawStrings()) != d.Len() {
			t.Fatalf("%v is %v", &m, d)
		}
		if want, ok := reference(&m); ok && !same(d.Floats(), want) && d.Len() == len(want) {
			t.Fatalf("%v: %v, want %v", &m, d.Floats(), want)
		}
		again, err := Decode(encode(t, &m)) // packed, and every field once
		asBytes := bytes.Equal(again.Bytes(), d.Bytes()) || d.DType.size() == 0 || bytes.Equal(d.Bytes(), d.encoded)
		if err != nil || !asBytes || !slices.Equal(again.Strings(), d.Strings()) {
			t.Fatalf("%v encoded anew is %v, %v, was %v", &m, again, err, d)
		}
	})
}

// reference gives the numbers of the typed fields that scan sees otherwise than Go's generated code.
func reference(m *pb.TensorProto) (all []float64, ok bool) {
	if len(m.TensorContent) > 0 {
		return nil, false
	}
	switch m.Dtype {
	case pb.DataType_DT_FLOAT:
		for _, x := range m.FloatVal {
			all = append(all, float64(x))
		}
	case pb.DataType_DT_DOUBLE:
		all = m.DoubleVal
	case pb.DataType_DT_INT32:
		for _, x := range m.IntVal {
			all = append(all, float64(x))
		}
	case pb.DataType_DT_INT64:
		for _, x := range m.Int64Val {
			all = append(all, float64(x))
		}
	case pb.DataType_DT_UINT32:
		for _, x := range m.Uint32Val {
			all = append(all, float64(x))
		}
	case pb.DataType_DT_UINT64:
		for _, x := range m.Uint64Val {
			all = append(all, float64(x))
		}
	case pb.DataType_DT_BOOL:
		for _, x := range m.BoolVal {
			f := 0.0
			if x {
				f = 1
			}
			all = append(all, f)
		}
	default:
		return nil, false
	}
	return all, true
}
