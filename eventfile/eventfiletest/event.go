// Package eventfiletest builds events, event files and logdirs for tests.
//
//	eventfiletest.Write(t, dir, eventfiletest.Tree{
//		"run/events.out.tfevents.1": eventfiletest.File(
//			eventfiletest.Version(1.7e9),
//			eventfiletest.Summary(1.7e9, 1, eventfiletest.Scalar("loss", 0.5)),
//		),
//	})
//
// It knows only the format, so that every package's tests can use it.
package eventfiletest

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Event is an encoded event: the payload of a record.
type Event []byte

// Value is an encoded value of a summary.
type Value []byte

// The members of an event.
const (
	fieldWallTime    = 1
	fieldStep        = 2
	fieldFileVersion = 3
	fieldGraph       = 4
	fieldSummary     = 5
	fieldSession     = 7
)

// Version is the event that writers begin a file with. wallTime is in seconds, as
// all of them.
func Version(wallTime float64) Event {
	return bytesField(begin(wallTime, 0), fieldFileVersion, []byte("brain.Event:2"))
}

// Summary is an event with values.
func Summary(wallTime float64, step int64, values ...Value) Event {
	var summary []byte
	for _, v := range values {
		summary = bytesField(summary, 1, v)
	}
	return bytesField(begin(wallTime, step), fieldSummary, summary)
}

// Graph is an event with an encoded GraphDef.
func Graph(wallTime float64, graph []byte) Event {
	return bytesField(begin(wallTime, 0), fieldGraph, graph)
}

// The statuses of a session log that a writer gives.
const (
	SessionStart = 1
	SessionStop  = 2
)

// Session is an event that says that a session of training started or stopped.
func Session(wallTime float64, step int64, status uint64) Event {
	return bytesField(begin(wallTime, step), fieldSession, varintField(nil, 1, status))
}

// Protos encodes events that were made of the generated types.
func Protos[M proto.Message](messages ...M) []Event {
	events := make([]Event, len(messages))
	for i, m := range messages {
		events[i] = Encode(m)
	}
	return events
}

// Encode encodes a message. It panics where that has required fields that are not
// set, which none of TensorBoard's has.
func Encode(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

// begin is an event without a content. As from every writer, a step of 0 is not
// encoded.
func begin(wallTime float64, step int64) []byte {
	b := protowire.AppendTag(nil, fieldWallTime, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(wallTime))
	if step != 0 {
		b = varintField(b, fieldStep, uint64(step))
	}
	return b
}

func bytesField(b []byte, field protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), content)
}

func varintField(b []byte, field protowire.Number, x uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), x)
}
