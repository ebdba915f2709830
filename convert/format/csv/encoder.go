package csv

import (
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert/format/rowtext"
)

// Options are the choices of an Encoder. The zero value is the usual one.
type Options struct {
	// Workers is the number of goroutines that format rows; GOMAXPROCS if it is not positive. The bytes are the same
	// for any number.
	Workers int
}

// An Encoder writes records of one schema as CSV.
type Encoder struct{ rowtext.Encoder }

// New returns an Encoder to w, to which it writes the header line at once, and then rows in pieces of some hundred
// kilobytes. It fails if the schema has a type without a text form, or if w does.
func New(w io.Writer, schema *arrow.Schema, o Options) (*Encoder, error) {
	s := syntax(schema)
	e, err := rowtext.NewEncoder("csv", w, schema, s, o.Workers)
	if err != nil {
		return nil, err
	}
	if err := e.WriteText(header(schema, s.Columns(schema))); err != nil {
		return nil, err
	}
	return &Encoder{*e}, nil
}

func syntax(schema *arrow.Schema) rowtext.Syntax {
	s := rowtext.Syntax{
		End:  "\n",
		True: "true", False: "false",
		NaN: "NaN", Inf: "inf", NegInf: "-inf",
		AppendString: appendField,
		Strings:      true,
	}
	s.Before = make([]string, len(s.Columns(schema)))
	for i := range s.Before {
		if i > 0 {
			s.Before[i] = ","
		}
	}
	return s
}

func header(schema *arrow.Schema, columns []int) []byte {
	var line []byte
	for i, column := range columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendField(line, schema.Field(column).Name)
	}
	return append(line, '\n')
}

// appendField appends a string, quoted if a reader would otherwise not get it back.
func appendField(dst []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") {
		return append(dst, s...)
	}
	if need := len(s) + 2; cap(dst)-len(dst) < need {
		dst = slices.Grow(dst, need+strings.Count(s, `"`))
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			dst = append(dst, s...)
			return append(dst, '"')
		}
		dst = append(append(dst, s[:i+1]...), '"')
		s = s[i+1:]
	}
}
