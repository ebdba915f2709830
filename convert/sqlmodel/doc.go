// Package sqlmodel keeps the runs of a plan in tables, whatever database they are
// in: what is written, when a run is there already, and how it is compared.
//
//	run ──< metric ──< point
//	 ├──< param
//	 ├──< source_file
//	 ├──< text
//	 ├──< histogram
//	 └──< media
//
// A run is one transaction. It is found again by its source_id, and left alone as
// long as its digest is that of the logs; else its rows are replaced, and its
// run_id stays. A point has a number, seq: its place in its metric in the order of
// the files. Steps may repeat and go back.
//
// Text that holds NUL is stored without it, as PostgreSQL has no such text.
// Of pictures and audio, media has a row with their size and hash, and the path of
// the file that they were extracted to. Other large values are not in the tables:
// source_file says which files hold them.
//
// A destination is a Database: it makes the tables, and moves rows in bulk.
package sqlmodel
