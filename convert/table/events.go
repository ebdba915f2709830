package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/eventfile/event"
)

// eventsSpec is the events table: one row an event, or a value, that no other
// table has, with the whole of its record.
func eventsSpec() Spec {
	return valuesSpec{
		name: "events", unit: "event", forms: []convert.Form{convert.FormEvents}, rows: appendEvent, tagNull: true,
		blobs: true,
		fields: []arrow.Field{
			field("what", arrow.BinaryTypes.String), // the member of the event, or none
			field("bytes", arrow.BinaryTypes.Binary),
		},
	}.spec()
}

func appendEvent(t *valuesTable, in *convert.Input, v *convert.Value) error {
	what := v.Event.What.String()
	switch {
	case v.Event.What == event.WhatNothing:
		what = "none"
	case v.Event.What == event.WhatSummary && len(v.Event.Values) > 0:
		if what = v.Event.Values[v.At.Ordinal].Field.String(); v.Event.Values[v.At.Ordinal].Field == event.FieldNone {
			what = "metadata" // beside the first of its tag, which the table tags has
		}
	}
	bytes := v.Event.Raw()
	t.begin(in.Run.Name, v, len(bytes))
	appendString(t.columns[0], what)
	appendBytes(t.columns[1], bytes)
	return nil
}
