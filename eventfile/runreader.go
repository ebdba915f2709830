package eventfile

import (
	"context"
	"errors"
	"fmt"
	"io"

	pb "tbexport/proto"
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

// RunOptions say how runs are read. The zero value reads every point.
type RunOptions struct {
	Restarts Restarts
	// Tags says whether a tag's points are wanted; nil: all are.
	Tags   func(tag string) bool
	Select Selection
	// MaxPoints is how many points are held in memory, at about 80 bytes each;
	// the points of a longer run go through a temporary file in TempDir (empty:
	// the system's). 0 means DefaultMaxPoints.
	MaxPoints int
	TempDir   string
	// SkipDataCRC trusts the bytes of a record whose length is good.
	SkipDataCRC bool
	// Strict fails at the first damage that is not a torn tail, and at the
	// first file that cannot be read.
	Strict bool
	// Outline keeps no points and makes Stats().Outline instead: Next gives none.
	Outline bool
	// NoValues makes outlines without what takes the values: First, Last, Min,
	// Max, NotFinite and Course of their tags.
	NoValues bool
	// Progress, if set, is told of bytes as they are read.
	Progress func(bytes int64)
}

// DefaultMaxPoints is 40 MB of points.
const DefaultMaxPoints = 512 << 10

// RunReader reads the scalars of runs, one run after another, each as chunks
// series by series in the order of the tags, points in file order. It is not
// safe for concurrent use.
type RunReader struct {
	options RunOptions
	events  *Reader
	tags    tagTable
	spool   spool
	session sessionRule
	stats   *RunStats
	hparams *HParams
	outline outliner // of the Outline option

	order   []int32 // series to be given out
	refs    []segmentRef
	id      int32
	sampler sampler
	sampled bool
	chunk   Chunk
	begun   bool // a chunk of the series was given out
	err     error

	eventwise bool // take no points but from events, for the test that holds them together
}

// NewRunReader returns a reader with no run open.
func NewRunReader(o RunOptions) *RunReader {
	if o.MaxPoints <= 0 {
		o.MaxPoints = DefaultMaxPoints
	}
	r := &RunReader{options: o, events: NewReader(o.SkipDataCRC), err: io.EOF}
	r.spool.max, r.spool.dir = o.MaxPoints, o.TempDir
	r.tags.wanted = o.Tags
	return r
}

// Open reads all files of a run. Damage and unreadable files do not make it
// fail, unless the options say so: they stand in Stats. It fails with ctx's
// error, and where the temporary file of a long run does; Next then returns
// the same error.
func (r *RunReader) Open(ctx context.Context, run Run) error {
	r.err = r.open(ctx, run)
	return r.err
}

func (r *RunReader) open(ctx context.Context, run Run) (err error) {
	r.stats, r.hparams = &RunStats{Run: run.Name}, nil
	r.tags.reset()
	r.session = newSessionRule()
	r.outline = outliner{noValues: r.options.NoValues}
	r.order, r.refs = nil, nil
	if err := r.spool.reset(); err != nil {
		return err
	}
	for _, path := range run.Files {
		if err := r.readFile(ctx, path); err != nil {
			return err
		}
	}
	r.finishHParams()
	r.stats.RenamedTags = r.tags.renamed
	if r.options.Outline {
		r.stats.Outline = r.outline.finish(r.tags.names, r.hparams)
	}
	for i := range r.tags.tags {
		if r.tags.tags[i].points {
			r.stats.Series++
		}
	}
	r.order, err = r.spool.finish(r.tags.names)
	return err
}

// Stats tells of the run opened last. It is complete once Next returned
// io.EOF, and belongs to the caller.
func (r *RunReader) Stats() *RunStats { return r.stats }

// Close removes the temporary file, if there is one.
func (r *RunReader) Close() error {
	r.err = io.EOF
	return r.spool.reset()
}

// readFile reads one file into the spool. It fails only where the run does.
func (r *RunReader) readFile(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := r.events.Open(path)
	defer r.events.Close()
	r.stats.Files = append(r.stats.Files, r.events.Stats())
	if err != nil {
		return r.unreadable(err)
	}
	told, untold := int64(0), 0
	for {
		n, err := r.points(tellEvery - untold)
		if err != nil {
			return err
		}
		e, err := r.events.Next()
		switch {
		case err == nil:
			err = r.event(e)
		case err == io.EOF:
			r.tell(r.events.Stats().Bytes - told)
			return nil
		case r.events.Stats().Err != nil:
			r.tell(r.events.Stats().Bytes - told)
			return r.unreadable(err)
		default:
			err = r.damaged(err)
		}
		if err != nil {
			return err
		}
		if untold += n + 1; untold > tellEvery {
			r.tell(r.events.Offset() - told)
			told, untold = r.events.Offset(), 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// tellEvery is how many events come between two looks around.
const tellEvery = 4096

func (r *RunReader) tell(bytes int64) {
	if r.options.Progress != nil {
		r.options.Progress(bytes)
	}
}

func (r *RunReader) unreadable(err error) error {
	if r.options.Strict {
		return err
	}
	return nil
}

// damaged takes a *Damage.
func (r *RunReader) damaged(err error) error {
	var d *Damage
	if r.options.Strict && errors.As(err, &d) && !d.Torn {
		return err
	}
	return nil
}

// event takes the points out of one event. It fails only where the run does.
func (r *RunReader) event(e *Event) error {
	r.stats.Events++
	r.stats.time(e.WallTime)
	if e.Writer != nil && r.stats.Writer == "" {
		r.stats.Writer, _ = validUTF8(e.Writer)
	}
	if r.spool.full() { // of restarts, which may come without points
		if err := r.spool.spill(r.tags.names); err != nil {
			return err
		}
	}
	all, own := r.session.restart(e)
	if all {
		r.restart(e.Step)
	}
	switch e.What {
	case WhatSummary:
		if own {
			r.restartTags(e)
		}
		for i := range e.Values {
			if err := r.value(e, &e.Values[i]); err != nil {
				return err
			}
		}
	case WhatFileVersion:
		if r.stats.FileVersion == "" {
			r.stats.FileVersion, _ = validUTF8(e.FileVersion)
		}
	case WhatGraphDef, WhatMetaGraphDef:
		r.stats.notExported("graphs")
	case WhatTaggedRunMetadata:
		r.stats.notExported("run_metadata")
	case WhatLogMessage:
		r.stats.notExported("log_messages")
	}
	return nil
}

// restart marks a restart of the whole run.
func (r *RunReader) restart(step int64) {
	if r.options.Outline {
		r.outline.restart(step)
		return
	}
	r.spool.restart(step)
}

// restartTags marks a restart of each wanted tag of e that has points.
func (r *RunReader) restartTags(e *Event) {
	for i := range e.Values {
		id := r.tags.lookup(&e.Values[i])
		switch t := &r.tags.tags[id]; {
		case r.options.Outline:
			r.outline.restartTag(id, e.Step)
		case t.points && t.wanted:
			r.spool.restartSeries(id, e.Step)
		}
	}
}

func (r *RunReader) value(e *Event, v *Value) error {
	id := r.tags.lookup(v)
	t := &r.tags.tags[id]
	if !t.ruled {
		t.rule(v)
	}
	number := Number{Float: float64(v.Simple), Exact: true}
	if v.Field != FieldSimpleValue {
		if t.plugin == pluginHParams && (v.Field == FieldNone || v.Field == FieldTensor) {
			if r.options.Outline && t.wanted {
				r.outline.other(id, e, v, pluginHParams)
			}
			return r.hparamsValue(v)
		}
		if v.Field != FieldTensor || t.plugin != pluginScalars {
			r.notScalar(id, e, v, t.kind(v))
			return nil
		}
		var err error
		if number, err = v.Scalar(); err == ErrNotScalar {
			r.notScalar(id, e, v, pluginScalars)
			return nil
		} else if err != nil {
			return r.damaged(r.events.loseValue(int64(len(v.Tensor))))
		}
		if !number.Exact {
			r.stats.InexactIntegers++
		}
		if number.Rank > 0 {
			r.stats.HigherRank++
		}
	}
	dtype := pb.DataType_DT_FLOAT
	if r.options.Outline && v.Field == FieldTensor {
		dtype = tensorType(v.Tensor)
	}
	t.points = true
	if len(e.Values) == 1 {
		t.shape.learn(e.raw)
	}
	return r.point(id, e.Step, e.WallTime, number.Float, dtype)
}

// point takes one point of a series. The type of its value is only told to the
// outline.
func (r *RunReader) point(id int32, step int64, wallTime, value float64, dtype pb.DataType) error {
	r.stats.Points++
	if !r.tags.tags[id].wanted {
		r.stats.Unselected++
		return nil
	}
	if r.options.Outline {
		r.outline.point(id, step, wallTime, value, dtype)
		return nil
	}
	r.spool.add(id, step, wallTime, value)
	if r.spool.full() {
		return r.spool.spill(r.tags.names)
	}
	return nil
}

// notScalar counts a value that is no point.
func (r *RunReader) notScalar(id int32, e *Event, v *Value, kind string) {
	r.stats.notExported(kind)
	if r.options.Outline && r.tags.tags[id].wanted {
		r.outline.other(id, e, v, kind)
	}
}

// Next returns the next chunk, valid until the following call, or io.EOF at
// the end of the run.
func (r *RunReader) Next() (*Chunk, error) {
	for r.err == nil {
		if len(r.refs) == 0 {
			if len(r.order) == 0 {
				r.err = io.EOF
				break
			}
			r.id, r.order = r.order[0], r.order[1:]
			r.err = r.beginSeries()
			continue
		}
		seg, err := r.segment(r.refs[0])
		if err != nil {
			r.err = err
			break
		}
		r.refs = r.refs[1:]
		if r.sampled {
			n := len(seg.steps)
			r.sampler.pick(&seg)
			r.stats.SampledOut += int64(n - len(seg.steps))
		}
		if len(seg.steps) > 0 {
			return r.give(&seg), nil
		}
	}
	return nil, r.err
}

func (r *RunReader) give(seg *segment) *Chunk {
	if !r.begun {
		r.begun = true
		r.chunk = Chunk{Tag: r.tags.names[r.id], Origin: seg.wallTimes[0]}
	}
	r.chunk.Steps, r.chunk.WallTimes, r.chunk.Values = seg.steps, seg.wallTimes, seg.values
	r.stats.Written += int64(len(seg.steps))
	return &r.chunk
}

// beginSeries finds the segments of the next series. To sample it, its points
// are counted first.
func (r *RunReader) beginSeries() (err error) {
	r.begun, r.sampled = false, false
	if r.refs, err = r.spool.series(r.id); err != nil {
		return err
	}
	if r.options.Select.Sample <= 0 {
		return nil
	}
	total := int64(0)
	before := *r.stats
	for _, ref := range r.refs {
		// Counting must leave the points as they are, and in memory they are
		// the only copy.
		seg, err := r.countable(ref)
		if err != nil {
			return err
		}
		r.trim(&seg)
		total += int64(len(seg.steps))
	}
	*r.stats = before
	if n := int64(r.options.Select.Sample); total > n {
		r.sampled, r.sampler = true, sampler{n: n, total: total}
	}
	return nil
}

func (r *RunReader) countable(ref segmentRef) (segment, error) {
	seg, err := r.spool.load(ref)
	if err == nil && r.spool.file == nil {
		seg.steps = append([]int64(nil), seg.steps...)
		seg.wallTimes = append([]float64(nil), seg.wallTimes...)
		seg.values = append([]float64(nil), seg.values...)
	}
	return seg, err
}

// segment loads a segment with the points that the restart mode and the
// selection leave in it, before sampling.
func (r *RunReader) segment(ref segmentRef) (segment, error) {
	seg, err := r.spool.load(ref)
	if err != nil {
		return seg, fmt.Errorf("run %s: %w", r.stats.Run, err)
	}
	r.trim(&seg)
	return seg, nil
}

func (r *RunReader) trim(seg *segment) {
	n := len(seg.steps)
	bySteps, bySession := seg.resolve(r.options.Restarts)
	r.stats.SupersededByStep += bySteps
	r.stats.SupersededBySession += bySession
	kept := len(seg.steps)
	r.stats.Dropped += int64(n - kept)
	r.options.Select.narrow(seg)
	r.stats.Unselected += int64(kept - len(seg.steps))
}
