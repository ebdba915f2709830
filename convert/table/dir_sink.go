package table

import (
	"context"
	"errors"

	"tbexport/convert"
	"tbexport/convert/output"
)

// DirSink writes tables to files in one directory: several to a file each, or
// one to a file for each run.
type DirSink struct {
	dir       *output.Dir
	parts     []*part   // of several tables
	partition partition // of one table
	result    convert.Result
	committed bool
}

// partition is a table that goes to a file for each run.
type partition struct {
	table Table // nil: there are several tables
	file  string
	open  Open
}

// NewDirSink returns a sink of several tables, which one reading of the runs
// fills. Each goes to a file with its name and the extension; of the tables of what
// is no scalar, those that have a row. Where it fails, it leaves no directory.
func NewDirSink(dir *output.Dir, tables []Table, extension string, open Open) (*DirSink, error) {
	s := &DirSink{dir: dir}
	var all holdings
	for _, t := range tables {
		file, err := dir.File(t.Name() + extension)
		if err != nil {
			return nil, errors.Join(err, s.Abort())
		}
		p := &part{of: Part{Table: t.Name()}, table: t, file: file, open: open, ifRows: isOfKinds(t)}
		all.join(t, p.emit)
		s.parts = append(s.parts, p)
	}
	return s, nil
}

// NewPartitionSink returns a sink that writes the rows of each run to a file of
// its own, in the style of Hive: DIR/run=NAME/FILE. The table needs no run
// column.
func NewPartitionSink(dir *output.Dir, t Table, file string, open Open) *DirSink {
	return &DirSink{dir: dir, partition: partition{t, file, open}}
}

// WriteRun adds a run to every table, or writes its partition, which is one
// without rows for a run without points.
func (s *DirSink) WriteRun(ctx context.Context, in *convert.Input) error {
	if s.partition.table != nil {
		return s.writePartition(ctx, in)
	}
	readers := make([]func(*convert.Input) error, len(s.parts))
	for i, p := range s.parts {
		readers[i] = func(in *convert.Input) error { return p.add(ctx, in) }
	}
	return convert.Share(in, readers...)
}

func (s *DirSink) writePartition(ctx context.Context, in *convert.Input) error {
	name, err := PartitionName(in.Run.Name)
	if err != nil {
		return err
	}
	file, err := s.dir.File(name + "/" + s.partition.file)
	if err != nil {
		return err
	}
	t := s.partition.table
	p := part{of: Part{Table: t.Name(), Run: in.Run.Name}, table: t, file: file, open: s.partition.open}
	err = p.add(ctx, in)
	if err == nil {
		var result convert.Result
		result, err = p.commit()
		s.result.Add(result)
	}
	if err != nil {
		return errors.Join(err, p.abort())
	}
	return nil
}

// Commit makes the directory appear.
func (s *DirSink) Commit() (convert.Result, error) {
	if s.committed {
		return s.result, nil
	}
	for _, p := range s.parts {
		commit := p.commit
		if p.ifRows {
			commit = p.commitIfRows
		}
		result, err := commit()
		if err != nil {
			return s.result, err
		}
		s.result.Add(result)
	}
	err := s.dir.Commit()
	s.committed = err == nil
	s.result.Kept = s.dir.Kept()
	return s.result, err
}

// Abort leaves no directory.
func (s *DirSink) Abort() error {
	var err error
	for _, p := range s.parts {
		err = errors.Join(err, p.abort())
	}
	return errors.Join(err, s.dir.Abort())
}
