package plan

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"tbexport/eventfile"
)

// latestTime is in the year 2262, beyond which pandas has no times.
const latestTime = 9_223_372_036.854

// earliestTime is the least that rounds to a millisecond.
const earliestTime = 0.0005

// span is a stretch of time, in seconds since 1970; 0: not known.
type span struct{ first, last float64 }

// add widens the span to a time. Zero, and what no clock shows, tells nothing.
func (s *span) add(seconds float64) {
	if !(seconds >= earliestTime && seconds <= latestTime) {
		return
	}
	if s.first == 0 || seconds < s.first {
		s.first = seconds
	}
	s.last = max(s.last, seconds)
}

// times are when a run began and ended: the first and the last wall time of its
// events, whatever is selected of them, and what its session says of itself;
// without any, the seconds in its files' names; without these, the files' own
// times, which guessed says: a copy has others.
func (g *group) times() (all span, guessed bool) {
	if all = g.span((*Source).eventTimes); all.first != 0 {
		return all, false
	}
	if all = g.span((*Source).nameTimes); all.first != 0 {
		return all, false
	}
	return g.span(func(s *Source) span { return s.fileTimes }), true
}

// span is that of all the sources.
func (g *group) span(of func(*Source) span) (all span) {
	for _, s := range g.sources {
		one := of(s)
		all.add(one.first)
		all.add(one.last)
	}
	return all
}

// eventTimes are those that a source's events tell.
func (s *Source) eventTimes() (all span) {
	all.add(s.Stats.FirstTime)
	all.add(s.Stats.LastTime)
	// Where the outermost times are none that a clock shows, these are.
	all.add(s.points.first)
	all.add(s.points.last)
	if s.HParams != nil && s.HParams.Start != nil {
		all.add(s.HParams.Start.StartTime)
	}
	if s.HParams != nil && s.HParams.End != nil {
		all.add(s.HParams.End.Time)
	}
	return all
}

func (s *Source) nameTimes() (all span) {
	for _, file := range s.Run.Files {
		all.add(nameTime(file))
	}
	return all
}

// readFileTimes keeps when a source's files were changed.
func (s *Source) readFileTimes(ctx context.Context) {
	for _, file := range s.Run.Files {
		s.fileTimes.add(modTime(ctx, s.Store, file))
	}
}

// earliestName is the least number in a file's name that is taken for a time,
// of the year 2001. It is more than any number of a process or a part.
const earliestName = 1e9

// nameTime gives the seconds in the name of an event file, which its writer put
// there when it began: events.out.tfevents.1700000000.HOST. 0: there are none.
func nameTime(file string) float64 {
	_, rest, found := strings.Cut(filepath.Base(file), "tfevents.")
	if !found {
		return 0
	}
	digits, _, _ := strings.Cut(rest, ".")
	seconds, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || seconds < earliestName {
		return 0
	}
	return float64(seconds)
}

// modTime is when a file was changed, to the millisecond; 0: not known.
func modTime(ctx context.Context, store eventfile.Store, path string) float64 {
	file, err := store.Open(ctx, path)
	if err != nil {
		return 0
	}
	defer file.Close()
	if file.ModTime().IsZero() {
		return 0
	}
	return float64(file.ModTime().UnixMilli()) / 1000
}
