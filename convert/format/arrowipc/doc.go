// Package arrowipc encodes records in Arrow's own formats: the IPC stream, which a reader takes from a pipe while it is
// written, and the IPC file, which readers open at any record and map into memory. Neither is compressed.
//
// # Dictionaries
//
// Records come with dictionaries of their own. In a stream each record is preceded by the dictionaries that differ from
// the last, and they replace those: pyarrow, pandas and polars all give back the right strings, and the writer holds no
// more than one record's dictionaries.
//
// A file allows no replacement. It could add to a dictionary by deltas, but arrow v15 writes none to files. So a file
// has one dictionary a column, with every string of all records; the records' positions are renumbered, and since the
// dictionary is complete only in the end, it stands behind the records, which the format allows and readers do not
// mind: the footer says where it is. The Encoder holds each different string once.
//
//	stream:  schema, { dictionaries, record }, end
//	file:    magic, schema, { record }, dictionaries, end, footer, magic
package arrowipc
