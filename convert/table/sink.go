package table

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert/output"
	"tbexport/eventfile"
)

// Encoder makes bytes of records.
type Encoder interface {
	// Encode takes one record. Whoever keeps it longer retains it.
	Encode(arrow.Record) error
	// Close writes what ends the output. It is called once, also after an
	// error, and leaves no goroutine behind.
	Close() error
}

// ScalarsSink writes the scalars of all runs to one file.
type ScalarsSink struct {
	builder *ScalarsBuilder
	encoder Encoder // nil once closed
	file    *output.File
}

// NewScalarsSink returns a sink of the given table. The encoder writes to file.
func NewScalarsSink(b *ScalarsBuilder, e Encoder, file *output.File) *ScalarsSink {
	return &ScalarsSink{builder: b, encoder: e, file: file}
}

// WriteRun appends the points of a run.
func (s *ScalarsSink) WriteRun(ctx context.Context, run string, points *eventfile.RunReader) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk, err := points.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.append(run, chunk); err != nil {
			return err
		}
	}
}

func (s *ScalarsSink) append(run string, c *eventfile.Chunk) error {
	p := Points{Run: run, Tag: c.Tag, Steps: c.Steps, WallTimes: c.WallTimes, Values: c.Values, Origin: c.Origin}
	for len(p.Steps) > 0 {
		n := s.builder.Append(p)
		p.Steps, p.WallTimes, p.Values = p.Steps[n:], p.WallTimes[n:], p.Values[n:]
		if len(p.Steps) > 0 {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush encodes the rows so far.
func (s *ScalarsSink) flush() error {
	if s.builder.Rows() == 0 {
		return nil
	}
	record := s.builder.Record()
	defer record.Release()
	return s.encoder.Encode(record)
}

// NullWallTimes is how many wall times became null, since no timestamp can say them.
func (s *ScalarsSink) NullWallTimes() int64 { return s.builder.NullWallTimes() }

// Commit ends the file and makes it appear.
func (s *ScalarsSink) Commit() error {
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	return s.file.Commit()
}

// Abort leaves no file.
func (s *ScalarsSink) Abort() error {
	err := s.file.Abort()
	// The encoder must end too, and what it writes then goes nowhere.
	_ = s.close()
	return err
}

func (s *ScalarsSink) close() error {
	if s.encoder == nil {
		return nil
	}
	err := s.encoder.Close()
	s.encoder = nil
	return err
}
