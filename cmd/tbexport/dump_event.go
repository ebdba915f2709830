package main

import (
	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile"
	pb "tbexport/proto"
)

// The JSON lines of dump.
type (
	dumpEvent struct {
		File        string      `json:"file"`
		Offset      int64       `json:"offset"`
		Length      int64       `json:"length"`
		WallTime    jsonFloat   `json:"wall_time"`
		Step        int64       `json:"step"`
		What        string      `json:"what"`
		FileVersion string      `json:"file_version,omitempty"`
		Writer      string      `json:"writer,omitempty"`
		Session     string      `json:"session,omitempty"`
		Level       int32       `json:"level,omitempty"` // of a log message
		Message     string      `json:"message,omitempty"`
		Tag         string      `json:"tag,omitempty"` // of run metadata
		Bytes       *int        `json:"bytes,omitempty"`
		Content     []byte      `json:"content,omitempty"` // with --full
		Values      []dumpValue `json:"values,omitempty"`
		Undecodable int         `json:"undecodable,omitempty"` // parts of the event
	}
	dumpDamage struct {
		File        string `json:"file"`
		Offset      int64  `json:"offset"`
		Length      int64  `json:"length"`
		Damage      string `json:"damage"`
		Torn        bool   `json:"torn"`
		RecordsLost *int64 `json:"records_lost"`
	}
)

func newDumpEvent(path string, offset int64, e *eventfile.Event, full bool) *dumpEvent {
	line := &dumpEvent{
		File: path, Offset: offset, Length: recordFrame + int64(len(e.Raw())), WallTime: jsonFloat(e.WallTime), Step: e.Step,
		What: whatName(e.What), Undecodable: e.Undecodable, FileVersion: string(e.FileVersion), Writer: string(e.Writer),
	}
	if e.What == eventfile.WhatSummary {
		decoded := summaryValues(e)
		for i := range e.Values {
			line.Values = append(line.Values, newDumpValue(&e.Values[i], full))
			if i < len(decoded) {
				line.Values[i].describe(decoded[i], full)
			}
		}
		return line
	}
	// An event of which parts do not decode has no more to say.
	if m, err := e.Proto(); err == nil {
		line.others(m, full)
	}
	return line
}

// others fills in the events that are no summaries.
func (d *dumpEvent) others(m *pb.Event, full bool) {
	switch w := m.What.(type) {
	case *pb.Event_LogMessage:
		d.Level, d.Message = w.LogMessage.Level, string(w.LogMessage.Message)
	case *pb.Event_SessionLog:
		d.Session, d.Message = w.SessionLog.Status.String(), string(w.SessionLog.Msg)
	case *pb.Event_TaggedRunMetadata:
		d.Tag = string(w.TaggedRunMetadata.Tag)
		d.content(w.TaggedRunMetadata.RunMetadata, full)
	case *pb.Event_GraphDef:
		d.content(w.GraphDef, full)
	case *pb.Event_MetaGraphDef:
		d.content(w.MetaGraphDef, full)
	}
}

func (d *dumpEvent) content(b []byte, full bool) {
	n := len(b)
	d.Bytes = &n
	if full {
		d.Content = b
	}
}

func whatName(w eventfile.What) string {
	return [...]string{"nothing", "file_version", "graph_def", "summary", "log_message", "session_log",
		"tagged_run_metadata", "meta_graph_def"}[w]
}

// summaryValues gives the event's values with all that eventfile.Value leaves
// out; none where a part of it did not decode, as they could not be told apart.
func summaryValues(e *eventfile.Event) []*pb.Summary_Value {
	m, err := e.Proto()
	if err != nil {
		return nil
	}
	return m.GetSummary().GetValue()
}

// field is one field of an encoded message: a number or bytes.
type field struct {
	num   protowire.Number
	value uint64 // of a varint, 32- or 64-bit field
	bytes []byte
}

// fields are those of an encoded message, up to where it is broken.
func fields(b []byte) (all []field) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			break
		}
		b = b[n:]
		f := field{num: num}
		switch typ {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(b)
		case protowire.Fixed32Type:
			var x uint32
			x, n = protowire.ConsumeFixed32(b)
			f.value = uint64(x)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			break
		}
		b = b[n:]
		all = append(all, f)
	}
	return all
}
