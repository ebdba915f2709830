package convert

import (
	"tbexport/eventfile/hparams"
)

// Counts are how much of everything reading one run found, or several: a sum
// of Counts counts what was found in all of them.
//
// Points == Unselected + Dropped + SampledOut + Written, once the run is read
// to its end.
type Counts struct {
	Events int64 `json:"events"`
	Series int   `json:"series"` // tags with at least one scalar point
	Points int64 `json:"points"` // scalar points read

	Written    int64 `json:"written"`     // points given out in chunks
	Unselected int64 `json:"unselected"`  // points of tags, steps or times that were not asked for
	Dropped    int64 `json:"dropped"`     // points taken out by the restart mode
	SampledOut int64 `json:"sampled_out"` // points left out by sampling

	// SupersededByStep and SupersededBySession are how many points of the
	// selected tags StepRestarts and SessionRestarts take out, or would.
	SupersededByStep    int64 `json:"superseded_by_step"`
	SupersededBySession int64 `json:"superseded_by_session"`
	// Of SupersededByStep, Repeated are those whose step the next point of their
	// series has, and TwoWriters the others in series whose steps go back while
	// wall times overlap. A restart wrote the rest again, see Restarted.
	Repeated   int64 `json:"repeated_steps"`
	TwoWriters int64 `json:"two_writers"`

	InexactIntegers int64 `json:"inexact_integers"` // integers that float64 does not hold exactly
	HigherRank      int64 `json:"higher_rank"`      // points from tensors of one element but not of rank 0
	RenamedTags     int   `json:"renamed_tags"`     // tags with bytes that are not UTF-8, each replaced by U+FFFD

	// OtherVersions are the tags of values that were asked for, whose plugin's
	// content says another version than 0, which is that of all of TensorBoard's:
	// their values are read as of version 0.
	OtherVersions int `json:"other_version_tags,omitempty"`

	// NotExported counts the values that are no scalars, and of no table that was
	// asked for, by kind: the plugin
	// that shows them (images, histograms, text, ...), "tensors" where no
	// plugin is named, "scalars" for values of that plugin that are not one
	// number, and graphs, run_metadata and log_messages for those events.
	NotExported map[string]int64 `json:"not_exported"`

	// Values counts the values that are no points by form, where tables of them
	// were asked for.
	Values map[Form]ValueCounts `json:"values,omitempty"`

	// Found are the values of all summaries, points included, and the events
	// without any: Found == Points + Undecodable + the Read of Values, where there
	// are Values. InNoTable is what that leaves over: 0.
	Found       int64 `json:"values_found"`
	Undecodable int64 `json:"undecodable_values"` // as far as values were looked at; they are damage
	InNoTable   int64 `json:"in_no_table"`

	HParams hparams.Counts `json:"hparams"`
}

// Restarted is how many points of SupersededByStep a restart wrote again.
func (c *Counts) Restarted() int64 { return c.SupersededByStep - c.Repeated - c.TwoWriters }

// Add adds o to c, and leaves o as it is.
func (c *Counts) Add(o *Counts) {
	c.Events += o.Events
	c.Series += o.Series
	c.Points += o.Points
	c.Written += o.Written
	c.Unselected += o.Unselected
	c.Dropped += o.Dropped
	c.SampledOut += o.SampledOut
	c.SupersededByStep += o.SupersededByStep
	c.SupersededBySession += o.SupersededBySession
	c.Repeated += o.Repeated
	c.TwoWriters += o.TwoWriters
	c.InexactIntegers += o.InexactIntegers
	c.HigherRank += o.HigherRank
	c.RenamedTags += o.RenamedTags
	c.OtherVersions += o.OtherVersions
	c.Found += o.Found
	c.Undecodable += o.Undecodable
	c.InNoTable += o.InNoTable
	if c.NotExported == nil {
		c.NotExported = make(map[string]int64)
	}
	for kind, n := range o.NotExported {
		c.NotExported[kind] += n
	}
	for form, n := range o.Values {
		if c.Values == nil {
			c.Values = make(map[Form]ValueCounts)
		}
		sum := c.Values[form]
		c.Values[form] = ValueCounts{sum.Read + n.Read, sum.Exported + n.Exported, sum.LeftOut + n.LeftOut}
	}
	c.HParams.Add(&o.HParams)
}
