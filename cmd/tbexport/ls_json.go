package main

import (
	"encoding/json"
	"io"

	"tbexport/convert"
	"tbexport/internal/ui"
)

// lsSchema documents the JSON of ls.
const lsSchema = `With --json, an object {schema: 1, tool, runs: [...], problems: [{path, error}]}
with names as they are in the logs. A number that is not finite is one of the
strings "NaN", "Infinity", "-Infinity". A run:

  run, writer, file_version   writer and version are of its first such event
  bytes, events, points       of its files; points are of scalars
  min_step, max_step          of all tags; null without one
  start, end                  lowest and highest wall time above 0, or null
  kinds                       {kind: values}; scalars are counted by "points"
  untagged                    {kind: {values, bytes}} of those that are no tag's
  hparams                     hyperparameters of its session start
  superseded_by_step, superseded_by_session
                              points that --restarts step, session takes out
  repeated_steps, two_writers of those by step: points that the next one of
                              their series has the step of, and points of
                              series that two writers write at a time
  wall_times_look_like        ms, us or ns, where they seem to be no seconds
  files                       as in the report of verify --json
  tags                        [{tag, kind, scalar, dtype, values,
                              first_step, last_step (in file order),
                              min_step, max_step, first_time, last_time}]
                              and where scalar is true: first, last, min, max
                              (null where none is finite), not_finite, course:
                              means of 1 to 32 stretches of equal length;
                              where it is false: bytes of all values and, of the
                              last one, what its header says: shape of a tensor,
                              texts, images, width, height, format, clips,
                              sample_rate, channels, frames, buckets,
                              thresholds, meshes, points of a mesh, charts of a
                              layout; varies, where others say something
                              else; damaged, of how many nothing can be read`

// writeJSON writes the listing as lsSchema says.
func (l *listing) writeJSON(w io.Writer) error {
	runs := make([]*convert.RunStats, len(l.runs))
	for i := range l.runs {
		runs[i] = l.runs[i].RunStats
	}
	text, err := json.MarshalIndent(convert.Listing(tool(), runs, l.summary.problems), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(ui.VisibleJSON(text), '\n'))
	return err
}
