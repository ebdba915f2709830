package main

import (
	"context"
	"errors"
	"slices"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/tfrecord"
)

// findLogs is findRuns for verbs that read events: a file that was named and is
// something else is an error.
func findLogs(ctx context.Context, args []string, wanted *chosenNames) (*found, error) {
	found, err := findRuns(ctx, args, wanted)
	if err != nil {
		return nil, err
	}
	var named []string
	for _, logdir := range dirstore.ParseLogdirs(args) {
		named = append(named, logdir.Path)
	}
	for _, run := range found.runs {
		for _, path := range run.Files {
			if !slices.Contains(named, path) {
				continue
			}
			if err := eventfile.Check(ctx, found.store, path); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// oddFiles are lines about files that are something else, or framed wrongly;
// lister has them all.
func (s *summary) oddFiles(lister string) []string {
	var odd damages
	for _, run := range s.report.Runs {
		for _, f := range run.Files {
			if errors.As(f.Err, new(*eventfile.NotEventFileError)) {
				odd.add(f.Path, f.Bytes, f.Err.Error())
			}
			for _, line := range oddLines(f) {
				odd.add(f.Path, f.Bytes, line)
			}
		}
	}
	return odd.lines(oddMany, lister)
}

// oddLines say what is odd about all of a file, and no damage.
func oddLines(f *eventfile.FileStats) (lines []string) {
	if f.Framing != tfrecord.Sound {
		line := (&eventfile.FramingError{Path: f.Path, Framing: f.Framing}).Error() + "; all that is whole was read"
		if f.Unproven {
			line += ", unproven (--ignore-crc takes it as it is)"
		}
		lines = append(lines, line)
	}
	if f.Other != "" {
		lines = append(lines, f.Path+": "+f.Other+": its records were checked, which are no events")
	}
	return lines
}
