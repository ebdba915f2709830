package table

import (
	"context"

	"tbexport/convert"
	"tbexport/convert/output"
)

// FileSink writes a table to one file.
type FileSink struct {
	part   part
	result *convert.Result // nil: not committed
}

// NewFileSink returns a sink of the table, which goes to file by an encoder
// that open makes.
func NewFileSink(t Table, file *output.File, open Open) *FileSink {
	return &FileSink{part: part{of: Part{Table: t.Name()}, table: t, file: file, open: open}}
}

// WriteRun adds a run to the table.
func (s *FileSink) WriteRun(ctx context.Context, in *convert.Input) error { return s.part.add(ctx, in) }

// Commit ends the file and makes it appear.
func (s *FileSink) Commit() (convert.Result, error) {
	if s.result != nil {
		return *s.result, nil
	}
	result, err := s.part.commit()
	if err == nil {
		s.result = &result
	}
	return result, err
}

// Abort leaves no file.
func (s *FileSink) Abort() error { return s.part.abort() }
