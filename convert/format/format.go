// Package format makes bytes of Arrow records in any of the formats that there
// are; each is in a package of its own below this one. A new format is a
// package there and a line in each switch here.
package format

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert/format/arrowipc"
	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/format/parquet"
)

// Format is a format of records.
type Format uint8

// The formats.
const (
	CSV Format = iota
	JSONL
	ArrowStream
	ArrowFile // also called Feather
	Parquet
)

func (f Format) String() string {
	switch f {
	case CSV:
		return "CSV"
	case JSONL:
		return "JSON Lines"
	case ArrowStream:
		return "Arrow stream"
	case ArrowFile:
		return "Arrow file"
	case Parquet:
		return "Parquet"
	}
	return fmt.Sprintf("format %d", uint8(f))
}

// Extension is what the names of files end in, with the dot; for an Arrow
// stream the one of its registration as a media type.
func (f Format) Extension() string {
	switch f {
	case JSONL:
		return ".jsonl"
	case ArrowStream:
		return ".arrows"
	case ArrowFile:
		return ".arrow"
	case Parquet:
		return ".parquet"
	}
	return ".csv"
}

// Binary reports whether the bytes are nothing for a terminal.
func (f Format) Binary() bool { return f != CSV && f != JSONL }

// Rows is how many rows of a few columns make a good record: of text, enough to
// format it in parallel; an Arrow batch, of which a reader sees the first one
// soon; a Parquet row group.
func (f Format) Rows() int {
	switch f {
	case ArrowStream, ArrowFile:
		return 256 << 10
	case Parquet:
		return 1 << 20
	}
	return 64 << 10
}

// LongRows is Rows where they have many columns or long values.
func (f Format) LongRows() int {
	if f.Binary() {
		return f.Rows()
	}
	return 256
}

// Options are the choices of some formats; the others do not heed them. The
// zero value is the usual one.
type Options struct {
	Parquet parquet.Options
	JSONL   jsonl.Options
}

// Encoder writes records of one schema.
type Encoder struct{ to encoder }

type encoder interface {
	Encode(arrow.Record) error
	Close() error
}

// New returns an encoder of records of the schema to w. It fails if the format
// has no form for a type of the schema, and where w does.
func New(f Format, w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	var to encoder
	var err error
	switch f {
	case CSV:
		to, err = csv.New(w, schema, csv.Options{})
	case JSONL:
		to, err = jsonl.New(w, schema, o.JSONL)
	case ArrowStream:
		to, err = arrowipc.New(w, schema, arrowipc.Options{})
	case ArrowFile:
		to, err = arrowipc.New(w, schema, arrowipc.Options{File: true})
	case Parquet:
		to, err = parquet.New(w, schema, o.Parquet)
	default:
		err = fmt.Errorf("there is no %s", f)
	}
	if err != nil {
		return nil, err
	}
	return &Encoder{to}, nil
}

// Encode takes one record. It retains what it needs longer. Its error may be
// that of an earlier record.
func (e *Encoder) Encode(r arrow.Record) error { return e.to.Encode(r) }

// Close writes what ends the output, and leaves no goroutine behind. It does not
// close the writer.
func (e *Encoder) Close() error { return e.to.Close() }
