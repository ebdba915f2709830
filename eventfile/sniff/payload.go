package sniff

import "google.golang.org/protobuf/encoding/protowire"

// eventFields are the wire types of the fields of an Event (event.proto).
var eventFields = [...]protowire.Type{
	1: protowire.Fixed64Type, // wall_time
	2: protowire.VarintType,  // step
	3: protowire.BytesType,   // file_version
	4: protowire.BytesType,   // graph_def
	5: protowire.BytesType,   // summary
	6: protowire.BytesType,   // log_message
	7: protowire.BytesType,   // session_log
	8: protowire.BytesType,   // tagged_run_metadata
	9: protowire.BytesType,   // meta_graph_def
	// source_metadata
	10: protowire.BytesType,
}

// IsEvent reports whether the payload of a record is an event: it has a wall
// time, and no fields but those of one, of their types. What is in the fields is
// not looked at.
func IsEvent(payload []byte) bool {
	wallTime := false
	for len(payload) > 0 {
		field, typ, n := protowire.ConsumeTag(payload)
		if n < 0 || int(field) >= len(eventFields) || typ != eventFields[field] {
			return false
		}
		m := protowire.ConsumeFieldValue(field, typ, payload[n:])
		if m < 0 {
			return false
		}
		wallTime = wallTime || field == 1
		payload = payload[n+m:]
	}
	return wallTime
}
