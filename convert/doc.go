// Package convert carries the runs of a logdir to a destination.
//
//	runs ──▶ RunReaders (in parallel) ──▶ Sink (in run order) ──▶ Report
//
// The run is the unit of everything: of order, of parallel work, of memory and
// of the report. Runs are read by several workers at a time; the sink gets them
// one after another in their order, so what it writes does not depend on the
// number of workers. Package table makes rows of runs, the packages csv, jsonl,
// arrowipc and parquet make bytes of rows, and package output makes files of
// bytes.
package convert
