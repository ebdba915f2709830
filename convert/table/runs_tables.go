package table

import (
	"context"
	"errors"
	"io"

	"tbexport/convert/output"
	"tbexport/eventfile"
)

// TablesSink writes every table, each to a file of its own in one directory,
// in one pass over the logs.
type TablesSink struct {
	scalars *ScalarsSink
	hparams *HParamsSink
	runs    *RunsSink
	dir     *output.Dir
}

// NewTablesSink returns a sink of three, whose files are those of dir.
func NewTablesSink(scalars *ScalarsSink, hparams *HParamsSink, runs *RunsSink, dir *output.Dir) *TablesSink {
	return &TablesSink{scalars, hparams, runs, dir}
}

// WriteRun gives each table its part of a run.
func (s *TablesSink) WriteRun(ctx context.Context, run string, points *eventfile.RunReader) error {
	s.runs.builder.begin(run)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk, err := points.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		s.runs.builder.add(chunk)
		if err := s.scalars.append(run, chunk); err != nil {
			return err
		}
	}
	s.runs.builder.end(points)
	return s.hparams.append(run, points.HParams())
}

// Runs is the runs table that was written, after Commit.
func (s *TablesSink) Runs() *Runs { return s.runs.Runs() }

// HParams is how many rows the hparams table has.
func (s *TablesSink) HParams() int64 { return s.hparams.Rows() }

// Commit makes the directory appear.
func (s *TablesSink) Commit() error {
	for _, commit := range []func() error{s.scalars.Commit, s.hparams.Commit, s.runs.Commit, s.dir.Commit} {
		if err := commit(); err != nil {
			return err
		}
	}
	return nil
}

// Kept is what came into the directory while it was written, and was kept there.
func (s *TablesSink) Kept() []string { return s.dir.Kept() }

// Abort leaves nothing.
func (s *TablesSink) Abort() error {
	return errors.Join(s.scalars.Abort(), s.hparams.Abort(), s.runs.Abort(), s.dir.Abort())
}

// NullWallTimes is how many wall times of the scalars table became null.
func (s *TablesSink) NullWallTimes() int64 { return s.scalars.NullWallTimes() }
