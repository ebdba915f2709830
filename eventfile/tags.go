package eventfile

// pluginScalars is the plugin whose tensors are scalars.
const pluginScalars = "scalars"

// tag is what a run remembers of one of its tags.
type tag struct {
	raw    string // as in the event file
	plugin string // of the first metadata, see rule
	ruled  bool   // plugin is known, be it empty
	wanted bool
	points bool  // has had a scalar point
	next   int32 // the tag that followed last time, or -1
	shape  shape // of the events of its points, see RunReader.points
}

// tagTable numbers the tags of a run. Metadata often stands on a tag's first
// value only (TF1's FileWriter strips it from the others), so what the first
// said holds for the whole run, over all of its files.
type tagTable struct {
	byRaw   map[string]int32
	tags    []tag
	names   []string // by number, valid UTF-8; two raw tags may share a number
	wanted  func(string) bool
	renamed int
	last    int32 // the tag looked up last, or -1
}

func (t *tagTable) reset() {
	if t.byRaw == nil || len(t.byRaw) > 1<<16 {
		t.byRaw = make(map[string]int32) // a cleared map keeps its buckets
	} else {
		clear(t.byRaw)
	}
	t.tags, t.names, t.renamed, t.last = t.tags[:0], t.names[:0], 0, -1
}

// lookup gives the number of v's tag. Writers log the same tags in the same
// order again and again, so the tag that followed last time is tried first.
func (t *tagTable) lookup(v *Value) int32 {
	if t.last >= 0 {
		if guess := t.tags[t.last].next; guess >= 0 && t.tags[guess].raw == string(v.Tag) {
			t.last = guess
			return guess
		}
	}
	id, ok := t.byRaw[string(v.Tag)]
	if !ok {
		id = t.add(v)
	}
	if t.last >= 0 {
		t.tags[t.last].next = id
	}
	t.last = id
	return id
}

// follow is lookup for an encoded event that is a point of the tag that
// followed the last one before, and of the same shape as there.
func (t *tagTable) follow(event []byte, p *point) (id int32, ok bool) {
	if t.last < 0 {
		return 0, false
	}
	if id = t.tags[t.last].next; id < 0 || !t.tags[id].shape.read(event, p) {
		return 0, false
	}
	t.last = id
	return id, true
}

func (t *tagTable) add(v *Value) int32 {
	raw := string(v.Tag)
	name, bad := validUTF8(v.Tag)
	if bad > 0 {
		t.renamed++
		// Tags that read the same are one series, whatever their bytes were.
		if id, ok := t.byRaw[name]; ok {
			t.byRaw[raw] = id
			return id
		}
	} else {
		name = raw
	}
	id := int32(len(t.tags))
	t.tags = append(t.tags, tag{raw: raw, wanted: t.wanted == nil || t.wanted(name), next: -1})
	t.tags[id].rule(v)
	t.names = append(t.names, name)
	t.byRaw[raw] = id
	if bad > 0 {
		t.byRaw[name] = id
	}
	return id
}

// rule settles the tag's plugin by the first value that tells it: one with
// metadata, or one of TensorBoard's old primitive kinds, which rule over a
// plugin's name unless the metadata names a data class
// (tensorboard/data/server/data_compat.rs, initial_metadata).
func (t *tag) rule(v *Value) {
	if t.ruled {
		return
	}
	if v.DataClass == 0 {
		switch v.Field {
		case FieldSimpleValue:
			t.plugin, t.ruled = pluginScalars, true
			return
		case FieldImage:
			t.plugin, t.ruled = "images", true
			return
		case FieldAudio:
			t.plugin, t.ruled = "audio", true
			return
		case FieldHisto, FieldOldHistogram:
			t.plugin, t.ruled = "histograms", true
			return
		}
	}
	t.plugin, t.ruled = string(v.Plugin), v.HasMetadata
}

// kind names a value that is no scalar in the words of RunStats.NotExported.
func (t *tag) kind(v *Value) string {
	switch v.Field {
	case FieldImage:
		return "images"
	case FieldAudio:
		return "audio"
	case FieldHisto, FieldOldHistogram:
		return "histograms"
	}
	switch {
	case t.plugin != "":
		kind, _ := validUTF8([]byte(t.plugin))
		return kind
	case v.Field == FieldNone:
		return "metadata"
	}
	return "tensors"
}
