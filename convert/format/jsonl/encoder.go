package jsonl

import (
	"io"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert/format/rowtext"
)

// Options are the choices of an Encoder. The zero value is the usual one.
type Options struct {
	// Workers is the number of goroutines that format rows; GOMAXPROCS if it is not positive. The bytes are the same
	// for any number.
	Workers int
	// Inline writes binary values, as base64. Otherwise they are left out, and so are columns that have nothing else.
	Inline bool
}

// An Encoder writes records of one schema as JSON Lines.
type Encoder struct{ rowtext.Encoder }

// New returns an Encoder to w, to which it writes rows in pieces of some hundred kilobytes. It fails if the schema has
// a type without a text form.
func New(w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	e, err := rowtext.NewEncoder("jsonl", w, schema, syntax(schema, o), o.Workers)
	if err != nil {
		return nil, err
	}
	return &Encoder{*e}, nil
}

func syntax(schema *arrow.Schema, o Options) rowtext.Syntax {
	s := rowtext.JSON()
	s.End = "}\n"
	if o.Inline {
		s.Blobs = rowtext.Base64
	}
	open := byte('{')
	for _, i := range s.Columns(schema) {
		s.Before = append(s.Before, string(append(rowtext.AppendJSONString([]byte{open}, schema.Field(i).Name), ':')))
		open = ','
	}
	return s
}
