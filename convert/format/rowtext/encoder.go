package rowtext

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
)

// An Encoder writes records of one schema as rows of text.
type Encoder struct {
	name   string
	schema *arrow.Schema
	syntax Syntax
	text   *writer
}

// NewEncoder returns an Encoder to w. Its errors begin with the name of the format. workers is the number of goroutines
// that format rows, GOMAXPROCS if it is not positive; the bytes are the same for any number. It fails if the schema has
// a type without a text form.
func NewEncoder(name string, w io.Writer, schema *arrow.Schema, s Syntax, workers int) (*Encoder, error) {
	if err := check(schema); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Encoder{name: name, schema: schema, syntax: s, text: newWriter(w, workers)}, nil
}

// WriteText writes text that belongs to no row, such as a header.
func (e *Encoder) WriteText(text []byte) error { return e.wrap(e.text.writeText(text)) }

// Encode writes the rows of a record, which must have the encoder's schema. It does not keep the record. After an error
// of the io.Writer every call returns that error.
func (e *Encoder) Encode(rec arrow.Record) error {
	if !rec.Schema().Equal(e.schema) {
		return fmt.Errorf("%s: record of another schema: %s", e.name, rec.Schema())
	}
	return e.wrap(e.text.writeRows(int(rec.NumRows()), e.syntax.rows(rec)))
}

// Close ends the encoding. Rows of text have no end mark, so it only returns the first error of the io.Writer again, if
// there was one.
func (e *Encoder) Close() error { return e.wrap(e.text.writeText(nil)) }

func (e *Encoder) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", e.name, err)
	}
	return nil
}
