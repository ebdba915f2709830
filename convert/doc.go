// Package convert carries the runs of a logdir to a destination.
//
//	runs ──▶ readers (in parallel) ──▶ Input ──▶ Sink (in run order) ──▶ Report
//
// The run is the unit of everything: of order, of parallel work, of memory and
// of the report. Each reads runs by several workers at a time and hands them on
// one after another in their order, so what becomes of them does not depend on
// the number of workers. Export does so for a Sink, whose output appears whole
// or not at all. What every sink promises is tested by package sinktest.
//
// Package table makes rows of runs and writes them to files, package format
// makes bytes of rows, and package output makes files of bytes.
//
// ReportJSON and ListingJSON are what programs write of a Report.
package convert
