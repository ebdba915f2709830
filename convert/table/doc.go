// Package table says what a run is as rows: one Arrow schema and one builder per table.
//
// A builder takes what the readers deliver (columns of one series at a time), copies it once into large column buffers
// and hands them out as one Arrow record. The record goes to an encoder (packages parquet, arrowipc, csv, jsonl) which
// knows nothing of runs and tags, only of Arrow types; so a new table costs one schema and one builder here, and a new
// format costs one encoder there.
//
// The types that tables use, and that every encoder therefore handles, are: utf8, dictionary<int32, utf8>, int64,
// int32, float64, bool and timestamp[us, UTC], nullable or not. A number that is NaN is a value; null means that there
// is nothing.
//
// A record carries its own dictionaries, holding exactly the strings that occur in it, in order of first appearance.
// That is what makes a Parquet row group with true statistics on run and tag, and it bounds memory: nothing grows from
// record to record.
package table
