package convert

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/inventory"
	"tbexport/eventfile/series"
)

// ReadOptions say what of runs is read, and how. The zero value reads every point.
type ReadOptions struct {
	Restarts series.Restarts
	// Tags says whether a tag's points are wanted; nil: all are.
	Tags func(tag string) bool
	// Choose, if set, says once a run is read which of its tags are wanted, of
	// those that Tags wants. It is given all tags of the run, in the order in
	// which they appeared, and is called from several goroutines at once.
	Choose func(tags []*eventfile.Tag) func(tag string) bool
	Select series.Selection
	// HParams says what counts of hparams that a run's records say differently.
	HParams hparams.Precedence
	// MaxPoints is how many points are held in memory, at about 80 bytes each;
	// the points of longer runs go through temporary files in TempDir (empty: the
	// system's).
	MaxPoints int
	TempDir   string
	// SkipDataCRC trusts the bytes of a record whose length is good, and those of a
	// file whose framing is wrong throughout.
	SkipDataCRC bool
	// WallTimeUnit is that of the wall times in the files; what is read is in
	// seconds.
	WallTimeUnit eventfile.TimeUnit
	// Strict fails at the first damage that is not a torn tail, and at the
	// first file that cannot be read.
	Strict bool
	// Progress, if set, is told of bytes as they are read.
	Progress func(bytes int64)

	otherRecords bool // reads records that are no events, too
	checkValues  bool // decodes what is no point, too
}

func (o *ReadOptions) walk() eventfile.WalkOptions {
	return eventfile.WalkOptions{
		SkipDataCRC: o.SkipDataCRC, OtherRecords: o.otherRecords, CheckValues: o.checkValues,
		WallTimeUnit: o.WallTimeUnit,
		Strict:       o.Strict, Progress: o.Progress,
	}
}

func (o *ReadOptions) series() series.Options {
	return series.Options{Restarts: o.Restarts, Tags: o.Tags, Select: o.Select, MaxPoints: o.MaxPoints,
		TempDir: o.TempDir}
}

// reader reads one run after another. It is the one place that knows how a run
// is read; all else gets its Input.
type reader struct {
	points     *series.Collector    // nil: no points are kept
	inventory  *inventory.Collector // nil: none is made
	values     *valueCollector      // nil: none are kept
	tagStats   *tagStatsCollector   // nil: none are made
	hparams    hparams.Collector
	tags       tagList
	fold       Foldable                                 // of the run opened last
	choose     func([]*eventfile.Tag) func(string) bool // nil: there is no choice
	collectors []eventfile.Collector

	found *RunStats // of the run opened last
	given bool      // its points were asked for
}

func (o *Options) store() eventfile.Store {
	if o.Store == nil {
		return dirstore.New()
	}
	return o.Store
}

func newWalker(o *Options, resumable bool) *eventfile.Walker {
	walk := o.Read.walk()
	walk.Resumable, walk.KeepMetadata = resumable, o.TagStats || slices.Contains(o.Forms, FormEvents)
	walk.Long = o.long
	return eventfile.NewWalker(o.store(), walk)
}

// newReader returns a reader that keeps the points said.
func newReader(o *Options, points series.Options) *reader {
	r := &reader{choose: o.Read.Choose}
	r.hparams.Precedence = o.Read.HParams
	r.collectors = append(r.collectors, &r.hparams, &r.tags)
	if o.inventory {
		r.inventory = inventory.NewCollector(inventory.Options{Tags: points.Tags, Brief: o.Brief})
		r.collectors = append(r.collectors, r.inventory)
	} else if !o.NoSeries {
		r.points = series.NewCollector(points)
		r.collectors = append(r.collectors, r.points)
	}
	if slices.ContainsFunc(o.Forms, func(f Form) bool { return f != FormHParams }) {
		r.values = newValues(o, o.store(), points)
		r.collectors = append(r.collectors, r.values)
	}
	if o.TagStats {
		r.tagStats = &tagStatsCollector{wants: points.Tags}
		r.collectors = append(r.collectors, r.tagStats)
	}
	return r
}

// open reads the files of a run. What of its points is asked for comes by input.
func (r *reader) open(ctx context.Context, w *eventfile.Walker, run eventfile.Run) error {
	if err := r.reset(); err != nil {
		r.found = &RunStats{Run: run.Name}
		return err
	}
	return r.goOn(ctx, w, run, eventfile.State{})
}

// goOn reads what comes after a state, up to which the reader has the run.
func (r *reader) goOn(ctx context.Context, w *eventfile.Walker, run eventfile.Run, from eventfile.State) error {
	r.given = false
	stats, err := w.Continue(ctx, from, run, r.collectors...)
	r.found = newRunStats(stats, &r.hparams)
	if err != nil {
		return err
	}
	// The tags are the walker's, which goes to another run.
	r.fold = newFoldable(r.hparams.HParams(), r.found, r.tags.tags)
	wanted := func(string) bool { return true }
	if r.choose != nil {
		wanted = r.choose(r.tags.tags)
	}
	if r.values != nil {
		r.values.wanted = wanted
	}
	if r.tagStats != nil {
		r.tagStats.finish(wanted) // the walker's tags are those of another run soon
	}
	switch {
	case r.points != nil:
		if r.choose != nil {
			r.points.Keep(wanted)
		}
		return r.points.Finish()
	case r.inventory != nil:
		r.found.Inventory = r.inventory.Inventory()
		r.found.Inventory.Tags = slices.DeleteFunc(r.found.Inventory.Tags,
			func(t *inventory.Tag) bool { return !wanted(t.Name) })
		if h := r.hparams.HParams(); h != nil && h.Start != nil {
			r.found.Params = len(h.Start.Params)
		}
	}
	return nil
}

// reset forgets the run.
func (r *reader) reset() error {
	r.given = false
	r.hparams.Reset()
	r.tags.tags = r.tags.tags[:0]
	if r.tagStats != nil {
		r.tagStats.reset()
	}
	if r.values != nil {
		if err := r.values.reset(); err != nil {
			return err
		}
	}
	if r.inventory != nil {
		r.inventory.Reset()
	}
	if r.points != nil {
		return r.points.Reset()
	}
	return nil
}

// stats is of the run opened last, also where open failed.
func (r *reader) stats() *RunStats {
	if r.values != nil && r.found != nil {
		r.values.count(&r.found.Counts)
	}
	return r.found
}

// input is the run opened last. It is valid until the next open.
func (r *reader) input(ctx context.Context, run eventfile.Run) *Input {
	in := NewInput(run, r.found, r.hparams.HParams(), nil)
	in.Fold = r.fold
	if r.points != nil {
		in.series = r.series(ctx)
	}
	if r.values != nil {
		in.values = func(form Form) iter.Seq2[*Value, error] { return r.values.values(ctx, form) }
		in.standing = func(form Form) iter.Seq2[*Value, error] { return r.values.standing(ctx, form) }
		in.tags = r.values.tagsOf
		in.value = func(form Form, at *Place) (*Value, error) { return r.values.value(ctx, form, at) }
	}
	if r.tagStats != nil {
		in.Tags = r.tagStats.list
	}
	return in
}

// series gives the points out, and counts what became of them: also of those
// that are left, when a range over it is.
func (r *reader) series(ctx context.Context) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		if r.given {
			return
		}
		r.given = true
		wanted := true
		err := ctx.Err()
		for chunk, failure := range r.points.Chunks() {
			if err = failure; err != nil {
				err = fmt.Errorf("run %s: %w", r.found.Run, err)
				break
			}
			wanted = wanted && yield(chunk, nil)
			if err = ctx.Err(); err != nil {
				break
			}
		}
		r.found.setPoints(r.points.Counts())
		if err != nil && wanted {
			yield(nil, err)
		}
	}
}

// close removes the temporary file, if there is one.
func (r *reader) close() error { return r.reset() }

// List reads the runs and tells of each what it holds, without its points: its
// Inventory. Its report's Result says which runs are a part of another. Runs that
// go back are read a second time, to count the points that the restart modes take
// out. It fails only with ctx's error and where the
// temporary file of a very long run does.
func List(ctx context.Context, runs []eventfile.Run, o Options) (*Report, error) {
	o.inventory = true
	var all []Foldable
	report, err := each(ctx, runs, o, func(_ context.Context, in *Input) error {
		all = append(all, in.Fold)
		return nil
	})
	if err != nil {
		return report, err
	}
	folds := FoldRuns(all)
	report.Result.NotFolded = len(folds.Several)
	for _, f := range folds.Folds {
		report.Result.Folded = append(report.Result.Folded,
			FoldedRun{Run: all[f.Run].Run, Into: all[f.Into].Run, Session: f.Prefix != ""})
	}
	var back []eventfile.Run
	var stats []*RunStats
	for i, s := range report.Runs {
		if s.Inventory.GoesBack {
			back, stats = append(back, runs[i]), append(stats, s)
		}
	}
	o.inventory = false
	counted, err := each(ctx, back, o, pass)
	if err != nil {
		return report, err
	}
	for i, s := range counted.Runs {
		stats[i].SupersededByStep, stats[i].SupersededBySession = s.SupersededByStep, s.SupersededBySession
		stats[i].Repeated, stats[i].TwoWriters = s.Repeated, s.TwoWriters
	}
	report.LeaveOut(o.Parts)
	return report, nil
}

// pass asks for nothing of a run.
func pass(context.Context, *Input) error { return nil }
