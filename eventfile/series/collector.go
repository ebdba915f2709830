package series

import (
	"iter"
	"math"
	"unsafe"

	"tbexport/eventfile"
)

// Chunk is a stretch of consecutive points of one series. The three slices
// have the same length, which is at least 1.
type Chunk struct {
	Tag       string
	Steps     []int64
	WallTimes []float64 // seconds since the Unix epoch
	Values    []float64
	// Origin is the wall time of the first point of the series that was given
	// out, in this chunk or an earlier one: the zero of TensorBoard's RELATIVE
	// axis (tensorboard/webapp, scalar_card_container.ts).
	Origin float64
}

// Collector collects the points of one run after another. Walks that go on from
// a state add to what it has. It is not safe for concurrent use.
type Collector struct {
	collection
	tags   []*eventfile.Tag // by ID
	wanted []bool
	left   []bool // out by Keep; none: no tag is
	asked  bool   // for a tag, since passed was summed up
	passed int64  // points of tags that are not wanted
	counts Counts
	chunk  Chunk // the one given out
}

// NewCollector returns a collector without points. It is to be closed.
func NewCollector(o Options) *Collector {
	c := new(Collector)
	c.init(o)
	return c
}

// Wants says whether the options want the tag.
func (c *Collector) Wants(t *eventfile.Tag) bool {
	c.asked = true
	if t.ID < len(c.tags) {
		c.tags[t.ID] = t
		return c.wanted[t.ID]
	}
	wanted := c.options.Tags == nil || c.options.Tags(t.Name)
	c.tags, c.wanted, c.names = append(c.tags, t), append(c.wanted, wanted), append(c.names, t.Name)
	return wanted
}

// Point takes a point. It fails where the temporary file does.
func (c *Collector) Point(t *eventfile.Tag, p eventfile.Point) error {
	return c.add(int32(t.ID), p.Step, p.WallTime, math.Float64bits(p.Value))
}

// Value passes over a value.
func (c *Collector) Value(*eventfile.Tag, *eventfile.Value) error { return nil }

// Restart takes a restart. It fails where the temporary file does.
func (c *Collector) Restart(t *eventfile.Tag, step int64) error {
	switch {
	case t == nil:
		return c.restart(step)
	case t.Points > 0:
		return c.restartSeries(int32(t.ID), step)
	}
	return nil
}

// Keep leaves out of what was collected so far the tags that are not wanted after
// all, as some choices can only be made among all tags of a run. A later call
// takes the place of an earlier one.
func (c *Collector) Keep(wanted func(tag string) bool) {
	c.left, c.asked = make([]bool, len(c.tags)), true
	for i, name := range c.names {
		c.left[i] = !wanted(name)
	}
}

// out says whether a tag is not to be given out.
func (c *Collector) out(id int32) bool { return !c.wanted[id] || int(id) < len(c.left) && c.left[id] }

// Finish makes the points ready to be given out, as the first step of Chunks
// would. It is to be called before the walker goes to another run, if Chunks is
// not. It fails where the temporary file does.
func (c *Collector) Finish() error {
	if c.asked {
		c.asked, c.passed = false, 0
		for i, t := range c.tags {
			if c.out(int32(i)) {
				c.passed += t.Points
			}
		}
	}
	return c.finish()
}

// Chunks gives the points out, series by series in the order of the tags, points
// in file order, each chunk valid until the next one. An error, which is one of
// the temporary file, is the last that comes. Chunks can be called again, also
// after more points.
func (c *Collector) Chunks() iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		err := c.Finish()
		if err != nil {
			yield(nil, err)
			return
		}
		c.counts = Counts{Unselected: c.passed}
		chunk := &c.chunk
		last := int32(-1)
		err = c.give(&c.counts, func(id int32) bool { return !c.out(id) }, func(id int32, seg *segment) bool {
			if id != last {
				last, *chunk = id, Chunk{Tag: c.names[id], Origin: seg.wallTimes[0]}
			}
			chunk.Steps, chunk.WallTimes, chunk.Values = seg.steps, seg.wallTimes, floats(seg.payloads)
			return yield(chunk, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// floats are the numbers whose bits are given, in the same memory.
func floats(bits []uint64) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(bits))), len(bits))
}

// Counts says what became of the points that Chunks was last called for; all of
// them once it gave its last chunk.
func (c *Collector) Counts() Counts { return c.counts }

// Reset forgets all points, for another run. It fails where the temporary file
// cannot be removed.
func (c *Collector) Reset() error {
	c.tags, c.wanted, c.left, c.counts = c.tags[:0], c.wanted[:0], nil, Counts{}
	c.asked, c.passed = false, 0
	return c.reset()
}

// Close removes the temporary file, if there is one.
func (c *Collector) Close() error { return c.Reset() }
