package eventfile

import (
	"unicode/utf8"

	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/wire"
)

// Tag is what a walk remembers of one of the run's tags.
type Tag struct {
	// ID numbers the tags of a run from 0 on, in the order in which they appear.
	ID int
	// Name is the tag, with U+FFFD for each byte that is not UTF-8. Tags that
	// then read the same are one.
	Name string
	// Plugin is the plugin that shows the tag's values, as the file has it: what
	// the first value said that said it rules for the whole run, over all of its
	// files, since writers may leave it out of the others. "" while it is not
	// said, and where metadata names none.
	Plugin string
	// Points is how many points the tag has had.
	Points int64
	// Metadata is the encoded SummaryMetadata of the tag's first value with any; nil
	// where there is none, and without WalkOptions.KeepMetadata.
	Metadata []byte

	raw     string      // as in the event file
	ruled   bool        // Plugin is settled, be it empty
	takers  []Collector // those that want the tag
	next    *Tag        // the tag that followed last time, or nil
	pattern event.Pattern

	// Of Reader.Repaired: a value was kept since the tag is ruled; the metadata of the
	// one that ruled it and was not.
	written bool
	orphan  []byte
}

// tagTable numbers the tags of a run.
type tagTable struct {
	byRaw      map[string]*Tag
	tags       []*Tag // and behind its end those of runs before, to be used again
	renamed    int
	last       *Tag // the tag looked up last
	collectors []Collector
}

func (t *tagTable) reset(collectors []Collector) {
	if t.byRaw == nil || len(t.byRaw) > 1<<16 {
		t.byRaw, t.tags = make(map[string]*Tag), nil // a cleared map keeps its buckets
	} else {
		clear(t.byRaw)
	}
	t.tags, t.renamed, t.last, t.collectors = t.tags[:0], 0, nil, collectors
}

// lookup gives the tag of v. Writers log the same tags in the
// same order again and again, so the tag that followed last time is tried first.
func (t *tagTable) lookup(v *event.Value) *Tag {
	var tag *Tag
	if t.last != nil && t.last.next != nil && t.last.next.raw == string(v.Tag) {
		tag = t.last.next
	} else if tag = t.byRaw[string(v.Tag)]; tag == nil {
		tag = t.add(v)
	}
	if t.last != nil {
		t.last.next = tag
	}
	t.last = tag
	return tag
}

// follow is lookup for an encoded event that is a point of the tag that
// followed the last one before, and of the same pattern as there; else nil.
func (t *tagTable) follow(encoded []byte, p *event.Point) *Tag {
	if t.last == nil {
		return nil
	}
	tag := t.last.next
	if tag == nil || !tag.pattern.Read(encoded, p) {
		return nil
	}
	t.last = tag
	return tag
}

func (t *tagTable) add(v *event.Value) *Tag {
	raw := string(v.Tag)
	name, bad := raw, 0
	if !utf8.ValidString(raw) {
		name, bad = wire.Text(v.Tag)
		t.renamed++
		if tag, ok := t.byRaw[name]; ok {
			t.byRaw[raw] = tag
			return tag
		}
	}
	tag := t.next()
	tag.Name, tag.raw = name, raw
	tag.rule(v)
	tag.offer(t.collectors)
	t.byRaw[raw] = tag
	if bad > 0 {
		t.byRaw[name] = tag
	}
	return tag
}

// next appends a tag of which only the ID is known.
func (t *tagTable) next() *Tag {
	n := len(t.tags)
	if n < cap(t.tags) && t.tags[:n+1][n] != nil {
		t.tags = t.tags[:n+1]
		*t.tags[n] = Tag{takers: t.tags[n].takers[:0]}
	} else {
		t.tags = append(t.tags, new(Tag))
	}
	t.tags[n].ID = n
	return t.tags[n]
}

// offer asks the collectors whether they want the tag.
func (t *Tag) offer(collectors []Collector) {
	t.takers = t.takers[:0]
	for _, c := range collectors {
		if c.Wants(t) {
			t.takers = append(t.takers, c)
		}
	}
}

// rule settles the tag's plugin by the first value that tells it: one with
// metadata, or one of TensorBoard's old primitive kinds, which rule over a
// plugin's name unless the metadata names a data class
// (tensorboard/data/server/data_compat.rs, initial_metadata).
func (t *Tag) rule(v *event.Value) {
	if v.DataClass == 0 {
		kind := primitive(v.Field)
		if v.Field == event.FieldSimpleValue {
			kind = Scalars
		}
		if kind != "" {
			t.Plugin, t.ruled = string(kind), true
			return
		}
	}
	t.Plugin, t.ruled = string(v.Plugin), v.HasMetadata
}
