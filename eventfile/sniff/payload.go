package sniff

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"
)

// eventFields are the wire types of the fields of an Event (event.proto).
var eventFields = [...]protowire.Type{
	1:  protowire.Fixed64Type, // wall_time
	2:  protowire.VarintType,  // step
	3:  protowire.BytesType,   // file_version
	4:  protowire.BytesType,   // graph_def
	5:  protowire.BytesType,   // summary
	6:  protowire.BytesType,   // log_message
	7:  protowire.BytesType,   // session_log
	8:  protowire.BytesType,   // tagged_run_metadata
	9:  protowire.BytesType,   // meta_graph_def
	10: protowire.BytesType,   // source_metadata
}

// IsEvent reports whether the payload of a record is an event: it has a wall
// time, and no fields but those of one, of their types. What is in the fields is
// not looked at.
func IsEvent(payload []byte) bool {
	fields, ok := walkEvent(payload)
	return ok && fields.wallTime
}

// MayBeEvent is IsEvent for writers that never set a wall time: something that
// happened is enough.
func MayBeEvent(payload []byte) bool {
	parts, ok := walkEvent(payload)
	return ok && (parts.wallTime || parts.content)
}

// eventParts is what a walk over an event saw.
type eventParts struct {
	wallTime    bool
	content     bool // a member of what
	fileVersion []byte
}

func walkEvent(payload []byte) (parts eventParts, ok bool) {
	for len(payload) > 0 {
		field, typ, n := protowire.ConsumeTag(payload)
		if n < 0 || int(field) >= len(eventFields) || typ != eventFields[field] {
			return parts, false
		}
		m := protowire.ConsumeFieldValue(field, typ, payload[n:])
		if m < 0 {
			return parts, false
		}
		switch {
		case field == 1:
			parts.wallTime = true
		case field == 3:
			parts.fileVersion, _ = protowire.ConsumeBytes(payload[n:])
		}
		parts.content = parts.content || field >= 3 && field <= 9
		payload = payload[n+m:]
	}
	return parts, true
}

// Payload says what a file of whole records is by the payload of its first one; ""
// where that may be an event.
func Payload(payload []byte) string {
	if parts, ok := walkEvent(payload); ok && (parts.wallTime || parts.content) {
		// MindSpore frames its own Event, with the same first fields, in the same way.
		if bytes.HasPrefix(bytes.ToLower(parts.fileVersion), []byte("mindspore.event:")) {
			return "a MindSpore summary file"
		}
		return ""
	}
	switch {
	case example(payload):
		return "a TFRecord data set of tf.train.Examples"
	case sequenceExample(payload):
		return "a TFRecord data set of tf.train.SequenceExamples"
	}
	return "a TFRecord file of records that are no events"
}

// example reports whether b has the fields of a tf.train.Example (example.proto):
// Features in field 1, which are a map in field 1.
func example(b []byte) bool {
	return len(b) > 0 && eachField(b, func(field protowire.Number, features []byte) bool {
		return field == 1 && featureMap(features)
	})
}

// sequenceExample does so of a tf.train.SequenceExample: Features in field 1, and
// FeatureLists, which are a map likewise, in field 2.
func sequenceExample(b []byte) bool {
	return len(b) > 0 && eachField(b, func(field protowire.Number, features []byte) bool {
		return (field == 1 || field == 2) && featureMap(features)
	})
}

// featureMap reports whether b is a map of a name to something encoded.
func featureMap(b []byte) bool {
	return eachField(b, func(field protowire.Number, entry []byte) bool {
		return field == 1 &&
			eachField(entry, func(field protowire.Number, _ []byte) bool { return field == 1 || field == 2 })
	})
}

// eachField reports whether b is encoded fields, all of bytes, for each of which ok
// is true.
func eachField(b []byte, ok func(protowire.Number, []byte) bool) bool {
	for len(b) > 0 {
		field, typ, n := protowire.ConsumeTag(b)
		if n < 0 || typ != protowire.BytesType {
			return false
		}
		content, m := protowire.ConsumeBytes(b[n:])
		if m < 0 || !ok(field, content) {
			return false
		}
		b = b[n+m:]
	}
	return true
}
