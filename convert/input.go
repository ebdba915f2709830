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

	// Tags is what the run holds of each tag, by name; only with Options.TagStats.
	Tags []TagStats
	// Fold is what is to be known of the run to tell whether it is a part of
	// another.
	Fold Foldable

	series iter.Seq2[*Chunk, error]
	values func(Form) iter.Seq2[*Value, error]
	value  func(Form, *Place) (*Value, error)

	standing func(Form) iter.Seq2[*Value, error]
	tags     func(Form) []string
}

// NewInput gives a run whose points come from series, which yields chunks as
// Input.Series does. Fold knows no more than the hparams.
func NewInput(run eventfile.Run, stats *RunStats, hparams *hparams.HParams, series iter.Seq2[*Chunk, error]) *Input {
	return &Input{Run: run, Stats: stats, HParams: hparams, Fold: Foldable{Run: run.Name, HParams: hparams},
		series: series}
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

// Values gives the run's values of a form that are no points, by tag, what has
// none first, and within a tag in file order. They are those that Options.Forms
// asked for. An error comes with a nil value and is the last that is yielded. The
// values can be had again.
func (in *Input) Values(form Form) iter.Seq2[*Value, error] {
	if in.values == nil {
		return func(func(*Value, error) bool) {}
	}
	return in.values(form)
}

// Standing gives the values that Values gives, without what they hold: Event and
// Value are nil until Value.Read. They stay valid.
func (in *Input) Standing(form Form) iter.Seq2[*Value, error] {
	if in.standing == nil {
		return func(func(*Value, error) bool) {}
	}
	return in.standing(form)
}

// ValueTags are the tags of the values of a form, in byte order.
func (in *Input) ValueTags(form Form) []string {
	if in.tags == nil {
		return nil
	}
	return in.tags(form)
}

// Value reads a value of a form again, which makes the values before it invalid.
func (in *Input) Value(form Form, at Place) (*Value, error) { return in.value(form, &at) }

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
