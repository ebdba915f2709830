package eventfile

import "math"

// RunStats is what reading a run found, and what of it came out as points.
type RunStats struct {
	Run   string
	Files []*FileStats
	Counts

	// FirstTime and LastTime are the earliest and the latest wall time of the
	// run's events, 0 where there is none. A wall time that is not finite, or
	// not above 0 (some writers never set it), tells no time.
	FirstTime, LastTime float64

	Writer      string
	FileVersion string

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
