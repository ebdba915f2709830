package convert

import (
	"context"
	"io"
	"iter"

	"tbexport/eventfile"
)

// reader reads one run after another. It is the one place that knows how a run
// is read; all else gets its Input.
type reader struct{ run *eventfile.RunReader }

func newReader(o eventfile.RunOptions) *reader { return &reader{eventfile.NewRunReader(o)} }

// open reads the files of a run. What of its points is asked for comes by input.
func (r *reader) open(ctx context.Context, run eventfile.Run) error { return r.run.Open(ctx, run) }

// stats is of the run opened last, also where open failed.
func (r *reader) stats() *eventfile.RunStats { return r.run.Stats() }

// input is the run opened last. It is valid until the next open.
func (r *reader) input(ctx context.Context, run eventfile.Run) *Input {
	return NewInput(run, r.run.Stats(), r.run.HParams(), r.series(ctx))
}

func (r *reader) series(ctx context.Context) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			chunk, err := r.run.Next()
			if err == io.EOF {
				return
			}
			if !yield(chunk, err) || err != nil {
				return
			}
		}
	}
}

// close removes the temporary file, if there is one.
func (r *reader) close() error { return r.run.Close() }

// Outline reads the runs and tells of each what it holds, without its points.
// Runs that go back are read a second time, to count the points that the
// restart modes take out. It fails only with ctx's error and where the
// temporary file of a very long run does.
func Outline(ctx context.Context, runs []eventfile.Run, o Options) (*Report, error) {
	o.Read.Outline = true
	report, err := each(ctx, runs, o, pass)
	if err != nil {
		return report, err
	}
	var back []eventfile.Run
	var stats []*eventfile.RunStats
	for i, s := range report.Runs {
		if s.Outline.GoesBack {
			back, stats = append(back, runs[i]), append(stats, s)
		}
	}
	o.Read.Outline = false
	counted, err := each(ctx, back, o, pass)
	if err != nil {
		return report, err
	}
	for i, s := range counted.Runs {
		stats[i].SupersededByStep, stats[i].SupersededBySession = s.SupersededByStep, s.SupersededBySession
	}
	return report, nil
}

// pass asks for nothing of a run.
func pass(context.Context, *Input) error { return nil }
