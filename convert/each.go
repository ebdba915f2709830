package convert

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"tbexport/eventfile"
	"tbexport/eventfile/series"
	"tbexport/eventfile/tfrecord"
)

// Options say how runs are read. The zero value reads every point.
type Options struct {
	// Jobs is how many runs are read at a time; 0: one a processor.
	Jobs int
	// NoSeries keeps no point: Input.Series gives none, and all points count as
	// unselected.
	NoSeries bool
	// Forms are those of the values that Input.Values is to give.
	Forms []Form
	// TagStats makes Input.Tags.
	TagStats bool
	// Read says what is read. Its MaxPoints is for all workers together; 0
	// means DefaultMaxPoints.
	Read ReadOptions
	// Brief has List leave out what takes the numbers, see inventory.Options.
	Brief bool
	// Parts says which of the runs are read only to be parts of the others, as
	// FoldRuns has it; nil: none is. Of those that the sink does not fold, the
	// report of Export does not tell.
	Parts func(run string) bool
	// Store opens the files; nil: that of the file system.
	Store eventfile.Store

	inventory bool             // makes inventories instead of series
	long      *tfrecord.Memory // of the readers of runs that are read together
}

// DefaultMaxPoints bounds the points that all workers hold in memory together,
// at about 80 bytes each; a worker holds at least minPoints.
const (
	DefaultMaxPoints = 1 << 20
	minPoints        = 64 << 10
)

// Each reads the runs, several at a time, and calls f for one after another, in
// their order. Points that f leaves are passed over and counted. An input is
// valid until f returns.
//
// An error of f, or ctx's, ends it; the report tells of the runs up to there.
// That not one record could be read, of files of which some could not be read
// at all, is an error.
func Each(ctx context.Context, runs []eventfile.Run, o Options,
	f func(ctx context.Context, in *Input) error) (*Report, error) {
	report, err := each(ctx, runs, o, f)
	if err == nil {
		err = report.nothingRead()
	}
	return report, err
}

// Verify reads every record and event of the runs, decodes every value, and keeps
// none; of files whose records are no events, it reads the records. It fails only with ctx's
// error.
func Verify(ctx context.Context, runs []eventfile.Run, o Options) (*Report, error) {
	o.NoSeries, o.Read.otherRecords, o.Read.checkValues = true, true, true
	return each(ctx, runs, o, pass)
}

// Tags reads the runs and returns the tags with at least one point that the
// options select, sorted.
func Tags(ctx context.Context, runs []eventfile.Run, o Options) ([]string, error) {
	seen := make(map[string]bool)
	_, err := each(ctx, runs, o, func(_ context.Context, in *Input) error {
		for chunk, err := range in.Series() {
			if err != nil {
				return err
			}
			seen[chunk.Tag] = true
		}
		return nil
	})
	tags := make([]string, 0, len(seen))
	for tag := range seen {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags, err
}

// task is a run on its way from a worker to f.
type task struct {
	run    eventfile.Run
	reader *reader
	opened chan error
}

// each is Each without a word on runs of which nothing can be read. There is one
// reader more than there are workers, so that these go on while f has one.
func each(ctx context.Context, runs []eventfile.Run, o Options,
	f func(context.Context, *Input) error) (report *Report, err error) {
	report = new(Report)
	jobs := min(max(o.jobs(), 1), max(len(runs), 1))
	o.long = new(tfrecord.Memory)
	ctx, cancel := context.WithCancelCause(ctx)
	free := make(chan *reader, jobs+1)
	for range jobs + 1 {
		free <- newReader(&o, o.points(jobs))
	}
	work := make(chan *task)
	inOrder := make(chan *task, jobs+1)
	var workers sync.WaitGroup
	defer func() {
		cancel(nil)
		workers.Wait()
		if closeErr := closeAll(free); err == nil {
			err = closeErr
		}
	}()
	workers.Go(func() { feed(ctx, runs, free, work, inOrder) })
	for range jobs {
		workers.Go(func() {
			walker := newWalker(&o, false)
			for t := range work {
				t.opened <- t.reader.open(ctx, walker, t.run)
			}
		})
	}
	for t := range inOrder {
		err := <-t.opened
		if err == nil {
			err = t.give(ctx, o.Parts, f)
		}
		report.add(t.run, t.reader.stats())
		if err == nil {
			err = t.reader.reset()
		}
		if err != nil {
			cancel(err)
			drain(t, inOrder, free)
			return report, err
		}
		free <- t.reader
	}
	return report, context.Cause(ctx)
}

// give calls f with the run, and passes over what f leaves.
func (t *task) give(ctx context.Context, parts func(string) bool, f func(context.Context, *Input) error) error {
	in := t.reader.input(ctx, t.run)
	in.Fold.Part = parts != nil && parts(t.run.Name)
	if err := f(ctx, in); err != nil {
		return err
	}
	return in.drain()
}

// feed hands each run with a free reader to the workers, and to inOrder.
func feed(ctx context.Context, runs []eventfile.Run, free <-chan *reader, work, inOrder chan<- *task) {
	defer close(inOrder)
	defer close(work)
	for _, run := range runs {
		select {
		case <-ctx.Done():
			return
		case reader := <-free:
			t := &task{run, reader, make(chan error, 1)}
			inOrder <- t
			work <- t
		}
	}
}

// drain gives the readers of t and of the tasks after it back.
func drain(t *task, inOrder <-chan *task, free chan<- *reader) {
	free <- t.reader
	for t := range inOrder {
		<-t.opened
		free <- t.reader
	}
}

func closeAll(free chan *reader) (err error) {
	close(free)
	for r := range free {
		if e := r.close(); err == nil {
			err = e
		}
	}
	return err
}

func (o *Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// points says what points each reader keeps where there are so many jobs.
func (o *Options) points(jobs int) series.Options {
	points := o.Read.series()
	if points.MaxPoints <= 0 {
		points.MaxPoints = DefaultMaxPoints
	}
	points.MaxPoints = max(minPoints, points.MaxPoints/(jobs+1))
	return points
}
