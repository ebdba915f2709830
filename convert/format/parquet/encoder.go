package parquet

import (
	"encoding/binary"
	"fmt"
	"io"
	"runtime"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/parquet/metadata"
)

// magic begins and ends a Parquet file.
const magic = "PAR1"

// Options are the choices of an Encoder. The zero value is the usual one.
type Options struct {
	// Compression is that of every page; the zero value is Zstd.
	Compression Compression
	// SplitFloats writes float64 columns in BYTE_STREAM_SPLIT instead of PLAIN, which is much smaller and faster to
	// compress. pyarrow, pandas, polars and DuckDB read it; Spark only without its vectorized reader.
	SplitFloats bool
	// Metadata is what the footer says about the file, in this order. Keys and values must be valid UTF-8.
	Metadata []KeyValue
	// Workers is the number of goroutines that encode the columns of a row group; GOMAXPROCS if it is not positive. The
	// bytes are the same for any number.
	Workers int
}

// A KeyValue is one entry of a file's metadata.
type KeyValue struct{ Key, Value string }

// An Encoder writes records of one schema as the row groups of a Parquet file.
//
// Encode hands the record to goroutines of the encoder and returns, so that the caller can read on meanwhile. At most
// one record is being encoded at a time, and after Close no goroutine is left, whatever happened before.
type Encoder struct {
	schema  *arrow.Schema
	out     *countingWriter
	file    *metadata.FileMetaDataBuilder
	groups  *groupEncoder
	pending chan error // the outcome of the row group under way; nil if there is none
	err     error      // the first error, which stays
	closed  bool
}

// New returns an Encoder to w, to which it writes each row group in column chunks of up to some megabytes. It fails if
// the schema has a type that this package does not write, if the metadata is not UTF-8, or if w fails.
func New(w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	fs, err := newFileSchema(schema, o)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	pairs, err := keyValues(schema, o.Metadata)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	e := &Encoder{
		schema: schema,
		out:    &countingWriter{w: w},
		file:   metadata.NewFileMetadataBuilder(fs.schema, fs.properties, pairs),
		groups: newGroupEncoder(fs, o),
	}
	if _, err := e.out.Write([]byte(magic)); err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	return e, nil
}

// Encode adds a record as a row group, or, if it has nested or binary columns, as one for each RowGroupPayload bytes of
// it; a record without rows adds nothing. The record must have the encoder's schema. The encoder retains it while it
// needs it; of a huge one it returns when that is written. An error may be that of an earlier record; after an error
// every call returns that error.
func (e *Encoder) Encode(rec arrow.Record) error {
	if e.err == nil && e.closed {
		e.err = fmt.Errorf("parquet: the encoder is closed")
	}
	if err := e.wait(); err != nil {
		return err
	}
	if !rec.Schema().Equal(e.schema) {
		return fmt.Errorf("parquet: record of another schema: %s", rec.Schema())
	}
	if rec.NumRows() == 0 {
		return nil
	}
	rec.Retain()
	pending := make(chan error, 1)
	go func() {
		err := e.encode(rec)
		rec.Release() // before the next record is begun: its memory may be wanted for that
		pending <- err
	}()
	e.pending = pending
	if e.groups.schema.byPayload && isHuge(rec) {
		return e.wait()
	}
	return nil
}

// encode writes the row groups of a record.
func (e *Encoder) encode(rec arrow.Record) error {
	if !e.groups.schema.byPayload {
		return e.groups.encode(rec, e.file.AppendRowGroup(), e.out)
	}
	rows := int(rec.NumRows())
	for from := 0; from < rows; {
		to := payloadEnd(rec, from, RowGroupPayload)
		part := rec.NewSlice(int64(from), int64(to))
		err := e.groups.encode(part, e.file.AppendRowGroup(), e.out)
		part.Release()
		if err != nil {
			return err
		}
		from = to
	}
	return nil
}

// wait returns when no row group is under way any more.
func (e *Encoder) wait() error {
	if e.pending != nil {
		if err := <-e.pending; err != nil {
			e.err = fmt.Errorf("parquet: %w", err)
		}
		e.pending = nil
	}
	return e.err
}

// Close writes the footer. A file whose Close fails, or is not called, is not a Parquet file. Close does not close the
// io.Writer. Further calls return what the first one did.
func (e *Encoder) Close() error {
	if err := e.wait(); err != nil || e.closed {
		return err
	}
	e.closed = true
	if err := e.writeFooter(); err != nil {
		e.err = fmt.Errorf("parquet: %w", err)
	}
	return e.err
}

func (e *Encoder) writeFooter() error {
	footer, err := e.file.Finish()
	if err != nil {
		return err
	}
	start := e.out.n
	if _, err := footer.WriteTo(e.out, nil); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint32(nil, uint32(e.out.n-start))
	_, err = e.out.Write(append(end, magic...))
	return err
}
