package table

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tbexport/convert/output"
	"tbexport/eventfile"
)

// PartitionSink writes the scalars of each run to a file of its own, in the
// hive style: DIR/run=NAME/FILE.
type PartitionSink struct {
	builder *ScalarsBuilder
	encoder func(file *output.File, run string) (Encoder, error)
	dir     *output.Dir
	file    string
}

// NewPartitionSink returns a sink whose files are all named file and written
// by what encoder makes for each. The builder's table needs no run column.
func NewPartitionSink(b *ScalarsBuilder, encoder func(*output.File, string) (Encoder, error), dir *output.Dir, file string) *PartitionSink {
	return &PartitionSink{builder: b, encoder: encoder, dir: dir, file: file}
}

// WriteRun writes the file of a run, without rows for a run without points.
func (s *PartitionSink) WriteRun(ctx context.Context, run string, points *eventfile.RunReader) error {
	name, err := PartitionName(run)
	if err != nil {
		return err
	}
	file, err := s.dir.File(name + "/" + s.file)
	if err != nil {
		return err
	}
	encoder, err := s.encoder(file, run)
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	one := NewScalarsSink(s.builder, encoder, file)
	if err := one.WriteRun(ctx, run, points); err != nil {
		return errors.Join(err, one.Abort())
	}
	if err := one.Commit(); err != nil {
		return errors.Join(err, one.Abort())
	}
	return nil
}

// NullWallTimes is how many wall times became null, since no timestamp can say them.
func (s *PartitionSink) NullWallTimes() int64 { return s.builder.NullWallTimes() }

// Commit makes the directory appear.
func (s *PartitionSink) Commit() error { return s.dir.Commit() }

// Kept is what came into the directory while it was written, and was kept there.
func (s *PartitionSink) Kept() []string { return s.dir.Kept() }

// Abort leaves no directory.
func (s *PartitionSink) Abort() error { return s.dir.Abort() }

const partitionPrefix = "run="

// longestName is what the common file systems allow for one name, in bytes.
const longestName = 255

// PartitionName is the directory name of a run: "run=" and the run's name with
// %XX for every byte but letters, digits and "-_.", as pyarrow, DuckDB, polars
// and Spark undo it. It fails for names that would be longer than file systems
// allow.
func PartitionName(run string) (string, error) {
	var b strings.Builder
	b.WriteString(partitionPrefix)
	for i := range len(run) {
		c := run[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() > longestName {
		return "", fmt.Errorf("run %q: its name is too long for a directory (%d bytes, at most %d): write one file instead", run, b.Len(), longestName)
	}
	return b.String(), nil
}
