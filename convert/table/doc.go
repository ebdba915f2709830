// Package table says what runs are as rows, and writes them to files.
//
// A Table makes Arrow records of runs. FileSink writes one table to a file;
// DirSink writes several, or a file a run, to a directory. What makes bytes of
// records is an Encoder, which knows nothing of runs and tags, only of Arrow
// types (package format has all that there are). So a table costs one file here
// and a line in All, and a format costs a package there.
//
// A table that must see all runs before its first row gathers them and emits on
// Finish, as runs does; one that must read them before, to know its columns,
// does so when it is made, as Wide does.
//
// The types that the tables use, and that every encoder therefore handles, are:
// utf8, dictionary<int32, utf8>, int64, float64, bool and timestamp[us, UTC],
// nullable or not. A number that is NaN is a value; null means that there is
// nothing.
//
// A record carries its own dictionaries, holding exactly the strings that occur
// in it, in order of first appearance. That is what makes a Parquet row group
// with true statistics on run and tag, and it bounds memory: nothing of the
// scalars grows from record to record.
package table
