package event

import (
	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// What says which member of an event's oneof is set.
type What uint8

// The members of Event.what. WhatNothing is an event without any, which
// tensorboardX of 2019 wrote.
const (
	WhatNothing What = iota
	WhatFileVersion
	WhatGraphDef
	WhatSummary
	WhatLogMessage
	WhatSessionLog
	WhatTaggedRunMetadata
	WhatMetaGraphDef
)

// String is the member's name in event.proto; "nothing" for WhatNothing.
func (w What) String() string {
	return [...]string{
		"nothing", "file_version", "graph_def", "summary", "log_message", "session_log", "tagged_run_metadata",
		"meta_graph_def",
	}[w]
}

// Event is one event of a file. From a reader, it and the bytes it points to are
// valid until the reader's next call.
type Event struct {
	WallTime float64 // seconds since the Unix epoch; any float64, NaN included
	Step     int64   // any int64
	What     What

	FileVersion  []byte // of WhatFileVersion: "brain.Event:2" from every writer since 2016
	SessionStart bool   // of WhatSessionLog: the status is START
	Writer       []byte // the writer named in source_metadata, if any
	Values       []Value

	// Undecodable is how many parts of the event could not be decoded and are
	// not in Values, and UndecodableBytes their length.
	Undecodable      int
	UndecodableBytes int64

	raw []byte
}

// Field says which member of a summary value's oneof is set.
type Field uint8

// The members of Summary.Value.value. FieldNone is a value that is only
// metadata; the hparams plugin writes such.
const (
	FieldNone Field = iota
	FieldSimpleValue
	FieldOldHistogram
	FieldImage
	FieldHisto
	FieldAudio
	FieldTensor
)

// String is the member's name in summary.proto; "none" for FieldNone.
func (f Field) String() string {
	return [...]string{"none", "simple_value", "obsolete_old_style_histogram", "image", "histo", "audio", "tensor"}[f]
}

// Value is one tagged value of a summary.
type Value struct {
	Tag    []byte // the tag, or the obsolete node_name where the tag is empty; not always UTF-8
	Field  Field
	Simple float32 // of FieldSimpleValue
	Tensor []byte  // of FieldTensor: an encoded TensorProto, see package tensor
	// Message is the encoded message of FieldImage, FieldHisto and FieldAudio, see
	// package kinds, and the bytes of FieldOldHistogram.
	Message []byte

	HasMetadata   bool
	Plugin        []byte // metadata.plugin_data.plugin_name
	PluginContent []byte // metadata.plugin_data.content
	DataClass     int32  // metadata.data_class

	raw []byte
}

// Raw is the encoded Summary.Value, as it stands in its record.
func (v *Value) Raw() []byte { return v.raw }

// Sound reports whether all messages in the value decode, those of its Message or
// Tensor too.
func (v *Value) Sound() bool {
	sound, _ := message(valueMessage).sound(v.raw, 2)
	return sound
}

// Raw is the encoded event, as it stands in its record.
func (e *Event) Raw() []byte { return e.raw }

// Scalar gives the number of a simple_value, or of a tensor as tensor.Scalar
// does, with its errors; tensor.ErrNotScalar for all else. Which tags are
// scalars is the tag's business: a tensor with one element may well be a
// histogram's or a text's.
func (v *Value) Scalar() (tensor.Number, error) {
	switch v.Field {
	case FieldSimpleValue:
		return tensor.Number{Float: float64(v.Simple), Exact: true}, nil
	case FieldTensor:
		return tensor.Scalar(v.Tensor)
	}
	return tensor.Number{}, tensor.ErrNotScalar
}

// SetRaw makes e what stands in a record that is no event: nothing but its bytes.
func (e *Event) SetRaw(payload []byte) { e.reset(payload) }

// Body is what the member of the event's oneof holds, encoded: a graph's bytes, a
// message. It is part of Raw; nil where there is no member.
func (e *Event) Body() (body []byte) {
	number := [...]protowire.Number{
		WhatFileVersion: eventVersion, WhatGraphDef: eventGraph, WhatSummary: eventSummary, WhatLogMessage: eventLog,
		WhatSessionLog: eventSession, WhatTaggedRunMetadata: eventRunMeta, WhatMetaGraphDef: eventMeta,
	}[e.What]
	for b := e.raw; len(b) > 0; {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			break
		}
		size := protowire.ConsumeFieldValue(num, typ, b[n:])
		if size < 0 {
			break
		}
		if num == number && typ == protowire.BytesType {
			body, _ = protowire.ConsumeBytes(b[n:])
		}
		b = b[n+size:]
	}
	return body
}

// reset empties e for another event, keeping the memory of Values.
func (e *Event) reset(raw []byte) {
	e.WallTime, e.Step, e.What, e.SessionStart = 0, 0, WhatNothing, false
	e.FileVersion, e.Writer, e.Values, e.raw = nil, nil, e.Values[:0], raw
	e.Undecodable, e.UndecodableBytes = 0, 0
}

// addValue appends a zero Value and returns it.
func (e *Event) addValue() *Value {
	if len(e.Values) < cap(e.Values) {
		e.Values = e.Values[:len(e.Values)+1]
		v := &e.Values[len(e.Values)-1]
		*v = Value{}
		return v
	}
	e.Values = append(e.Values, Value{})
	return &e.Values[len(e.Values)-1]
}
