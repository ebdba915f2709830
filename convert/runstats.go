package convert

import (
	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/inventory"
	"tbexport/eventfile/series"
)

// RunStats is what reading a run found, and what of it came out as points.
type RunStats struct {
	Run   string
	Files []*eventfile.FileStats
	Counts

	// FirstTime and LastTime are as in eventfile.RunStats.
	FirstTime, LastTime float64

	// Changes are what its hparams records say differently.
	Changes []hparams.Change

	Writer      string
	FileVersion string
	First       eventfile.FirstRecord

	// Of List only.
	Inventory *inventory.Inventory // nil but of List
	Params    int                  // hparams of the session start
}

// TimesLookLike is the unit that the wall times seem to have: Seconds, or what
// they are to be read as.
func (s *RunStats) TimesLookLike() eventfile.TimeUnit { return eventfile.GuessTimeUnit(s.LastTime) }

// newRunStats takes over what a walk found. All points count as unselected.
func newRunStats(s *eventfile.RunStats, h *hparams.Collector) *RunStats {
	stats := &RunStats{
		Run: s.Run, Files: s.Files, FirstTime: s.FirstTime, LastTime: s.LastTime,
		Writer: s.Writer, FileVersion: s.FileVersion, First: s.First,
		Counts: Counts{
			Events: s.Events, Series: s.Series, Points: s.Points, Unselected: s.Points,
			InexactIntegers: s.InexactIntegers, HigherRank: s.HigherRank, RenamedTags: s.RenamedTags,
			Found: s.Values, Undecodable: s.Undecodable, InNoTable: s.Values - s.Points - s.Undecodable - s.Aside,
			HParams: h.Counts(),
		},
	}
	if known := h.HParams(); known != nil {
		stats.Changes = known.Changes
	}
	for kind, n := range s.NotExported {
		if stats.NotExported == nil {
			stats.NotExported = make(map[string]int64, len(s.NotExported))
		}
		stats.NotExported[string(kind)] = n
		stats.InNoTable -= n
	}
	return stats
}

// setPoints takes over what became of the points.
func (s *RunStats) setPoints(c series.Counts) {
	s.Unselected, s.Dropped, s.SampledOut, s.Written = c.Unselected, c.Dropped, c.SampledOut, c.Written
	s.SupersededByStep, s.SupersededBySession = c.SupersededByStep, c.SupersededBySession
	s.Repeated, s.TwoWriters = c.Repeated, c.TwoWriters
}
