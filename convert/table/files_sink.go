package table

import (
	"context"
	"errors"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// FilesSink fills a directory with the files of tables, beside what another sink
// writes.
type FilesSink struct {
	to     convert.Sink // nil: there is no other
	tables []Table
	files  *extract.Dir
	rows   map[string]int64
	result *convert.Result // nil: not committed
}

// NewFilesSink returns a sink of the files that tables give to a directory: those
// of tables, which are written nowhere, and those that to writes, which may be nil.
func NewFilesSink(to convert.Sink, tables []Table, files *extract.Dir) *FilesSink {
	return &FilesSink{to: to, tables: tables, files: files, rows: make(map[string]int64)}
}

// WriteRun writes the files of a run.
func (s *FilesSink) WriteRun(ctx context.Context, in *convert.Input) error {
	var readers []func(*convert.Input) error
	if s.to != nil {
		readers = append(readers, func(in *convert.Input) error { return s.to.WriteRun(ctx, in) })
	}
	for _, t := range s.tables {
		readers = append(readers, func(in *convert.Input) error { return t.Add(in, s.count(ctx, t)) })
	}
	return convert.Share(in, readers...)
}

// count counts the rows of a table that is not written.
func (s *FilesSink) count(ctx context.Context, t Table) func(arrow.Record) error {
	return func(r arrow.Record) error {
		s.rows[t.Name()] += r.NumRows()
		return ctx.Err()
	}
}

// Commit makes the directory appear, and then what the other sink has.
func (s *FilesSink) Commit() (result convert.Result, err error) {
	if s.result != nil {
		return *s.result, nil
	}
	for _, t := range s.tables {
		r, err := t.Finish(s.count(context.Background(), t))
		if err != nil {
			return result, err
		}
		r.AddRows(t.Name(), s.rows[t.Name()])
		result.Add(r)
	}
	files, err := s.files.Commit()
	if err == nil && s.to != nil {
		var r convert.Result
		r, err = s.to.Commit()
		result.Add(r)
	}
	if err == nil {
		result.Files = files
		s.result = &result
	}
	return result, err
}

// Abort leaves no directory that has not appeared, and nothing of the other sink.
func (s *FilesSink) Abort() error {
	err := s.files.Abort()
	if s.to != nil {
		err = errors.Join(err, s.to.Abort())
	}
	return err
}
