package event

import (
	"encoding/binary"
	"errors"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/internal/wire"
	pb "tbexport/proto"
)

// Decode fills e from an encoded event, whose bytes e then points to. It fails
// only where not even the event's own fields can be told apart; of a summary it
// keeps every value that decodes and counts the others.
//
// There are three ways, tried in turn: a walk over the bytes that knows what
// writers write; proto.Unmarshal, which rules what everything else means; and,
// where that fails, a search for the values that are whole.
func Decode(raw []byte, e *Event) error {
	e.reset(raw)
	if walk(raw, e) {
		return nil
	}
	e.reset(raw)
	return decodePlain(raw, e)
}

// decodePlain is Decode without the walk. The walk is held against it.
func decodePlain(raw []byte, e *Event) error {
	var m pb.Event
	if proto.Unmarshal(raw, &m) != nil {
		return salvage(raw, e)
	}
	fromProto(&m, e)
	bodies := 0
	eachValue(raw, func(body []byte) {
		if bodies < len(e.Values) {
			e.Values[bodies].raw = body
		}
		bodies++
	})
	return nil
}

// eachValue calls f for each encoded value of the summary that an event which
// protobuf decodes is. A later member of the oneof takes the place of a summary.
func eachValue(raw []byte, f func(body []byte)) {
	var all [][]byte
	for b := raw; len(b) > 0; {
		num, body, rest := nextField(b)
		switch {
		case body == nil:
		case num == eventSummary:
			for s := body; len(s) > 0; {
				num, body, rest := nextField(s)
				if num == 1 && body != nil {
					all = append(all, body)
				}
				s = rest
			}
		case num >= eventVersion && num <= eventMeta:
			all = all[:0]
		}
		b = rest
	}
	for _, body := range all {
		f(body)
	}
}

// nextField splits the first field off a message that decodes. body is nil of one
// that is not length-delimited.
func nextField(b []byte) (num protowire.Number, body, rest []byte) {
	num, typ, n := protowire.ConsumeTag(b)
	size := protowire.ConsumeFieldValue(num, typ, b[n:])
	if typ == protowire.BytesType {
		body, _ = protowire.ConsumeBytes(b[n : n+size])
		body = body[:len(body):len(body)]
	}
	return num, body, b[n+size:]
}

func fromProto(m *pb.Event, e *Event) {
	e.WallTime, e.Step = m.WallTime, m.Step
	e.Writer = m.GetSourceMetadata().GetWriter()
	switch w := m.What.(type) {
	case *pb.Event_FileVersion:
		e.What, e.FileVersion = WhatFileVersion, w.FileVersion
	case *pb.Event_GraphDef:
		e.What = WhatGraphDef
	case *pb.Event_Summary:
		e.What = WhatSummary
		for _, v := range w.Summary.Value {
			valueFromProto(v, e.addValue())
		}
	case *pb.Event_LogMessage:
		e.What = WhatLogMessage
	case *pb.Event_SessionLog:
		e.What, e.SessionStart = WhatSessionLog, w.SessionLog.Status == pb.SessionLog_START
	case *pb.Event_TaggedRunMetadata:
		e.What = WhatTaggedRunMetadata
	case *pb.Event_MetaGraphDef:
		e.What = WhatMetaGraphDef
	}
}

func valueFromProto(m *pb.Summary_Value, v *Value) {
	if v.Tag = m.Tag; len(v.Tag) == 0 {
		v.Tag = m.NodeName
	}
	switch x := m.Value.(type) {
	case *pb.Summary_Value_SimpleValue:
		v.Field, v.Simple = FieldSimpleValue, x.SimpleValue
	case *pb.Summary_Value_ObsoleteOldStyleHistogram:
		v.Field, v.Message = FieldOldHistogram, x.ObsoleteOldStyleHistogram
	case *pb.Summary_Value_Image:
		v.Field, v.Message = FieldImage, x.Image
	case *pb.Summary_Value_Histo:
		v.Field, v.Message = FieldHisto, x.Histo
	case *pb.Summary_Value_Audio:
		v.Field, v.Message = FieldAudio, x.Audio
	case *pb.Summary_Value_Tensor:
		v.Field, v.Tensor = FieldTensor, x.Tensor
	}
	if md := m.Metadata; md != nil {
		v.HasMetadata = true
		v.Plugin = md.GetPluginData().GetPluginName()
		v.PluginContent = md.GetPluginData().GetContent()
		v.DataClass = int32(md.DataClass)
	}
}

// salvage decodes an event that protobuf refuses: each field of the event,
// and each value of its summary, by itself.
func salvage(raw []byte, e *Event) error {
	for b := raw; len(b) > 0; {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errors.New("undecodable event")
		}
		size := protowire.ConsumeFieldValue(num, typ, b[n:])
		if size < 0 {
			return errors.New("undecodable event")
		}
		field := b[:n+size]
		b = b[n+size:]
		if num == eventSummary && typ == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(field[n:])
			salvageSummary(body, e)
			continue
		}
		var m pb.Event
		if proto.Unmarshal(field, &m) != nil {
			e.lose(field)
			continue
		}
		one := Event{raw: e.raw}
		fromProto(&m, &one)
		if typ == wireType(num) {
			e.take(num, &one)
		}
	}
	return nil
}

// wireType is that of a field of Event. A field of another one is an unknown field.
func wireType(num protowire.Number) protowire.Type {
	switch num {
	case eventWallTime:
		return protowire.Fixed64Type
	case eventStep:
		return protowire.VarintType
	}
	return protowire.BytesType
}

// take copies field num of one, in which nothing else is set.
func (e *Event) take(num protowire.Number, one *Event) {
	switch num {
	case eventWallTime:
		e.WallTime = one.WallTime
	case eventStep:
		e.Step = one.Step
	case eventSource:
		e.Writer = one.Writer
	default:
		if one.What != WhatNothing {
			e.What, e.FileVersion, e.SessionStart, e.Values = one.What, one.FileVersion, one.SessionStart, e.Values[:0]
		}
	}
}

func (e *Event) lose(part []byte) {
	e.Undecodable++
	e.UndecodableBytes += int64(len(part))
}

func salvageSummary(b []byte, e *Event) {
	e.What = WhatSummary
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		size := -1
		if n >= 0 {
			size = protowire.ConsumeFieldValue(num, typ, b[n:])
		}
		if size < 0 {
			e.lose(b)
			return
		}
		if num == 1 && typ == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(b[n : n+size])
			var m pb.Summary_Value
			if proto.Unmarshal(body, &m) == nil {
				v := e.addValue()
				valueFromProto(&m, v)
				v.raw = body
			} else {
				e.lose(body)
			}
		}
		b = b[n+size:]
	}
}

// Field numbers of Event (TensorFlow's event.proto).
const (
	eventWallTime = 1
	eventStep     = 2
	eventVersion  = 3
	eventGraph    = 4
	eventSummary  = 5
	eventLog      = 6
	eventSession  = 7
	eventRunMeta  = 8
	eventMeta     = 9
	eventSource   = 10
)

// The keys (field number and wire type) that the walk knows, by message.
const (
	keyWallTime = eventWallTime<<3 | 1
	keyStep     = eventStep << 3
	keyVersion  = eventVersion<<3 | 2
	keyGraph    = eventGraph<<3 | 2
	keySummary  = eventSummary<<3 | 2
	keySession  = eventSession<<3 | 2
	keyRunMeta  = eventRunMeta<<3 | 2
	keyMeta     = eventMeta<<3 | 2
	keySource   = eventSource<<3 | 2

	keySummaryValue = 1<<3 | 2

	keyTag       = 1<<3 | 2
	keySimple    = 2<<3 | 5
	keyOldHisto  = 3<<3 | 2
	keyImage     = 4<<3 | 2
	keyHisto     = 5<<3 | 2
	keyAudio     = 6<<3 | 2
	keyNodeName  = 7<<3 | 2
	keyTensor    = 8<<3 | 2
	keyMetadata  = 9<<3 | 2
	keyPlugin    = 1<<3 | 2
	keyName      = 1<<3 | 2
	keyContent   = 2<<3 | 2
	keyDisplay   = 2<<3 | 2
	keyDescribe  = 3<<3 | 2
	keyDataClass = 4 << 3
)

// walk fills e by walking over the bytes, or returns false where it meets
// anything it does not know: an unknown field, a field twice (which protobuf
// merges), a field of another wire type, or broken bytes. What it accepts, it
// reads as proto.Unmarshal does; FuzzDecode holds the two together.
//
// It does not look into images, graphs, histograms, audio and tensors; Scalar
// looks into the tensors of the tags that are scalars.
func walk(b []byte, e *Event) bool {
	for len(b) > 0 {
		key := b[0]
		b = b[1:]
		switch key {
		case keyWallTime:
			if len(b) < 8 {
				return false
			}
			e.WallTime = math.Float64frombits(binary.LittleEndian.Uint64(b))
			b = b[8:]
			continue
		case keyStep:
			step, n := wire.Uvarint(b)
			if n <= 0 {
				return false
			}
			e.Step = int64(step)
			b = b[n:]
			continue
		}
		body, rest, ok := wire.LengthDelimited(b)
		if !ok {
			return false
		}
		b = rest
		if key == keySource {
			if e.Writer != nil || !walkSource(body, e) {
				return false
			}
			continue
		}
		if e.What != WhatNothing {
			return false
		}
		switch key {
		case keyVersion:
			e.What, e.FileVersion = WhatFileVersion, body
		case keyGraph:
			e.What = WhatGraphDef
		case keySummary:
			e.What, ok = WhatSummary, walkSummary(body, e)
		case keySession:
			e.What, ok = WhatSessionLog, walkSession(body, e)
		case keyMeta:
			e.What = WhatMetaGraphDef
		default:
			return false
		}
		if !ok {
			return false
		}
	}
	return true
}

// walkSource takes the writer's name, the only field of SourceMetadata.
func walkSource(b []byte, e *Event) bool {
	if len(b) == 0 || b[0] != 1<<3|2 {
		return false
	}
	name, rest, ok := wire.LengthDelimited(b[1:])
	e.Writer = name
	return ok && len(rest) == 0
}

// walkSession takes a status of one byte, which is all that START records hold.
func walkSession(b []byte, e *Event) bool {
	if len(b) != 2 || b[0] != 1<<3 || b[1] >= 0x80 {
		return false
	}
	e.SessionStart = b[1] == byte(pb.SessionLog_START)
	return true
}

func walkSummary(b []byte, e *Event) bool {
	for len(b) > 0 {
		if b[0] != keySummaryValue {
			return false
		}
		body, rest, ok := wire.LengthDelimited(b[1:])
		if !ok || !walkValue(body, e.addValue()) {
			return false
		}
		b = rest
	}
	return true
}

func walkValue(b []byte, v *Value) bool {
	v.raw = b
	var nodeName []byte
	for len(b) > 0 {
		key := b[0]
		b = b[1:]
		if key == keySimple {
			if len(b) < 4 || v.Field != FieldNone {
				return false
			}
			v.Field, v.Simple = FieldSimpleValue, math.Float32frombits(binary.LittleEndian.Uint32(b))
			b = b[4:]
			continue
		}
		body, rest, ok := wire.LengthDelimited(b)
		if !ok {
			return false
		}
		b = rest
		switch key {
		case keyTag:
			v.Tag = body
			continue
		case keyNodeName:
			nodeName = body
			continue
		case keyMetadata:
			if v.HasMetadata || !walkMetadata(body, v) {
				return false
			}
			v.HasMetadata = true
			continue
		}
		if v.Field != FieldNone {
			return false
		}
		switch key {
		case keyOldHisto:
			v.Field, v.Message = FieldOldHistogram, body
		case keyImage:
			v.Field, v.Message = FieldImage, body
		case keyHisto:
			v.Field, v.Message = FieldHisto, body
		case keyAudio:
			v.Field, v.Message = FieldAudio, body
		case keyTensor:
			v.Field, v.Tensor = FieldTensor, body
		default:
			return false
		}
	}
	if len(v.Tag) == 0 {
		v.Tag = nodeName
	}
	return true
}

func walkMetadata(b []byte, v *Value) bool {
	seenPlugin := false
	for len(b) > 0 {
		key := b[0]
		b = b[1:]
		if key == keyDataClass {
			class, n := wire.Uvarint(b)
			if n <= 0 {
				return false
			}
			v.DataClass = int32(class)
			b = b[n:]
			continue
		}
		body, rest, ok := wire.LengthDelimited(b)
		if !ok {
			return false
		}
		b = rest
		switch key {
		case keyPlugin:
			if seenPlugin || !walkPlugin(body, v) {
				return false
			}
			seenPlugin = true
		case keyDisplay, keyDescribe:
		default:
			return false
		}
	}
	return true
}

func walkPlugin(b []byte, v *Value) bool {
	for len(b) > 0 {
		key := b[0]
		body, rest, ok := wire.LengthDelimited(b[1:])
		if !ok {
			return false
		}
		b = rest
		switch key {
		case keyName:
			v.Plugin = body
		case keyContent:
			v.PluginContent = body
		default:
			return false
		}
	}
	return true
}
