// Package csv encodes records as comma-separated values.
//
// The form is RFC 4180 with these choices, made so that pandas, polars and DuckDB read back what was written:
//
//   - The first line is the header. Lines end in "\n", as pandas and the Unix tools write them, not in CRLF.
//   - A field is quoted only when it has to be: when it holds a comma, a quote or a line break, or is empty. So a null
//     (nothing) and an empty string ("") stay different.
//   - A float64 has the shortest text that reads back to the same float64, in the form of Python's repr: 1.0, 0.1,
//     1e-05. Not a number is NaN, the infinities are inf and -inf.
//   - A list is JSON text, as is a struct: "[1.0,2.5]". Nothing is written of binary values: a column of them is left
//     out, and a struct of a picture and its path is the path.
//   - A bool is true or false. A timestamp is RFC 3339 in UTC with microseconds: 2026-01-31T23:59:59.000001Z.
package csv
