package eventfile

import "math"

// RunStats is what reading a run found, and what of it came out as points.
//
// Points == Unselected + Dropped + SampledOut + Written, once the run is read
// to its end.
type RunStats struct {
	Run    string
	Files  []*FileStats
	Events int64
	Series int   // tags with at least one scalar point
	Points int64 // scalar points read

	Unselected int64 // points of tags, steps or times that were not asked for
	Dropped    int64 // points taken out by the restart mode
	SampledOut int64 // points left out by sampling
	Written    int64 // points given out in chunks

	// SupersededByStep and SupersededBySession are how many points of the
	// selected tags StepRestarts and SessionRestarts take out, or would.
	SupersededByStep    int64
	SupersededBySession int64

	// NotExported counts the values that are no scalars by kind: the plugin
	// that shows them (images, histograms, text, ...), "tensors" where no
	// plugin is named, "scalars" for values of that plugin that are not one
	// number, and graphs, run_metadata and log_messages for those events.
	NotExported map[string]int64

	HParams HParamStats

	// FirstTime and LastTime are the earliest and the latest wall time of the
	// run's events, 0 where there is none. A wall time that is not finite, or
	// not above 0 (some writers never set it), tells no time.
	FirstTime, LastTime float64

	InexactIntegers int64 // integers that float64 does not hold exactly
	HigherRank      int64 // points from tensors of one element but not of rank 0
	RenamedTags     int   // tags with bytes that are not UTF-8, each replaced by U+FFFD
	Writer          string
	FileVersion     string

	Outline *Outline // of RunOptions.Outline; nil without it
}

// FileStats is what reading one event file found.
// Bytes == RecordBytes + the Bytes of all Damage, unless Err is set or the file
// became shorter while it was read.
type FileStats struct {
	Path        string
	Bytes       int64 // size when it was opened
	RecordBytes int64 // of whole records that decoded, framing included
	Records     int64 // such records
	Damage      []*Damage
	Err         error // why the rest of the file, or all of it, could not be read
}

// Lost reports whether anything in the file beyond a torn tail was not read.
func (f *FileStats) Lost() bool {
	if f.Err != nil {
		return true
	}
	for _, d := range f.Damage {
		if !d.Torn {
			return true
		}
	}
	return false
}

// time takes the wall time of an event in.
func (s *RunStats) time(t float64) {
	if !tellsTime(t) {
		return
	}
	if s.FirstTime == 0 || t < s.FirstTime {
		s.FirstTime = t
	}
	s.LastTime = max(s.LastTime, t)
}

// tellsTime is false for what is not finite or not above 0, see RunStats.
func tellsTime(t float64) bool { return t > 0 && t <= math.MaxFloat64 }

func (s *RunStats) notExported(kind string) {
	if s.NotExported == nil {
		s.NotExported = make(map[string]int64)
	}
	s.NotExported[kind]++
}
