package eventjson

import (
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	pb "tbexport/proto"
)

// recordFrame is the bytes of a record beside its payload.
const recordFrame = 16

// Detail says how much of tensors, histograms and bytes there is.
type Detail uint8

// The details. Brief has the first few elements of a tensor, and of bytes how
// many there are; Full has everything, bytes as base64.
const (
	Brief Detail = iota
	Full
)

// Event is an event of a file.
type Event struct {
	File        string  `json:"file"`
	Offset      int64   `json:"offset"` // of its record
	Length      int64   `json:"length"` // of its record, framing included
	WallTime    Float   `json:"wall_time"`
	Step        int64   `json:"step"`
	What        string  `json:"what"` // the member of the oneof, or "nothing"
	FileVersion string  `json:"file_version,omitempty"`
	Writer      string  `json:"writer,omitempty"`
	Session     string  `json:"session,omitempty"`
	Level       int32   `json:"level,omitempty"` // of a log message
	Message     string  `json:"message,omitempty"`
	Tag         string  `json:"tag,omitempty"`     // of run metadata
	Bytes       *int    `json:"bytes,omitempty"`   // of graphs and run metadata
	Content     []byte  `json:"content,omitempty"` // of these, with Full
	Values      []Value `json:"values,omitempty"`
	Undecodable int     `json:"undecodable,omitempty"` // parts of the event
}

// Damage is a stretch of a file that could not be read.
type Damage struct {
	File        string `json:"file"`
	Offset      int64  `json:"offset"`
	Length      int64  `json:"length"`
	Damage      string `json:"damage"` // its cause
	Torn        bool   `json:"torn"`
	RecordsLost *int64 `json:"records_lost"` // null: not to be known
}

// NewDamage describes a damage.
func NewDamage(d *eventfile.Damage) Damage {
	line := Damage{File: d.Path, Offset: d.Offset, Length: d.Bytes, Damage: d.Cause, Torn: d.Torn}
	if d.Records >= 0 {
		line.RecordsLost = &d.Records
	}
	return line
}

// NewEvent describes an event, whose record is at an offset of a file. It
// refers to the bytes of e.
func NewEvent(path string, offset int64, e *event.Event, detail Detail) *Event {
	line := &Event{
		File: path, Offset: offset, Length: recordFrame + int64(len(e.Raw())), WallTime: Float(e.WallTime),
		Step: e.Step,
		What: e.What.String(), Undecodable: e.Undecodable, FileVersion: string(e.FileVersion), Writer: string(e.Writer),
	}
	if e.What == event.WhatSummary {
		decoded := summaryValues(e)
		for i := range e.Values {
			line.Values = append(line.Values, newValue(&e.Values[i], detail))
			if i < len(decoded) {
				line.Values[i].describe(decoded[i], detail)
			}
		}
		return line
	}
	// An event of which parts do not decode has no more to say.
	if m, err := decode(e); err == nil {
		line.others(m, detail)
	}
	return line
}

// others fills in the events that are no summaries.
func (d *Event) others(m *pb.Event, detail Detail) {
	switch w := m.What.(type) {
	case *pb.Event_LogMessage:
		d.Level, d.Message = w.LogMessage.Level, string(w.LogMessage.Message)
	case *pb.Event_SessionLog:
		d.Session, d.Message = w.SessionLog.Status.String(), string(w.SessionLog.Msg)
	case *pb.Event_TaggedRunMetadata:
		d.Tag = string(w.TaggedRunMetadata.Tag)
		d.content(w.TaggedRunMetadata.RunMetadata, detail)
	case *pb.Event_GraphDef:
		d.content(w.GraphDef, detail)
	case *pb.Event_MetaGraphDef:
		d.content(w.MetaGraphDef, detail)
	}
}

func (d *Event) content(b []byte, detail Detail) {
	n := len(b)
	d.Bytes, d.Content = &n, detail.bytes(b)
}

// bytes are those of something, or none without Full.
func (d Detail) bytes(b []byte) []byte {
	if d == Full {
		return b
	}
	return nil
}

// summaryValues gives the event's values with all that event.Value leaves
// out; none where a part of it did not decode, as they could not be told apart.
func summaryValues(e *event.Event) []*pb.Summary_Value {
	m, err := decode(e)
	if err != nil {
		return nil
	}
	return m.GetSummary().GetValue()
}

// decode decodes the whole event.
func decode(e *event.Event) (*pb.Event, error) {
	m := new(pb.Event)
	return m, proto.Unmarshal(e.Raw(), m)
}
