// Package parquet encodes records as a Parquet file.
//
// Every record is one row group, so a file is as easy to query as its records are large and sorted: about a million
// rows a record is right. Where records have nested or binary columns, a row group ends at RowGroupPayload bytes of
// values.
//
//	record --columns, in parallel--> values --pages--> compressed column chunks --in order--> io.Writer
//	            \                     \--> minimum, maximum, null count --> footer       /
//	             \--binary columns----------------------------------------------------/
//
// # Why not the column writers of arrow
//
// The file's metadata, page headers and schema are arrow v15's. Pages are made here, because its column writers drop
// write errors (of a dictionary page, and of a row group when the next one starts), fall back from a dictionary when it
// changes or grows, take the minimum of a string column to be its smallest non-empty string, start a new zstd encoder
// for every page and encode deltas by reflection. Package pqarrow would add gRPC to the program, 30 MB.
//
// # Encodings
//
//   - dictionary<utf8>: a dictionary page with the strings that occur in the row group, and run-length encoded
//     positions.
//   - int64 and timestamp: DELTA_BINARY_PACKED. Steps ascend evenly, so most need no bits at all.
//   - float64, int32, bool, utf8: PLAIN, and compressed. With Options.SplitFloats float64 is BYTE_STREAM_SPLIT, which
//     Spark's vectorized reader does not know, so it is not the default.
//   - binary: PLAIN, not compressed, written to the file from the record's memory: pictures and sound do not compress
//     again.
//
// Of zstd, pages of float64s without nulls are written by numberCompressor: zstd's own search took half of the
// processor time of an export, and made larger files.
//
// Pages are of version 1, as those of pyarrow and Spark, and hold up to 1 MiB of values before compression. Of columns
// in lists and structs they begin with a row each, and hold about 1 MiB and the rest of a row.
//
// # Lists and structs
//
// They may be nested in any way, and be nullable or not at every level. A list's element is called "element" in the
// file, whatever its name in Arrow. A null where the schema allows none is an error, wherever it is; below an absent
// parent it is nobody's. The metadata of the Arrow schema is the file's, so that "huggingface" gets there.
//
// # Sizes and speeds
//
// Bytes a row of the five scalar columns, and rows a second on one core (AMD EPYC, November 2026): 10 million rows of
// noise, BenchmarkEncode, and 148,597 rows of real logs.
//
//	              noise                  real logs
//	zstd           8.7   17.5 million     8.5
//	snappy        13.8   15.2 million    11.2
//	gzip           7.8    2.8 million     6.8
//	none          16.1   35.1 million    16.5
//	zstd, split    6.0   20.3 million     4.9
//	snappy, split  7.4   28.5 million     6.7
//
// # Statistics
//
// Each column chunk says how many nulls it has, and its smallest and largest value, exactly: the dictionary of a row
// group holds no string that does not occur. Columns in lists have no bounds, and
// binary ones neither. A float column that has a NaN gets no minimum and maximum, since readers disagree on where NaN
// sorts, and so does a string column whose bounds are longer than 4 KiB. Minimum zero is written as -0 and maximum zero
// as +0, as the format asks.
package parquet
