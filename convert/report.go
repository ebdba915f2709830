package convert

import (
	"tbexport/eventfile"
)

// Report says what was read, what became of it, and what could not be read.
type Report struct {
	Runs []*eventfile.RunStats // in run order
	// RenamedRuns is how many runs had bytes in their path that are not UTF-8.
	RenamedRuns int
	// Folded are the runs that the output has as a part of another.
	Folded []FoldedRun
}

func (r *Report) add(run eventfile.Run, s *eventfile.RunStats) {
	r.Runs = append(r.Runs, s)
	if run.BadBytes > 0 {
		r.RenamedRuns++
	}
}

// nothingRead is the error of the first unreadable file if no file had a
// record to read.
func (r *Report) nothingRead() (first error) {
	for _, s := range r.Runs {
		for i := range s.Files {
			if s.Files[i].Records > 0 {
				return nil
			}
			if first == nil {
				first = s.Files[i].Err
			}
		}
	}
	return first
}

// Totals are the sums over the runs of a report.
type Totals struct {
	Runs, Files, Series int
	Bytes               int64 // of the event files
	Records, Events     int64
	Points              int64 // read; the four below sum up to it
	Written             int64
	Unselected          int64
	Dropped             int64
	SampledOut          int64
	SupersededByStep    int64
	SupersededBySession int64
	InexactIntegers     int64
	HigherRank          int64
	RenamedTags         int
	NotExported         map[string]int64
	HParams             eventfile.HParamStats
	Torn                int   // files that end inside a record
	Damaged             int   // files with data lost to corruption
	DamagedBytes        int64 // of those files, unreadable; a torn tail is not counted
	Unreadable          int   // files that could not be read, or not to their end
}

// Totals sums up the report.
func (r *Report) Totals() Totals {
	t := Totals{Runs: len(r.Runs), NotExported: make(map[string]int64)}
	for _, s := range r.Runs {
		t.Files += len(s.Files)
		t.Series += s.Series
		t.Events += s.Events
		t.Points += s.Points
		t.Written += s.Written
		t.Unselected += s.Unselected
		t.Dropped += s.Dropped
		t.SampledOut += s.SampledOut
		t.SupersededByStep += s.SupersededByStep
		t.SupersededBySession += s.SupersededBySession
		t.InexactIntegers += s.InexactIntegers
		t.HigherRank += s.HigherRank
		t.RenamedTags += s.RenamedTags
		t.HParams.Add(&s.HParams)
		for kind, n := range s.NotExported {
			t.NotExported[kind] += n
		}
		for i := range s.Files {
			t.addFile(s.Files[i])
		}
	}
	return t
}

func (t *Totals) addFile(f *eventfile.FileStats) {
	t.Bytes += f.Bytes
	t.Records += f.Records
	if f.Err != nil {
		t.Unreadable++
	}
	torn, damaged := false, false
	for _, d := range f.Damage {
		if d.Torn {
			torn = true
		} else {
			damaged = true
			t.DamagedBytes += d.Bytes
		}
	}
	if torn {
		t.Torn++
	}
	if damaged {
		t.Damaged++
	}
}

// Lost reports whether data was lost: to corruption, or in files that could
// not be read.
func (t *Totals) Lost() bool { return t.Damaged > 0 || t.Unreadable > 0 }
