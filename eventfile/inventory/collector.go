package inventory

import (
	"maps"
	"math"
	"slices"
	"strings"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
	"tbexport/eventfile/tensor"
)

// Options say what is taken in. The zero value takes all.
type Options struct {
	// Tags says whether a tag is wanted; nil: all are.
	Tags func(tag string) bool
	// Brief leaves out what takes the numbers, First, Last, Min, Max, NotFinite and
	// Means, and what takes the headers of other values.
	Brief bool
}

// Collector makes the Inventory of one run after another, in memory that depends
// on its tags and not on its points. It is not safe for concurrent use.
type Collector struct {
	options  Options
	goesBack bool
	// By the tag's ID; there may be fewer than tags.
	points []*entry // nil: none
	others [][]*entry
	spare  []*profile // memory of those of runs before

	untagged map[eventfile.Kind]Untagged
	header   kinds.Header // of a value, for its memory
}

// entry is a Tag in the making.
type entry struct {
	Tag
	dtype   tensor.DType
	profile *profile // nil: no numbers
}

// NewCollector returns a collector that has seen nothing.
func NewCollector(o Options) *Collector { return &Collector{options: o} }

// Wants says whether the options want the tag.
func (c *Collector) Wants(t *eventfile.Tag) bool {
	return c.options.Tags == nil || c.options.Tags(t.Name)
}

// Restart sees a restart of the tag, or of the whole run.
func (c *Collector) Restart(t *eventfile.Tag, step int64) error {
	points := c.points
	if t != nil {
		points = points[min(t.ID, len(points)):min(t.ID+1, len(points))]
	}
	for _, e := range points {
		if e != nil && e.MaxStep >= step {
			c.goesBack = true
		}
	}
	return nil
}

// Point sees a point.
func (c *Collector) Point(t *eventfile.Tag, p eventfile.Point) error {
	if t.ID >= len(c.points) {
		c.points = slices.Grow(c.points, t.ID+1-len(c.points))[:t.ID+1]
	}
	e := c.points[t.ID]
	if e == nil {
		e = newEntry(t, eventfile.Scalars, p.DType, p.Step, p.WallTime)
		e.Scalar = true
		if !c.options.Brief {
			e.profile, e.First = c.newProfile(), p.Value
		}
		c.points[t.ID] = e
	} else if p.Step <= e.MaxStep {
		c.goesBack = true
	}
	e.value(p.Step, p.WallTime, p.DType)
	if e.profile != nil {
		e.number(p.Value)
	}
	return nil
}

func (c *Collector) newProfile() *profile {
	if n := len(c.spare); n > 0 {
		p := c.spare[n-1]
		c.spare = c.spare[:n-1]
		*p = profile{}
		return p
	}
	return new(profile)
}

// Value sees a value that is no point. One that does not decode is one of its tag, and damage.
func (c *Collector) Value(t *eventfile.Tag, v *eventfile.Value) error {
	if t == nil {
		c.whole(v)
		return nil
	}
	dtype := tensor.None
	if v.Field == event.FieldTensor {
		dtype = tensor.TypeOf(v.Tensor)
	}
	if t.ID >= len(c.others) {
		c.others = append(c.others, make([][]*entry, t.ID+1-len(c.others))...)
	}
	others := &c.others[t.ID]
	i := slices.IndexFunc(*others, func(e *entry) bool { return e.Kind == v.Kind })
	if i < 0 {
		i = len(*others)
		*others = append(*others, newEntry(t, v.Kind, dtype, v.Event.Step, v.Event.WallTime))
	}
	(*others)[i].value(v.Event.Step, v.Event.WallTime, dtype)
	if !c.options.Brief {
		c.look((*others)[i], t, v)
	}
	bytes, sound := t.Check(v.Value)
	if sound {
		return nil
	}
	if content := (*others)[i].Content; content != nil {
		content.Damaged++
	}
	return eventfile.Undecodable(bytes)
}

// whole counts an event without a summary.
func (c *Collector) whole(v *eventfile.Value) {
	if c.options.Brief || v.Kind == eventfile.Others {
		return
	}
	if c.untagged == nil {
		c.untagged = make(map[eventfile.Kind]Untagged)
	}
	n := c.untagged[v.Kind]
	c.untagged[v.Kind] = Untagged{n.Values + 1, n.Bytes + int64(len(v.Event.Body()))}
}

// look takes in what the headers of a value say.
func (c *Collector) look(e *entry, t *eventfile.Tag, v *eventfile.Value) {
	first := e.Content == nil
	if first {
		e.Content = new(Content)
	}
	content, h := e.Content, &c.header
	switch v.Field {
	case event.FieldTensor:
		h.Tensor(t.Plugin, v.Tensor)
	case event.FieldImage:
		h.OldImage(v.Message)
	case event.FieldAudio:
		h.OldAudio(v.Message)
	case event.FieldHisto:
		h.OldHistogram(v.Message)
	default:
		h.Reset()
	}
	content.Bytes += int64(len(v.Tensor) + len(v.Message))
	if v.Field == event.FieldNone {
		content.Bytes += int64(len(v.PluginContent))
	}
	if v.Kind == eventfile.Meshes && v.HasMetadata && content.MeshPart == kinds.NoMeshPart {
		if m, err := kinds.DecodeMeshContent(v.PluginContent); err == nil {
			content.MeshPart = m.Part
		}
	}
	content.Varies = content.Varies || !first && !h.Equal(&content.Header)
	content.Header, c.header = c.header, content.Header
}

// newEntry knows all of the first value but the value.
func newEntry(t *eventfile.Tag, kind eventfile.Kind, dtype tensor.DType, step int64, wallTime float64) *entry {
	return &entry{dtype: dtype, Tag: Tag{
		Name: t.Name, Kind: kind, DType: dtype.String(), Min: math.Inf(1), Max: math.Inf(-1),
		FirstStep: step, MinStep: step, MaxStep: step, FirstTime: wallTime,
	}}
}

func (e *entry) value(step int64, wallTime float64, dtype tensor.DType) {
	if dtype != e.dtype {
		e.DType = "mixed"
	}
	e.Values++
	e.LastStep, e.LastTime = step, wallTime
	if step > e.MaxStep {
		e.MaxStep = step
	} else if step < e.MinStep {
		e.MinStep = step
	}
}

func (e *entry) number(x float64) {
	e.Last = x
	finite := x-x == 0 // neither NaN nor an infinity
	e.profile.add(x, finite)
	if !finite {
		e.NotFinite++
		return
	}
	if x < e.Min {
		e.Min = x
	}
	if x > e.Max {
		e.Max = x
	}
}

// Inventory gives what the run holds. It belongs to the caller; the collector
// can go on.
func (c *Collector) Inventory() *Inventory {
	out := &Inventory{GoesBack: c.goesBack, Untagged: maps.Clone(c.untagged)}
	for _, e := range c.points {
		if e != nil {
			out.Tags = append(out.Tags, e.tag())
		}
	}
	for _, kinds := range c.others {
		for _, e := range kinds {
			out.Tags = append(out.Tags, e.tag())
		}
	}
	slices.SortStableFunc(out.Tags, func(a, b *Tag) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (e *entry) tag() *Tag {
	t := e.Tag
	if e.Content != nil {
		content := *e.Content
		content.Header.Shape = slices.Clone(content.Header.Shape)
		t.Content = &content
	}
	if e.profile != nil {
		t.Means = e.profile.means()
	}
	if t.Min > t.Max {
		t.Min, t.Max = math.NaN(), math.NaN()
	}
	return &t
}

// Reset forgets the run, for another one.
func (c *Collector) Reset() {
	spare := c.spare
	for _, e := range c.points {
		if e != nil && e.profile != nil && len(spare) < mostSpare {
			spare = append(spare, e.profile)
		}
	}
	clear(c.points)
	*c = Collector{options: c.options, spare: spare, points: c.points[:0]}
}

// mostSpare is how many profiles are kept for the next run: about a megabyte.
const mostSpare = 1 << 10
