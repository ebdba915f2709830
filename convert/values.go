package convert

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
	"tbexport/eventfile/series"
	"tbexport/eventfile/tensor"
)

// Value is a value of a run that is no point, or, where it has no tag of a
// summary, a whole event. It and its bytes are valid until the next one.
type Value struct {
	Tag      string // "" with NoTag
	NoTag    bool
	Step     int64
	WallTime float64 // seconds since the Unix epoch
	Plugin   string  // of the tag
	Content  []byte  // what the plugin keeps beside the tag's values; nil: nothing
	Event    *event.Event
	Value    *event.Value // nil: the whole event
	At       Place

	whole  bool // Value is nil, whatever the event holds
	reader *eventfile.ValueReader
}

// Place is where a value stands.
type Place = series.Place

// ValueCounts are how many values of a form there are, and what became of them:
// Read == Exported + LeftOut.
type ValueCounts struct {
	Read     int64 `json:"read"`
	Exported int64 `json:"exported"`
	LeftOut  int64 `json:"left_out"` // by selection, restart mode, sampling, or since no table of it was asked for
}

// valueCollector keeps where the values of a run stand, by form.
type valueCollector struct {
	forms  map[Form]bool // those that are wanted
	all    bool          // there is no choice of tags
	places *series.Places
	info   map[string]*tagValues
	byID   []*tagValues
	made   map[string]int // of tags that no summary has
	wanted func(tag string) bool
	reader *eventfile.ValueReader
	tags   func(tag string) bool // nil: all are selected
	read   map[Form]int64
	given  map[Form]int64
	// unasked are those of no form that is wanted, by kind; undecodable those that
	// do not decode.
	unasked     map[eventfile.Kind]int64
	undecodable int64
}

// tagValues is what is kept of a tag for its values.
type tagValues struct {
	tag     eventfile.Tag // as places knows it
	wanted  bool          // it is selected
	plugin  string
	settled bool // a value with metadata came
	content []byte
}

func newValues(o *Options, store eventfile.Store, points series.Options) *valueCollector {
	c := &valueCollector{
		forms: make(map[Form]bool), tags: points.Tags, all: points.Tags == nil && o.Read.Choose == nil,
		places: series.NewPlaces(series.PlacesOptions{Options: points}),
		reader: eventfile.NewValueReader(store),
	}
	for _, f := range o.Forms {
		c.forms[f] = true
	}
	c.forms[FormMetadata] = o.TagStats
	c.reader.SkipDataCRC, c.reader.Long = o.Read.SkipDataCRC, o.long
	c.forget()
	return c
}

func (c *valueCollector) forget() {
	c.info, c.byID, c.made = make(map[string]*tagValues), nil, make(map[string]int)
	c.read, c.given = make(map[Form]int64), make(map[Form]int64)
	c.unasked, c.undecodable = make(map[eventfile.Kind]int64), 0
	c.wanted = func(string) bool { return true }
}

// reset forgets the run.
func (c *valueCollector) reset() error {
	c.forget()
	if err := c.reader.Close(); err != nil {
		return err
	}
	return c.places.Reset()
}

// Wants takes all tags: the values of those that are not selected are counted. It is
// asked again when the plugin of a tag is said.
func (c *valueCollector) Wants(t *eventfile.Tag) bool {
	if t.ID < len(c.byID) && c.byID[t.ID] != nil {
		c.byID[t.ID].plugin = t.Plugin
	}
	return true
}

// Point passes over a point.
func (c *valueCollector) Point(*eventfile.Tag, eventfile.Point) error { return nil }

// Value keeps the place of a value. Only what tells its form is decoded.
func (c *valueCollector) Value(t *eventfile.Tag, v *eventfile.Value) error {
	var of *tagValues
	plugin, content := "", []byte(nil)
	if t != nil {
		of = c.tag(t, v)
		plugin, content = of.plugin, of.content
	}
	own := ownForm(plugin, v)
	if of != nil && !of.wanted || !c.asked(own, v) {
		c.pass(own, v)
		return nil
	}
	form, err := formOf(plugin, content, v)
	if err != nil {
		c.undecodable++
		return err
	}
	if form == FormMetadata && saysElse(t, v) {
		form = FormEvents
	}
	if !c.forms[form] || form == FormMetadata || form == FormHParams {
		c.pass(form, v)
		return nil
	}
	c.read[form]++
	kept := *v
	kept.Kind = eventfile.Kind(form)
	switch {
	case form == FormGraphs && v.Value == nil && v.Event.What == event.WhatTaggedRunMetadata:
		return c.places.Value(c.runMetadataTag(v.Event), &kept)
	case t == nil && !c.all:
		return nil // what has no tag is not among chosen tags
	case t == nil || form == FormEvents:
		return c.places.Value(nil, &kept)
	}
	return c.places.Value(&of.tag, &kept)
}

// asked reports whether a value is, or may turn out to be, of a form that is wanted.
func (c *valueCollector) asked(own Form, v *eventfile.Value) bool {
	switch {
	case c.forms[own]:
		return true
	case own == FormMetadata:
		return c.forms[FormEvents]
	case own == FormHParams:
		return c.forms[FormTensors] || c.forms[FormEvents] || c.forms[FormMetadata]
	}
	return c.forms[FormTensors] && v.Value != nil && v.Field == event.FieldTensor
}

// tag gives what is kept of a tag. What the first value with metadata says rules.
func (c *valueCollector) tag(t *eventfile.Tag, v *eventfile.Value) *tagValues {
	if t.ID >= len(c.byID) {
		c.byID = append(c.byID, make([]*tagValues, t.ID+1-len(c.byID))...)
	}
	of := c.byID[t.ID]
	if of == nil {
		// Tags of summaries have even numbers here, and others odd ones.
		of = &tagValues{tag: eventfile.Tag{ID: 2 * t.ID, Name: t.Name}, wanted: c.tags == nil || c.tags(t.Name)}
		c.byID[t.ID], c.info[t.Name] = of, of
	}
	if !of.settled && v.HasMetadata {
		of.settled, of.content = true, bytes.Clone(v.PluginContent)
	}
	of.plugin = t.Plugin
	return of
}

// runMetadataTag gives the tag that stands in an event of run metadata.
func (c *valueCollector) runMetadataTag(e *event.Event) *eventfile.Tag {
	name, _, err := kinds.DecodeTaggedRunMetadata(e.Body())
	if err != nil {
		name = nil // the event was decoded: it is there
	}
	text := tensor.UTF8(name)
	n, ok := c.made[text]
	if !ok {
		n = len(c.made)
		c.made[text] = n
	}
	return &eventfile.Tag{ID: 2*n + 1, Name: text}
}

// Restart takes a restart.
func (c *valueCollector) Restart(t *eventfile.Tag, step int64) error {
	if t == nil {
		return c.places.Restart(nil, step)
	}
	if t.ID < len(c.byID) && c.byID[t.ID] != nil {
		return c.places.Restart(&c.byID[t.ID].tag, step)
	}
	return nil
}

// values gives the values of a form, read again from where they stand.
func (c *valueCollector) values(ctx context.Context, form Form) iter.Seq2[*Value, error] {
	return func(yield func(*Value, error) bool) {
		for v, err := range c.standing(ctx, form) {
			if err == nil {
				err = v.Read(ctx, c.reader)
			}
			if err != nil {
				v = nil
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// standing gives the values of a form without reading them again.
func (c *valueCollector) standing(ctx context.Context, form Form) iter.Seq2[*Value, error] {
	return func(yield func(*Value, error) bool) {
		c.given[form] = 0
		for place, err := range c.places.Of(eventfile.Kind(form)) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if place.Tag != "" && !c.wanted(place.Tag) {
				continue
			}
			c.given[form]++
			if !yield(c.at(form, &place), nil) {
				return
			}
		}
	}
}

// tagsOf gives the tags that have values of a form, and are wanted.
func (c *valueCollector) tagsOf(form Form) []string {
	return slices.DeleteFunc(c.places.Tags(eventfile.Kind(form)), func(tag string) bool { return !c.wanted(tag) })
}

// value reads the value of a place.
func (c *valueCollector) value(ctx context.Context, form Form, place *series.Place) (*Value, error) {
	v := c.at(form, place)
	if err := v.Read(ctx, c.reader); err != nil {
		return nil, err
	}
	return v, nil
}

// at is what is known of a value by its place.
func (c *valueCollector) at(form Form, place *series.Place) *Value {
	v := &Value{Tag: place.Tag, Step: place.Step, WallTime: place.WallTime, At: *place, whole: form == FormEvents}
	if of := c.info[place.Tag]; of != nil {
		v.Plugin, v.Content = of.plugin, of.content
	}
	return v
}

// Read reads what a value of Input.Standing holds, from the store that the run was
// read from. It is valid until the reader reads another.
func (v *Value) Read(ctx context.Context, r *eventfile.ValueReader) (err error) {
	v.reader = r
	if v.Event, err = r.Event(ctx, v.At.Place); err != nil {
		return err
	}
	if v.Event.What != event.WhatSummary || len(v.Event.Values) == 0 || v.whole {
		v.NoTag = v.whole || v.Event.What != event.WhatTaggedRunMetadata
		v.Plugin, v.Content = "", nil
		return nil
	}
	v.Value, err = r.Value(ctx, v.At.Place)
	return err
}

// Free says that nobody needs the value any more, though there is no other yet: of a huge
// one, the memory becomes free.
func (v *Value) Free() {
	v.Event, v.Value = nil, nil
	v.reader.Free()
}

// Keep lets what was read of the value stay valid until done is called, from whatever
// goroutine.
func (v *Value) Keep() (done func()) { return v.reader.Keep() }

// pass counts a value whose place is not kept: it is left out, or another collector has it.
func (c *valueCollector) pass(form Form, v *eventfile.Value) {
	c.read[form]++
	if !c.forms[form] && v.Kind != eventfile.HParams && v.Kind != eventfile.Others {
		c.unasked[v.Kind]++
	}
	if c.forms[form] && (form == FormMetadata || form == FormHParams) {
		c.given[form]++
	}
}

// saysElse reports whether the metadata of a value say something of its tag that the
// tag's first do not.
func saysElse(t *eventfile.Tag, v *eventfile.Value) bool {
	return v.HasMetadata && !bytes.Equal(t.Metadata, v.Metadata())
}

// count says what became of the values.
func (c *valueCollector) count(counts *Counts) {
	counts.Values = make(map[Form]ValueCounts, len(c.read))
	undecodable := counts.Undecodable + c.undecodable
	rest := counts.Found - counts.Points - undecodable
	for form, n := range c.read {
		given := c.given[form]
		counts.Values[form] = ValueCounts{Read: n, Exported: given, LeftOut: n - given}
		rest -= n
	}
	counts.Undecodable, counts.InNoTable = undecodable, rest
	counts.OtherVersions = c.otherVersions()
	counts.NotExported = make(map[string]int64, len(c.unasked))
	for kind, n := range c.unasked {
		counts.NotExported[string(kind)] = n
	}
}

// otherVersions counts the tags of wanted values whose plugin's content says another
// version than 0. Graphs, layouts and unknown plugins say none there.
func (c *valueCollector) otherVersions() (n int) {
	for _, of := range c.byID {
		if of == nil || !of.wanted || !c.wanted(of.tag.Name) {
			continue
		}
		switch form, _ := pluginForm(of.plugin); form {
		case FormText, FormHistograms, FormImages, FormAudio, FormPRCurves, FormMeshes:
			if version, ok := kinds.Version(of.content); ok && version != 0 && c.forms[form] {
				n++
			}
		}
	}
	return n
}
