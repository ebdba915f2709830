package arrowipc

import (
	"io"

	"github.com/apache/arrow/go/v15/arrow"
)

// Options are the choices of an Encoder. The zero value writes a stream.
type Options struct {
	// File writes the file format instead of a stream.
	File bool
}

// An Encoder writes records of one schema in an Arrow format.
type Encoder struct {
	format format
	nested bool
	err    error // the first error, which stays
	closed bool
}

// A format writes records and what follows them.
type format interface {
	Write(arrow.Record) error
	Close() error
}

// New returns an Encoder to w, to which it writes every buffer of a record by itself; nothing is written before the
// first record or Close. In a file, it fails if the schema has dictionaries
// of anything but strings, or inside lists and structs.
func New(w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	if !o.File {
		return &Encoder{format: newStream(w, schema), nested: isNested(schema)}, nil
	}
	f, err := newFile(w, schema)
	if err != nil {
		return nil, err
	}
	return &Encoder{format: f, nested: isNested(schema)}, nil
}

// Encode writes a record, which must have the encoder's schema. It does not keep the record. After an error every call
// returns that error.
func (e *Encoder) Encode(rec arrow.Record) error {
	if e.err == nil && e.nested {
		rec = withoutEmptySlices(rec)
		defer rec.Release()
	}
	if e.err == nil {
		e.err = e.format.Write(rec)
	}
	return e.err
}

// Close writes the end of the stream or file; it does not close the io.Writer. After an error it writes nothing and
// returns that error. Further calls return what the first one did.
func (e *Encoder) Close() error {
	if e.err == nil && !e.closed {
		e.closed = true
		e.err = e.format.Close()
	}
	return e.err
}
