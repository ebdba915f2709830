package convert

import (
	"iter"

	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/series"
)

// Chunk is a stretch of consecutive points of one series.
type Chunk = series.Chunk

// Input is one run, as it was read.
type Input struct {
	Run eventfile.Run
	// Stats is what reading found. Its counts of points are complete once
	// Series has come to its end.
	Stats *RunStats
	// HParams is what the hparams plugin knows of the run; nil without a record
	// of it.
	HParams *hparams.HParams

	series iter.Seq2[*Chunk, error]
}

// NewInput gives a run whose points come from series, which yields chunks as
// Input.Series does.
func NewInput(run eventfile.Run, stats *RunStats, hparams *hparams.HParams, series iter.Seq2[*Chunk, error]) *Input {
	return &Input{Run: run, Stats: stats, HParams: hparams, series: series}
}

// Series gives the run's points as chunks, series by series in the order of
// their tags, and within a series in file order. A chunk is valid until the
// next one. An error comes with a nil chunk and is the last that is yielded;
// it is the context's once that has ended.
//
// The points can be had once: who leaves a range before its end leaves the rest,
// which counts as given.
func (in *Input) Series() iter.Seq2[*Chunk, error] {
	if in.series == nil {
		return func(func(*Chunk, error) bool) {}
	}
	return in.series
}

// drain passes over the points that nobody asked for, which completes Stats.
func (in *Input) drain() error {
	if in.series == nil {
		return nil
	}
	for _, err := range in.Series() {
		if err != nil {
			return err
		}
	}
	return nil
}
