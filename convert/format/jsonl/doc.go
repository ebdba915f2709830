// Package jsonl encodes records as JSON Lines: one object a row, each on its own line, keys in the schema's order.
//
// Integers are written exactly, with all digits. A float64 has the shortest text that reads back to the same float64,
// always with a point or an exponent. JSON has no numbers for the others, so they are the strings "NaN", "Infinity" and
// "-Infinity", which Python's float, polars' and DuckDB's casts to double and protobuf's JSON mapping understand. A
// timestamp is a string, RFC 3339 in UTC with microseconds. null is null. Lists are arrays and structs are objects.
// Binary values are left out, or are base64 with Options.Inline.
//
// The output is UTF-8 throughout: what is not UTF-8 in a string becomes U+FFFD. Strings have the escapes that JSON
// demands and no others.
package jsonl
