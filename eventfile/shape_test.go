package eventfile

import (
	"encoding/binary"
	"math"
	"testing"

	pb "tbexport/proto"
)

// FuzzShape holds reading by shape to decoding: an event of one scalar that has
// a shape, and any other that has it, too, with another wall time, step and
// number, read as they decode.
func FuzzShape(f *testing.F) {
	for _, p := range logs(f) {
		f.Add(p, uint64(0x41d9555555555555), uint64(7), uint64(0x3fb999999999999a))
	}
	for _, e := range oddEvents(f) {
		f.Add(e.raw, math.Float64bits(math.NaN()), uint64(math.MaxUint64), uint64(0))
	}
	f.Fuzz(func(t *testing.T, raw []byte, wallTime, step, number uint64) {
		var s shape
		if s.learn(raw); s.width == 0 || !oneScalar(raw) {
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
		// One byte more or less is another shape.
		var p point
		if s.read(append(event, 0), &p) || s.read(event[:len(event)-1], &p) {
			t.Fatal("more or fewer bytes have the same shape")
		}
	})
}

// oneScalar is when a shape is learned: the event decoded as one.
func oneScalar(raw []byte) bool {
	var e Event
	e.reset(raw)
	if decodePlain(raw, &e) != nil || len(e.Values) != 1 {
		return false
	}
	_, err := plainScalar(&e.Values[0])
	return err == nil
}

// same fails unless the shape reads an event as it decodes.
func same(t *testing.T, s *shape, raw []byte) {
	t.Helper()
	var p point
	if !s.read(raw, &p) {
		t.Fatalf("% x is not of its own shape", raw)
	}
	var e Event
	e.reset(raw)
	if err := decodePlain(raw, &e); err != nil || e.What != WhatSummary || len(e.Values) != 1 || e.Undecodable > 0 {
		t.Fatalf("% x has a shape, but is %+v, %v", raw, e, err)
	}
	n, err := plainScalar(&e.Values[0])
	if err != nil || n.Rank != 0 || !n.Exact || !sameFloat(n.Float, p.value) && !(math.IsNaN(n.Float) && math.IsNaN(p.value)) {
		t.Fatalf("% x reads as %v, decodes as %+v, %v", raw, p.value, n, err)
	}
	if e.Step != p.step || !sameFloat(e.WallTime, p.wallTime) {
		t.Fatalf("% x reads as step %d at %v, decodes as %d at %v", raw, p.step, p.wallTime, e.Step, e.WallTime)
	}
	if v := &e.Values[0]; v.Field == FieldTensor && tensorType(v.Tensor) != s.dtype() || v.Field == FieldSimpleValue && s.dtype() != pb.DataType_DT_FLOAT {
		t.Fatalf("% x has the type %v", raw, s.dtype())
	}
}

// plainScalar is Scalar without the walk.
func plainScalar(v *Value) (Number, error) {
	if v.Field == FieldTensor {
		return plainTensor(v.Tensor)
	}
	return v.Scalar()
}

// TestShapes: which events have a shape, and which do not.
func TestShapes(t *testing.T) {
	float := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte{0, 0, 0x80, 0x3f}}
	typed := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1}}
	for name, c := range map[string]struct {
		event *pb.Event
		width int
	}{
		"simple_value":         {summary(1, 2, scalarValue("loss", 1)), 4},
		"no step":              {summary(1, 0, scalarValue("loss", 1)), 4},
		"content":              {summary(1, 2, tensorValue(t, "loss", "scalars", float)), 4},
		"typed":                {summary(1, 2, tensorValue(t, "loss", "scalars", typed)), 4},
		"float64":              {summary(1, 2, tensorValue(t, "loss", "scalars", doubleTensor(1))), 8},
		"no wall time":         {summary(0, 2, scalarValue("loss", 1)), 0},
		"no tag":               {summary(1, 2, scalarValue("", 1)), 4},
		"two values":           {summary(1, 2, scalarValue("a", 1), scalarValue("b", 1)), 0},
		"no value":             {summary(1, 2), 0},
		"an image":             {summary(1, 2, &pb.Summary_Value{Tag: []byte("a"), Value: &pb.Summary_Value_Image{Image: []byte("1234")}}), 0},
		"an integer":           {summary(1, 2, tensorValue(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_INT64, TensorContent: make([]byte, 8)})), 0},
		"two numbers":          {summary(1, 2, tensorValue(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1, 2}})), 0},
		"a float64 in floats":  {summary(1, 2, tensorValue(t, "loss", "scalars", &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, FloatVal: []float32{1, 2}})), 0},
		"a version":            {version("brain.Event:2"), 0},
		"a session":            {session(pb.SessionLog_START, 1), 0},
		"metadata with a name": {summary(1, 2, &pb.Summary_Value{Tag: []byte("a"), Value: &pb.Summary_Value_SimpleValue{}, Metadata: metadata("scalars")}), 4},
	} {
		var s shape
		raw := marshal(t, c.event)
		if s.learn(raw); s.width != c.width {
			t.Errorf("%s: the number has %d bytes, want %d", name, s.width, c.width)
		} else if s.width > 0 {
			same(t, &s, raw)
		}
	}
}
