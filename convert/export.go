package convert

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"tbexport/eventfile"
)

// Sink is a destination of runs.
type Sink interface {
	// WriteRun takes one run: it calls points.Next until io.EOF. Runs come in
	// their order, from one goroutine at a time.
	WriteRun(ctx context.Context, run string, points *eventfile.RunReader) error
	// Commit makes the output appear, whole. It is called once, after the last
	// run; after an error nothing has appeared.
	Commit() error
	// Abort leaves nothing behind. It is called instead of Commit, or after a
	// Commit that failed.
	Abort() error
}

// Options say how runs are carried over. The zero value carries every point.
type Options struct {
	// Jobs is how many runs are read at a time; 0: one a processor.
	Jobs int
	// Read says what is read. Its MaxPoints is for all workers together; 0
	// means DefaultMaxPoints.
	Read eventfile.RunOptions
}

// DefaultMaxPoints bounds the points that all workers hold in memory together,
// at about 80 bytes each; a worker holds at least minPoints.
const (
	DefaultMaxPoints = 1 << 20
	minPoints        = 64 << 10
)

// task is a run on its way from a worker to the sink.
type task struct {
	run    eventfile.Run
	reader *eventfile.RunReader
	opened chan error
}

// Export carries the runs, in their order, to the sink, and commits it. After
// an error, which ctx's is one of, the sink was aborted and nothing appeared;
// the report tells of the runs before. That not one record could be read, of
// files of which some could not be read at all, is an error.
func Export(ctx context.Context, runs []eventfile.Run, sink Sink, o Options) (*Report, error) {
	report := new(Report)
	err := transfer(ctx, runs, o, report, sink.WriteRun)
	if err == nil {
		err = report.nothingRead()
	}
	if err == nil {
		err = sink.Commit()
	}
	if err != nil {
		if abort := sink.Abort(); abort != nil {
			err = fmt.Errorf("%w (and cleaning up: %v)", err, abort)
		}
	}
	return report, err
}

// transfer reads the runs in parallel and calls write for each, in order.
// There is one reader more than there are workers, so that these go on while
// one run is being written.
func transfer(ctx context.Context, runs []eventfile.Run, o Options, report *Report,
	write func(context.Context, string, *eventfile.RunReader) error) (err error) {
	jobs := min(max(o.jobs(), 1), max(len(runs), 1))
	read := o.Read
	read.MaxPoints = max(minPoints, o.maxPoints()/(jobs+1))

	ctx, cancel := context.WithCancelCause(ctx)
	free := make(chan *eventfile.RunReader, jobs+1)
	for range jobs + 1 {
		free <- eventfile.NewRunReader(read)
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
			for t := range work {
				t.opened <- t.reader.Open(ctx, t.run)
			}
		})
	}
	for t := range inOrder {
		err := <-t.opened
		if err == nil {
			err = write(ctx, t.run.Name, t.reader)
		}
		report.add(t.run, t.reader.Stats())
		if err != nil {
			cancel(err)
			drain(t, inOrder, free)
			return err
		}
		free <- t.reader
	}
	return context.Cause(ctx)
}

// feed hands each run with a free reader to the workers, and to inOrder.
func feed(ctx context.Context, runs []eventfile.Run, free <-chan *eventfile.RunReader, work, inOrder chan<- *task) {
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

// drain gives the readers of t and of the tasks behind it back.
func drain(t *task, inOrder <-chan *task, free chan<- *eventfile.RunReader) {
	free <- t.reader
	for t := range inOrder {
		<-t.opened
		free <- t.reader
	}
}

func closeAll(free chan *eventfile.RunReader) (err error) {
	close(free)
	for r := range free {
		if e := r.Close(); err == nil {
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

func (o *Options) maxPoints() int {
	if o.Read.MaxPoints > 0 {
		return o.Read.MaxPoints
	}
	return DefaultMaxPoints
}
