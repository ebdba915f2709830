package event

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/tensor"
)

// difference says in which field two events differ, bit for bit, but for
// empty slices, which equal nil.
func difference(a, b *Event) string {
	switch {
	case !sameFloat(a.WallTime, b.WallTime) || a.Step != b.Step || a.What != b.What:
		return fmt.Sprintf("wall time, step, what: %v %d %d, %v %d %d", a.WallTime, a.Step, a.What, b.WallTime, b.Step, b.What)
	case !bytes.Equal(a.FileVersion, b.FileVersion) || a.SessionStart != b.SessionStart || !bytes.Equal(a.Writer, b.Writer):
		return fmt.Sprintf("version, start, writer: %q %v %q, %q %v %q", a.FileVersion, a.SessionStart, a.Writer, b.FileVersion, b.SessionStart, b.Writer)
	case a.Undecodable != b.Undecodable || a.UndecodableBytes != b.UndecodableBytes:
		return fmt.Sprintf("undecodable: %d, %d bytes; %d, %d bytes", a.Undecodable, a.UndecodableBytes, b.Undecodable, b.UndecodableBytes)
	case len(a.Values) != len(b.Values):
		return fmt.Sprintf("%d values, %d values", len(a.Values), len(b.Values))
	case !bytes.Equal(a.raw, b.raw):
		return "raw"
	}
	for i := range a.Values {
		if v, w := &a.Values[i], &b.Values[i]; !sameValue(v, w) {
			return fmt.Sprintf("value %d: %+v, %+v", i, *v, *w)
		}
	}
	return ""
}

func sameValue(v, w *Value) bool {
	return bytes.Equal(v.Tag, w.Tag) && v.Field == w.Field && math.Float32bits(v.Simple) == math.Float32bits(w.Simple) &&
		bytes.Equal(v.Tensor, w.Tensor) && v.HasMetadata == w.HasMetadata && bytes.Equal(v.Plugin, w.Plugin) &&
		bytes.Equal(v.PluginContent, w.PluginContent) && v.DataClass == w.DataClass &&
		bytes.Equal(v.Message, w.Message) && (v.raw == nil || w.raw == nil || bytes.Equal(v.raw, w.raw))
}

func sameFloat(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// FuzzDecode holds the walk to what proto.Unmarshal reads: for any bytes it
// either declines or gives the same event.
func FuzzDecode(f *testing.F) {
	for _, p := range build.Payloads(f) {
		f.Add(p)
	}
	for _, e := range oddEvents(f) {
		f.Add(e.raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var walked, plain, decoded Event
		// Memory of an event before it must not show.
		walked.Values = make([]Value, 1, 4)
		walked.Values[0] = Value{Tag: []byte("before"), HasMetadata: true, DataClass: 3}
		walked.reset(raw)
		plain.reset(raw)
		err := decodePlain(raw, &plain)
		if walk(raw, &walked) {
			if err != nil {
				t.Fatalf("the walk accepts what is undecodable: %+v", walked)
			}
			if d := difference(&walked, &plain); d != "" {
				t.Fatalf("the walk and protobuf differ: %s", d)
			}
		}
		if again := Decode(raw, &decoded); (again == nil) != (err == nil) {
			t.Fatalf("Decode: %v, without the walk: %v", again, err)
		}
		if d := difference(&decoded, &plain); err == nil && d != "" {
			t.Fatalf("decode and protobuf differ: %s", d)
		}
		if plain.Undecodable < 0 || plain.UndecodableBytes < 0 || plain.UndecodableBytes > int64(len(raw)) {
			t.Fatalf("%d parts of %d bytes undecodable, of %d bytes", plain.Undecodable, plain.UndecodableBytes, len(raw))
		}
	})
}

// FuzzSalvage holds the search for whole values to proto.Unmarshal where that
// succeeds, but for fields that protobuf merges and the search cannot.
func FuzzSalvage(f *testing.F) {
	for _, p := range build.Payloads(f) {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var walked, salvaged Event
		walked.reset(raw)
		salvaged.reset(raw)
		err := salvage(raw, &salvaged)
		if !walk(raw, &walked) {
			return // broken, or with fields that stand twice
		}
		if err != nil {
			t.Fatalf("nothing salvaged of a whole event: %v", err)
		}
		if d := difference(&walked, &salvaged); d != "" {
			t.Fatalf("a whole event and what is salvaged of it differ: %s", d)
		}
	})
}

// TestWalkTakesWhatWritersWrite keeps the fast way fast: of the sample files,
// only what is odd on purpose may need protobuf.
func TestWalkTakesWhatWritersWrite(t *testing.T) {
	declined, all := 0, 0
	for _, raw := range build.Payloads(t) {
		var e Event
		e.reset(raw)
		if all++; !walk(raw, &e) {
			declined++
		}
	}
	if declined*20 > all {
		t.Errorf("the walk declines %d of %d events", declined, all)
	}
}

// odd is an event that no writer writes so, and what it must read as.
type odd struct {
	name string
	raw  []byte
	want Event
}

func bytesField(num protowire.Number, body ...byte) []byte {
	b := protowire.AppendTag(nil, num, protowire.BytesType)
	return protowire.AppendBytes(b, body)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func oddEvents(t testing.TB) []odd {
	step := func(n int64) []byte { return protowire.AppendVarint([]byte{keyStep}, uint64(n)) }
	wall := func(f float64) []byte {
		return protowire.AppendFixed64([]byte{keyWallTime}, math.Float64bits(f))
	}
	simple := func(f float32) []byte {
		return protowire.AppendFixed32([]byte{keySimple}, math.Float32bits(f))
	}
	tag := func(s string) []byte { return bytesField(1, []byte(s)...) }
	value := func(fields ...[]byte) []byte { return bytesField(1, join(fields...)...) }
	summed := func(values ...[]byte) []byte { return bytesField(eventSummary, join(values...)...) }
	one := func(s string, f float32) Value { return Value{Tag: []byte(s), Field: FieldSimpleValue, Simple: f} }
	broken := []byte{9<<3 | 2, 2, 1<<3 | 2, 9} // metadata whose plugin_data is longer than itself
	group := join(protowire.AppendTag(nil, 50, protowire.StartGroupType), step(5), protowire.AppendTag(nil, 50, protowire.EndGroupType))
	nested := join(protowire.AppendTag(nil, 51, protowire.StartGroupType), group, protowire.AppendTag(nil, 51, protowire.EndGroupType))
	loss := value(tag("loss"), simple(1.5))

	events := []odd{
		{"nothing at all", nil, Event{}},
		{"fields from last to first", join(summed(value(simple(1.5), tag("loss"))), step(7), wall(3)),
			Event{WallTime: 3, Step: 7, What: WhatSummary, Values: []Value{one("loss", 1.5)}}},
		{"negative step of ten bytes", join(step(-3), summed(loss)),
			Event{Step: -3, What: WhatSummary, Values: []Value{one("loss", 1.5)}}},
		{"step and wall time twice: the last counts", join(step(1), wall(1), step(2), wall(2)), Event{WallTime: 2, Step: 2}},
		{"tag twice: the last counts", summed(value(tag("a"), tag("b"), simple(1))),
			Event{What: WhatSummary, Values: []Value{one("b", 1)}}},
		{"simple_value twice: the last counts", summed(value(tag("a"), simple(1), simple(2))),
			Event{What: WhatSummary, Values: []Value{one("a", 2)}}},
		{"two kinds of value: the last counts", summed(value(tag("a"), simple(1), bytesField(4, 1))),
			Event{What: WhatSummary, Values: []Value{{Tag: []byte("a"), Field: FieldImage, Message: []byte{1}}}}},
		{"two summaries are merged", join(summed(loss), summed(value(tag("acc"), simple(2)))),
			Event{What: WhatSummary, Values: []Value{one("loss", 1.5), one("acc", 2)}}},
		{"two members of the oneof: the last counts", join(summed(loss), bytesField(eventVersion, 'x')),
			Event{What: WhatFileVersion, FileVersion: []byte("x")}},
		{"a summary without values", summed(), Event{What: WhatSummary}},
		{"unknown fields of every wire type", join(
			protowire.AppendVarint(protowire.AppendTag(nil, 100, protowire.VarintType), 1<<40),
			protowire.AppendFixed32(protowire.AppendTag(nil, 101, protowire.Fixed32Type), 1),
			protowire.AppendFixed64(protowire.AppendTag(nil, 102, protowire.Fixed64Type), 1),
			bytesField(103, 1, 2, 3), nested, step(9), summed(bytesField(99, 1), value(group, tag("a"), simple(1)))),
			Event{Step: 9, What: WhatSummary, Values: []Value{one("a", 1)}}},
		{"a field of another wire type is unknown", join(bytesField(eventStep, 1), summed(loss)),
			Event{What: WhatSummary, Values: []Value{one("loss", 1.5)}}},
		{"node_name where the tag is empty", summed(value(bytesField(7, 'n'), simple(1)), value(bytesField(7, 'n'), tag(""), simple(2)),
			value(bytesField(7, 'n'), tag("t"), simple(3)), value(simple(4))),
			Event{What: WhatSummary, Values: []Value{one("n", 1), one("n", 2), one("t", 3), one("", 4)}}},
		{"metadata twice is merged", summed(value(tag("a"), bytesField(9, bytesField(1, bytesField(1, 'p')...)...), bytesField(9, 4<<3, 2))),
			Event{What: WhatSummary, Values: []Value{{Tag: []byte("a"), HasMetadata: true, Plugin: []byte("p"), DataClass: 2}}}},
		{"all of metadata", summed(value(tag("a"), bytesField(9, join(bytesField(2, 'd'), bytesField(3, 's'), []byte{4 << 3, 1},
			bytesField(1, join(bytesField(2, 'c'), bytesField(1, 'p'))...))...), bytesField(8, 1, 2))),
			Event{What: WhatSummary, Values: []Value{{Tag: []byte("a"), Field: FieldTensor, Tensor: []byte{1, 2}, HasMetadata: true,
				Plugin: []byte("p"), PluginContent: []byte("c"), DataClass: 1}}}},
		{"a session log with a message", bytesField(eventSession, join([]byte{1 << 3, 1}, bytesField(3, 'm'))...),
			Event{What: WhatSessionLog, SessionStart: true}},
		{"a session log that stops", bytesField(eventSession, 1<<3, 2), Event{What: WhatSessionLog}},
		{"a writer", join(bytesField(eventSource, bytesField(1, 'w')...), bytesField(eventVersion, 'v')),
			Event{What: WhatFileVersion, FileVersion: []byte("v"), Writer: []byte("w")}},
		{"a source without a writer", bytesField(eventSource), Event{}},
		{"a graph", bytesField(eventGraph, 0xff), Event{What: WhatGraphDef}},
		{"a meta graph", bytesField(eventMeta, 0xff), Event{What: WhatMetaGraphDef}},
		{"run metadata", bytesField(eventRunMeta, bytesField(1, 'x')...), Event{What: WhatTaggedRunMetadata}},
		{"a log message", bytesField(eventLog, 1<<3, 20), Event{What: WhatLogMessage}},

		{"a broken value keeps the others", join(wall(4), step(3), summed(loss, value(tag("bad"), broken), value(tag("acc"), simple(2)))),
			Event{WallTime: 4, Step: 3, What: WhatSummary, Values: []Value{one("loss", 1.5), one("acc", 2)},
				Undecodable: 1, UndecodableBytes: int64(len(tag("bad")) + len(broken))}},
		{"a summary that ends inside a value keeps those before", join(summed(loss, []byte{keySummaryValue, 9, 1}), step(3)),
			Event{Step: 3, What: WhatSummary, Values: []Value{one("loss", 1.5)}, Undecodable: 1, UndecodableBytes: 3}},
		{"a broken source keeps the values", join(bytesField(eventSource, 1<<3|2, 9), step(1), summed(loss)),
			Event{Step: 1, What: WhatSummary, Values: []Value{one("loss", 1.5)}, Undecodable: 1, UndecodableBytes: 4}},
		{"a broken session log is none", join(step(1), bytesField(eventSession, 1<<3)),
			Event{Step: 1, Undecodable: 1, UndecodableBytes: 3}},
		{"a broken value and a version and a writer", join(bytesField(eventVersion, 'v'), bytesField(eventSource, bytesField(1, 'w')...),
			bytesField(eventSession, 1<<3)),
			Event{What: WhatFileVersion, FileVersion: []byte("v"), Writer: []byte("w"), Undecodable: 1, UndecodableBytes: 3}},
	}
	for i := range events {
		events[i].want.raw = events[i].raw
	}
	return events
}

func TestDecode(t *testing.T) {
	var e Event // one for all: what the event before left must not show
	for _, o := range oddEvents(t) {
		t.Run(o.name, func(t *testing.T) {
			if err := Decode(o.raw, &e); err != nil {
				t.Fatal(err)
			}
			if d := difference(&e, &o.want); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeUndecodable(t *testing.T) {
	for name, raw := range map[string][]byte{
		"a number without its bytes":   {keyStep},
		"a wall time cut short":        {keyWallTime, 1, 2, 3},
		"a length past the end":        {keySummary, 9, 1},
		"field number 0":               {0, 1},
		"a varint of eleven bytes":     {keyStep, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1},
		"wire type 6":                  {keyStep | 6, 1},
		"a group that never ends":      {50<<3&0x7f | 3 | 0x80, 3},
		"the end of a group not begun": {1<<3 | 4},
		"text":                         []byte("this is a text"),
	} {
		t.Run(name, func(t *testing.T) {
			var e Event
			if Decode(raw, &e) == nil {
				t.Errorf("decoded: %+v", e)
			}
		})
	}
}

func TestScalarOfOtherValues(t *testing.T) {
	if n, err := (&Value{Field: FieldSimpleValue, Simple: 0.1}).Scalar(); err != nil || n != (tensor.Number{Float: 0.10000000149011612, Exact: true}) {
		t.Errorf("a simple_value: %+v, %v", n, err)
	}
	for _, f := range []Field{FieldNone, FieldOldHistogram, FieldImage, FieldHisto, FieldAudio} {
		if n, err := (&Value{Field: f}).Scalar(); err != tensor.ErrNotScalar {
			t.Errorf("field %d: %+v, %v", f, n, err)
		}
	}
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	raw := build.Marshal(t, build.Summary(2, 3, build.Scalar("loss", 1), build.Scalar("acc", 1)))
	var e Event
	if n := testing.AllocsPerRun(100, func() {
		if Decode(raw, &e) != nil {
			t.Fatal("undecodable")
		}
	}); n > 0 {
		t.Errorf("%v allocations an event", n)
	}
}
