package series

import "slices"

// Options say which points of a run are collected, and what is given out of
// them. The zero value gives every point.
type Options struct {
	Restarts Restarts
	// Tags says whether a tag's points are wanted; nil: all are.
	Tags   func(tag string) bool
	Select Selection
	// MaxPoints is how many points are held in memory, at about 80 bytes each;
	// the points of a longer run go through a temporary file in TempDir (empty:
	// the system's). 0 means DefaultMaxPoints.
	MaxPoints int
	TempDir   string
}

// DefaultMaxPoints is 40 MB of points.
const DefaultMaxPoints = 512 << 10

// Counts are what became of the points of a run.
//
// The points of the run == Unselected + Dropped + SampledOut + Written.
type Counts struct {
	Unselected int64 // points of tags, steps or times that were not asked for
	Dropped    int64 // points taken out by the restart mode
	SampledOut int64 // points left out by sampling
	Written    int64 // points given out

	// SupersededByStep and SupersededBySession are how many points of the
	// selected tags StepRestarts and SessionRestarts take out, or would.
	SupersededByStep    int64
	SupersededBySession int64
	// Of SupersededByStep, Repeated are the points that the next one of their
	// series has the step of; TwoWriters are the others of series whose steps go
	// back at a wall time before the last one seen, as where two writers write one
	// run at a time. What is left, a restart wrote again.
	Repeated   int64
	TwoWriters int64
}

// Add adds o's counts to c.
func (c *Counts) Add(o *Counts) {
	c.Unselected += o.Unselected
	c.Dropped += o.Dropped
	c.SampledOut += o.SampledOut
	c.Written += o.Written
	c.SupersededByStep += o.SupersededByStep
	c.SupersededBySession += o.SupersededBySession
	c.Repeated += o.Repeated
	c.TwoWriters += o.TwoWriters
}

// collection is what collectors of points and of places share: series by number,
// filled in file order, and given out one after another.
type collection struct {
	options Options
	spool   spool
	names   []string // of the series, by number
	tracks  []track  // by number; there may be fewer
	phase   phase
	order   []int32 // of the series, as they are given out
	segment segment // the one given out
}

// phase says whether a collection can be filled, and whether it can be given out.
type phase uint8

const (
	empty phase = iota // can be filled, once it has memory
	filling
	finished // can be given out
	given    // was given out, if only in part
)

func (c *collection) init(o Options) {
	if o.MaxPoints <= 0 {
		o.MaxPoints = DefaultMaxPoints
	}
	c.options = o
	c.spool.max, c.spool.dir = o.MaxPoints, o.TempDir
}

// reset forgets all, for another run.
func (c *collection) reset() error {
	c.phase, c.order, c.names, c.tracks = empty, nil, c.names[:0], c.tracks[:0]
	return c.spool.reset()
}

// fill makes sure that the collection can be filled.
func (c *collection) fill() {
	switch c.phase {
	case empty:
		c.spool.wake()
	case finished, given:
		c.spool.resume()
	}
	c.phase = filling
}

func (c *collection) add(id int32, step int64, wallTime float64, payload uint64) error {
	if c.phase != filling {
		c.fill()
	}
	c.follow(id, step, wallTime)
	s := &c.spool
	s.ids = append(s.ids, id)
	s.points = append(s.points, point{step, wallTime, payload})
	if len(s.ids) < s.max { // restarts are looked at when they come
		return nil
	}
	return c.spillIfFull()
}

func (c *collection) restart(step int64) error {
	c.fill()
	c.spool.restart(step)
	return c.spillIfFull()
}

func (c *collection) restartSeries(id int32, step int64) error {
	c.fill()
	c.spool.restartSeries(id, step)
	return c.spillIfFull()
}

func (c *collection) spillIfFull() error {
	if c.spool.full() {
		return c.spool.spill(c.names)
	}
	return nil
}

// finish makes sure that the collection can be given out from its beginning.
func (c *collection) finish() (err error) {
	if c.phase == finished {
		return nil
	}
	c.fill()
	if c.order, err = c.spool.finish(c.names); err == nil {
		c.phase = finished
	}
	return err
}

// give gives out the series that are wanted, segment by segment, until f returns
// false. A segment has at least one point, and is valid until the next one.
func (c *collection) give(counts *Counts, wanted func(id int32) bool, f func(id int32, seg *segment) bool) error {
	if err := c.finish(); err != nil {
		return err
	}
	c.phase = given
	for _, id := range c.order {
		refs, err := c.spool.series(id)
		if err != nil {
			return err
		}
		if !wanted(id) {
			continue
		}
		s, err := c.sampler(refs)
		if err != nil {
			return err
		}
		before := counts.SupersededByStep
		for k, ref := range refs {
			seg := &c.segment
			if *seg, err = c.spool.load(ref); err != nil {
				return err
			}
			c.trim(seg, counts)
			if n := counts.SupersededByStep - before; n > 0 && k == len(refs)-1 {
				c.tracks[id].count(n, counts)
			}
			if s != nil {
				n := len(seg.steps)
				s.pick(seg)
				counts.SampledOut += int64(n - len(seg.steps))
			}
			counts.Written += int64(len(seg.steps))
			if len(seg.steps) > 0 && !f(id, seg) {
				return nil
			}
		}
	}
	return nil
}

// sampler gives what samples a series, nil where all of it is wanted. To sample
// it, its points are counted first.
func (c *collection) sampler(refs []segmentRef) (*sampler, error) {
	n := int64(c.options.Select.Sample)
	if n <= 0 {
		return nil, nil
	}
	total := int64(0)
	for _, ref := range refs {
		// Counting must leave the points as they are, and in memory they are
		// the only copy.
		seg, err := c.spool.load(ref)
		if err != nil {
			return nil, err
		}
		if c.spool.file == nil {
			seg.steps, seg.wallTimes, seg.payloads = slices.Clone(seg.steps), slices.Clone(seg.wallTimes),
				slices.Clone(seg.payloads)
		}
		c.trim(&seg, new(Counts))
		total += int64(len(seg.steps))
	}
	if total <= n {
		return nil, nil
	}
	return &sampler{n: n, total: total}, nil
}

// trim leaves the points that the restart mode and the selection leave.
func (c *collection) trim(seg *segment, counts *Counts) {
	n := len(seg.steps)
	bySteps, bySession := seg.resolve(c.options.Restarts)
	counts.SupersededByStep += bySteps
	counts.SupersededBySession += bySession
	kept := len(seg.steps)
	counts.Dropped += int64(n - kept)
	c.options.Select.narrow(seg)
	counts.Unselected += int64(kept - len(seg.steps))
}
