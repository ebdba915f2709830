package plan

import (
	"os"
)

// latestTime is in the year 2262, beyond which pandas has no times.
const latestTime = 9_223_372_036.854

// spans widens the source's times to that of a point. Zero, and what no clock
// shows, tells nothing.
func (s *Source) spans(seconds float64) {
	if !(seconds >= earliestTime && seconds <= latestTime) {
		return
	}
	if s.first == 0 || seconds < s.first {
		s.first = seconds
	}
	s.last = max(s.last, seconds)
}

// earliestTime is the least that rounds to a millisecond.
const earliestTime = 0.0005

// times are those of the first and last point and of the session's start and
// end; without any, the files' own.
func (g *group) times() (start, end float64) {
	var all Source
	for _, s := range g.sources {
		all.spans(s.first)
		all.spans(s.last)
		if s.HParams != nil && s.HParams.Start != nil {
			all.spans(s.HParams.Start.StartTime)
		}
		if s.HParams != nil && s.HParams.End != nil {
			all.spans(s.HParams.End.Time)
		}
	}
	if all.first == 0 {
		for _, s := range g.sources {
			for _, file := range s.Run.Files {
				all.spans(modTime(file))
			}
		}
	}
	return all.first, all.last
}

// modTime is when a file was changed, to the millisecond; 0: not known.
func modTime(file string) float64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return float64(info.ModTime().UnixMilli()) / 1000
}
