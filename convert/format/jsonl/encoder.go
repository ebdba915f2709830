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
}

// An Encoder writes records of one schema as JSON Lines.
type Encoder struct{ rowtext.Encoder }

// New returns an Encoder to w, to which it writes rows in pieces of some hundred kilobytes. It fails if the schema has a
// type without a text form.
func New(w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	e, err := rowtext.NewEncoder("jsonl", w, schema, syntax(schema), o.Workers)
	if err != nil {
		return nil, err
	}
	return &Encoder{*e}, nil
}

func syntax(schema *arrow.Schema) rowtext.Syntax {
	before := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		open := byte(',')
		if i == 0 {
			open = '{'
		}
		before[i] = string(append(appendString([]byte{open}, f.Name), ':'))
	}
	return rowtext.Syntax{
		Before: before,
		End:    "}\n",
		Null:   "null",
		True:   "true", False: "false",
		NaN: `"NaN"`, Inf: `"Infinity"`, NegInf: `"-Infinity"`,
		AppendString: appendString,
		TimeQuote:    `"`,
	}
}
