package event

import (
	"encoding/binary"
	"math"
	"testing"

	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// FuzzPattern holds reading by pattern to decoding: an event of one scalar that has
// a pattern, and any other that has it, too, with another wall time, step and
// number, read as they decode.
func FuzzPattern(f *testing.F) {
	for _, p := range build.Payloads(f) {
		f.Add(p, uint64(0x41d9555555555555), uint64(7), uint64(0x3fb999999999999a))
	}
	for _, e := range oddEvents(f) {
		f.Add(e.raw, math.Float64bits(math.NaN()), uint64(math.MaxUint64), uint64(0))
	}
	f.Fuzz(func(t *testing.T, raw []byte, wallTime, step, number uint64) {
		var s Pattern
		if s.Learn(raw); s.width == 0 || !oneScalar(raw) {
			return
		}
		same(t, &s, raw)
		event := binary.LittleEndian.AppendUint64([]byte{keyWallTime}, wallTime)
		if step != 0 {
			event = binary.AppendUvarint(append(event, keyStep), step)
		}
		event = append(event, s.before...)
		event = append(event, binary.LittleEndian.AppendUint64(nil, number)[:s.width]...)
		event = append(event, s.after...)
		same(t, &s, event)
		// One byte more or less is another pattern.
		var p Point
		if s.Read(append(event, 0), &p) || s.Read(event[:len(event)-1], &p) {
			t.Fatal("more or fewer bytes have the same pattern")
		}
	})
}

// oneScalar is when a pattern is learned: the event decoded as one.
func oneScalar(raw []byte) bool {
	var e Event
	e.reset(raw)
	if decodePlain(raw, &e) != nil || len(e.Values) != 1 {
		return false
	}
	_, err := plainScalar(&e.Values[0])
	return err == nil
}

// same fails unless the pattern reads an event as it decodes.
func same(t *testing.T, s *Pattern, raw []byte) {
	t.Helper()
	var p Point
	if !s.Read(raw, &p) {
		t.Fatalf("% x is not of its own pattern", raw)
	}
	var e Event
	e.reset(raw)
	if err := decodePlain(raw, &e); err != nil || e.What != WhatSummary || len(e.Values) != 1 || e.Undecodable > 0 {
		t.Fatalf("% x has a pattern, but is %+v, %v", raw, e, err)
	}
	n, err := plainScalar(&e.Values[0])
	if err != nil || n.Rank != 0 || !n.Exact || !sameFloat(n.Float, p.Value) && !(math.IsNaN(n.Float) && math.IsNaN(p.Value)) {
		t.Fatalf("% x reads as %v, decodes as %+v, %v", raw, p.Value, n, err)
	}
	if e.Step != p.Step || !sameFloat(e.WallTime, p.WallTime) {
		t.Fatalf("% x reads as step %d at %v, decodes as %d at %v", raw, p.Step, p.WallTime, e.Step, e.WallTime)
	}
	if v := &e.Values[0]; v.Field == FieldTensor && tensor.TypeOf(v.Tensor) != p.DType || v.Field == FieldSimpleValue && p.DType != tensor.Float32 {
		t.Fatalf("% x has the type %v", raw, p.DType)
	}
}

// plainScalar is Scalar without the walk.
func plainScalar(v *Value) (tensor.Number, error) {
	if v.Field == FieldTensor {
		return tensor.Scalar(v.Tensor)
	}
	return v.Scalar()
}

// TestPatterns: which events have a pattern, and which do not.
func TestPatterns(t *testing.T) {
	float := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte{0, 0, 0x80, 0x3f}}
	typed := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1}}
	for name, c := range map[string]struct {
		event *pb.Event
		width int
	}{
		"simple_value":         {build.Summary(1, 2, build.Scalar("loss", 1)), 4},
		"no step":              {build.Summary(1, 0, build.Scalar("loss", 1)), 4},
		"content":              {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", float)), 4},
		"typed":                {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", typed)), 4},
		"float64":              {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", build.Double(1))), 8},
		"no wall time":         {build.Summary(0, 2, build.Scalar("loss", 1)), 0},
		"no tag":               {build.Summary(1, 2, build.Scalar("", 1)), 4},
		"two values":           {build.Summary(1, 2, build.Scalar("a", 1), build.Scalar("b", 1)), 0},
		"no value":             {build.Summary(1, 2), 0},
		"an image":             {build.Summary(1, 2, &pb.Summary_Value{Tag: []byte("a"), Value: &pb.Summary_Value_Image{Image: []byte("1234")}}), 0},
		"an integer":           {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_INT64, TensorContent: make([]byte, 8)})), 0},
		"two numbers":          {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1, 2}})), 0},
		"a float64 in floats":  {build.Summary(1, 2, build.Tensor(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, FloatVal: []float32{1, 2}})), 0},
		"a version":            {build.Version("brain.Event:2"), 0},
		"a session":            {build.Session(pb.SessionLog_START, 1), 0},
		"metadata with a name": {build.Summary(1, 2, &pb.Summary_Value{Tag: []byte("a"), Value: &pb.Summary_Value_SimpleValue{}, Metadata: build.Metadata("scalars")}), 4},
	} {
		var s Pattern
		raw := build.Marshal(t, c.event)
		if s.Learn(raw); s.width != c.width {
			t.Errorf("%s: the number has %d bytes, want %d", name, s.width, c.width)
		} else if s.width > 0 {
			same(t, &s, raw)
		}
	}
}
