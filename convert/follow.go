package convert

import (
	"context"
	"errors"
	"sync"

	"tbexport/eventfile"
)

// Follower reads runs again and again, and of each only what was appended since
// the time before. It holds what it read: of each run as many points in memory
// as its share of Options.Read.MaxPoints, the others in a temporary file.
type Follower struct {
	options Options
	runs    map[string]*followed // by name
	walkers []*eventfile.Walker  // one a job
}

// followed is one run.
type followed struct {
	reader *reader
	state  eventfile.State // where the reading stopped
	begun  bool            // the reader holds what is before the state
	err    error           // of the last reading
}

// NewFollower returns a follower that has read nothing. It is to be closed.
func NewFollower(o Options) *Follower { return &Follower{options: o, runs: make(map[string]*followed)} }

// Each is as the function Each: f gets all that the runs hold. What was read of
// runs that are not among these any more is forgotten.
func (f *Follower) Each(ctx context.Context, runs []eventfile.Run,
	do func(ctx context.Context, in *Input) error) (*Report, error) {
	report := new(Report)
	if err := f.forget(runs); err != nil {
		return report, err
	}
	f.read(ctx, runs)
	for _, run := range runs {
		r := f.runs[run.Name]
		err := r.err
		if err == nil {
			in := r.reader.input(ctx, run)
			if err = do(ctx, in); err == nil {
				err = in.drain()
			}
		}
		report.add(run, r.reader.stats())
		if err != nil {
			return report, err
		}
	}
	return report, report.nothingRead()
}

// forget closes the runs that are not among these, and makes room for those that
// are new.
func (f *Follower) forget(runs []eventfile.Run) (err error) {
	before := f.runs
	f.runs = make(map[string]*followed, len(runs))
	for _, run := range runs {
		r := before[run.Name]
		if r == nil {
			r = &followed{reader: newReader(&f.options, f.options.points(len(runs)))}
		}
		f.runs[run.Name] = r
		delete(before, run.Name)
	}
	for _, r := range before {
		err = errors.Join(err, r.reader.close())
	}
	return err
}

// read reads on in all runs, several at a time.
func (f *Follower) read(ctx context.Context, runs []eventfile.Run) {
	work := make(chan eventfile.Run)
	var workers sync.WaitGroup
	for i := range min(max(f.options.jobs(), 1), len(runs)) {
		if i == len(f.walkers) {
			f.walkers = append(f.walkers, newWalker(&f.options, true))
		}
		workers.Go(func() {
			for run := range work {
				r := f.runs[run.Name]
				r.err = r.read(ctx, f.walkers[i], run)
			}
		})
	}
	for _, run := range runs {
		work <- run
	}
	close(work)
	workers.Wait()
}

// read reads on in one run, or from its beginning where that cannot be.
func (r *followed) read(ctx context.Context, w *eventfile.Walker, run eventfile.Run) (err error) {
	if r.begun {
		err = r.reader.goOn(ctx, w, run, r.state)
	}
	if !r.begun || errors.Is(err, eventfile.ErrReplaced) {
		if err = r.reader.reset(); err == nil {
			err = r.reader.goOn(ctx, w, run, eventfile.State{})
		}
	}
	r.begun, r.state = err == nil, w.State()
	return err
}

// Close removes the temporary files, if there are any.
func (f *Follower) Close() error { return f.forget(nil) }
