package eventfile

import (
	"context"
	"errors"
	"io"

	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/wire"
	"tbexport/eventfile/tensor"
	"tbexport/eventfile/tfrecord"
)

// WalkOptions say how runs are read. The zero value reads all that is readable.
type WalkOptions struct {
	// SkipDataCRC, OtherRecords and WallTimeUnit are those of ReaderOptions.
	SkipDataCRC, OtherRecords bool
	WallTimeUnit              TimeUnit
	// CheckValues decodes what is no point, too, to find damage in it. Without, that
	// is left to the collectors that want the values.
	CheckValues bool
	// KeepMetadata makes Tag.Metadata.
	KeepMetadata bool
	// Long has room for long records; nil: that is the walker's own.
	Long *tfrecord.Memory
	// Strict fails at the first damage that is not a torn tail, and at the
	// first file that cannot be read.
	Strict bool
	// Progress, if set, is told of bytes as they are read.
	Progress func(bytes int64)
	// Resumable makes State possible. It reads 128 bytes more of each file.
	Resumable bool
}

// Walker reads the files of one run after another, each run's in their order,
// and remembers over all of a run's files what a tag is. It counts, goes on
// after damage and sees restarts; what it finds it gives to Collectors, and
// keeps no point. It is not safe for concurrent use.
type Walker struct {
	store   Store
	options WalkOptions
	events  *Reader
	tags    tagTable
	session sessionRule
	stats   *RunStats
	files   []fileState // of Resumable, as far as the run is read
	whole   bool        // it is read to its end
	found   Value       // for the collectors to look at
	buffer  []source    // memory of those of a run
}

// NewWalker returns a walker over runs of the store.
func NewWalker(s Store, o WalkOptions) *Walker {
	return &Walker{store: s, options: o, events: NewReader(ReaderOptions{
		SkipDataCRC: o.SkipDataCRC, OtherRecords: o.OtherRecords, WallTimeUnit: o.WallTimeUnit, Long: o.Long,
	})}
}

// Walk reads all files of a run. Damage and unreadable files do not make it
// fail, unless the options say so: they stand in the RunStats, which are never
// nil and belong to the caller. It fails with ctx's error and a collector's.
func (w *Walker) Walk(ctx context.Context, run Run, collectors ...Collector) (*RunStats, error) {
	return w.Continue(ctx, State{}, run, collectors...)
}

// walk reads the files, from where the run was read before, into stats that
// tell of that.
func (w *Walker) walk(ctx context.Context, sources []source) error {
	for i := range sources {
		if err := w.readFile(ctx, &sources[i]); err != nil {
			return err
		}
	}
	w.stats.RenamedTags = w.tags.renamed
	w.stats.Series = 0
	for _, t := range w.tags.tags {
		if t.Points > 0 {
			w.stats.Series++
		}
	}
	w.whole = true
	return nil
}

// readFile reads what there is of one file. It fails only where the run does.
func (w *Walker) readFile(ctx context.Context, s *source) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.unchanged {
		w.keep(s.from)
		return nil
	}
	f, err := s.open(ctx, w.store)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.keep(fileState{stats: FileStats{Path: s.from.stats.Path, Err: err}})
		return w.unreadable(err)
	}
	w.events.resume(ctx, f, &s.from)
	stats := w.events.Stats()
	w.stats.Files = append(w.stats.Files, stats)
	defer s.close()
	if stats.Unproven && w.options.Strict {
		return &FramingError{stats.Path, stats.Framing}
	}
	if err := w.readEvents(ctx, s.from.end); err != nil {
		return err
	}
	if w.options.Resumable {
		w.files = append(w.files, w.events.state(f))
	}
	return nil
}

// keep takes a file over that is not read.
func (w *Walker) keep(f fileState) {
	w.stats.Files = append(w.stats.Files, &f.stats)
	if w.options.Resumable {
		w.files = append(w.files, f)
	}
}

// readEvents reads the events of the file that the reader is at, from an offset.
func (w *Walker) readEvents(ctx context.Context, from int64) error {
	told, untold := from, 0
	for {
		n, err := w.points(lookEvery - untold)
		if err != nil {
			return err
		}
		e, err := w.events.Next()
		switch {
		case err == nil:
			err = w.event(e)
		case err == io.EOF:
			w.tell(w.events.Stats().Bytes - told)
			return nil
		case w.events.Stats().Err != nil:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.tell(w.events.Stats().Bytes - told)
			return w.unreadable(err)
		default:
			err = w.damaged(err)
		}
		if err != nil {
			return err
		}
		if untold += n + 1; untold > lookEvery {
			w.tell(w.events.Offset() - told)
			told, untold = w.events.Offset(), 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// lookEvery is how many events come between two looks at the context.
const lookEvery = 4096

func (w *Walker) tell(bytes int64) {
	if w.options.Progress != nil {
		w.options.Progress(bytes)
	}
}

func (w *Walker) unreadable(err error) error {
	if w.options.Strict {
		return err
	}
	return nil
}

// damaged takes a *Damage.
func (w *Walker) damaged(err error) error {
	var d *Damage
	if w.options.Strict && errors.As(err, &d) && !d.Torn {
		return err
	}
	return nil
}

// event takes what one event holds. It fails only where the run does.
func (w *Walker) event(e *event.Event) error {
	w.stats.first(w.events.Stats().Path, e.Raw())
	w.stats.Events++
	w.stats.time(e.WallTime)
	if e.Writer != nil && w.stats.Writer == "" {
		w.stats.Writer, _ = wire.Text(e.Writer)
	}
	all, own := w.session.restart(e)
	if all {
		for _, c := range w.tags.collectors {
			if err := c.Restart(nil, e.Step); err != nil {
				return err
			}
		}
	}
	w.stats.Values += int64(len(e.Values))
	if len(e.Values) == 0 && (e.What != event.WhatSummary || e.Undecodable == 0) {
		w.stats.Values++ // the whole event
	}
	switch e.What {
	case event.WhatSummary:
		if len(e.Values) == 0 && e.Undecodable == 0 {
			return w.other(nil, Others, e, 0)
		}
		if own {
			if err := w.restartTags(e); err != nil {
				return err
			}
		}
		for i := range e.Values {
			if err := w.value(e, i); err != nil {
				return err
			}
		}
	case event.WhatFileVersion:
		if w.stats.FileVersion == "" {
			w.stats.FileVersion, _ = wire.Text(e.FileVersion)
		}
		return w.other(nil, Others, e, 0)
	case event.WhatSessionLog, event.WhatNothing:
		return w.other(nil, Others, e, 0)
	case event.WhatGraphDef, event.WhatMetaGraphDef:
		return w.other(nil, Graphs, e, 0)
	case event.WhatTaggedRunMetadata:
		return w.other(nil, RunMetadata, e, 0)
	case event.WhatLogMessage:
		return w.other(nil, LogMessages, e, 0)
	}
	return nil
}

// restartTags marks a restart of each tag of e.
func (w *Walker) restartTags(e *event.Event) error {
	for i := range e.Values {
		t := w.tags.lookup(&e.Values[i])
		for _, c := range t.takers {
			if err := c.Restart(t, e.Step); err != nil {
				return err
			}
		}
	}
	return nil
}

// value takes the value of an index of e.
func (w *Walker) value(e *event.Event, i int) error {
	v := &e.Values[i]
	t := w.tags.lookup(v)
	if !t.ruled {
		if t.rule(v); t.ruled {
			t.offer(w.tags.collectors)
		}
	}
	if w.options.KeepMetadata && v.HasMetadata && t.Metadata == nil {
		t.Metadata = append([]byte{}, v.Metadata()...)
	}
	p := Point{Step: e.Step, WallTime: e.WallTime, Value: float64(v.Simple), DType: tensor.Float32}
	if v.Field != event.FieldSimpleValue {
		if v.Field != event.FieldTensor || t.Plugin != string(Scalars) {
			return w.other(t, t.kind(v), e, i)
		}
		number, err := v.Scalar()
		if err == tensor.ErrNotScalar {
			return w.other(t, Scalars, e, i)
		} else if err != nil {
			w.stats.Undecodable++
			return w.damaged(w.events.loseValue(int64(len(v.Tensor))))
		}
		if !number.Exact {
			w.stats.InexactIntegers++
		}
		if number.Rank > 0 {
			w.stats.HigherRank++
		}
		p.Value, p.DType = number.Float, tensor.TypeOf(v.Tensor)
	}
	if len(e.Values) == 1 && w.session.version >= 2 { // as points wants it
		t.pattern.Learn(e.Raw())
	}
	w.stats.Points++
	return t.point(p)
}

// point gives the tag's takers a point.
func (t *Tag) point(p Point) error {
	t.Points++
	for _, c := range t.takers {
		if err := c.Point(t, p); err != nil {
			return err
		}
	}
	return nil
}

// other gives what is no point to those that take it: a value of e by its
// index, or where t is nil the whole of e.
func (w *Walker) other(t *Tag, kind Kind, e *event.Event, i int) error {
	if w.options.CheckValues && t != nil {
		if bytes, sound := t.Check(&e.Values[i]); !sound {
			w.stats.Undecodable++
			return w.damaged(w.events.loseValue(bytes))
		}
	}
	if kind == HParams || kind == Others {
		w.stats.Aside++
	} else {
		w.stats.notExported(kind)
	}
	v, takers := &w.found, w.tags.collectors
	*v = Value{Kind: kind, Event: e, At: Place{Path: w.events.Stats().Path, Offset: w.events.Offset(), Ordinal: i}}
	if t != nil {
		v.Value, takers = &e.Values[i], t.takers
	}
	lost := int64(-1)
	for _, c := range takers {
		err := c.Value(t, v)
		if bytes, ok := undecodable(err); ok {
			lost = max(lost, bytes)
		} else if err != nil {
			return err
		}
	}
	if lost >= 0 {
		return w.damaged(w.events.loseValue(lost))
	}
	return nil
}
