// Package arrowipc encodes records in Arrow's own formats: the IPC stream, which a reader takes from a pipe while it is
// written, and the IPC file, which readers open at any record and map into memory. Neither is compressed.
//
// # Dictionaries
//
// Records come with dictionaries of their own. Here a column has one dictionary for all records, which grows: a string
// keeps the number that it got where it first appeared, and no string is in it twice. So readers that put the records
// of a column together need not renumber them, and those that take each dictionary for a type of its own see categories
// that only become more. The Encoder holds each different string once.
//
// In a stream, a dictionary that has grown is written again as a whole before the record that needs it: not all readers
// know deltas.
//
// A file allows no replacement, and arrow v15 writes no deltas to files. So its dictionaries are written once,
// complete, which they are only in the end: they stand after the records, which the format allows and readers do not
// mind: the footer says where they are.
//
//	stream:  schema, { dictionaries that have grown, record }, end
//	file:    magic, schema, { record }, dictionaries, end, footer, magic
//
// The end of a stream is written by Close, and not after an error: without it the stream was cut.
package arrowipc
