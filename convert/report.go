package convert

import (
	"slices"

	"tbexport/eventfile"
)

// Report says what was read, what became of it, and what could not be read.
type Report struct {
	Runs []*RunStats // in run order
	// RenamedRuns is how many runs had bytes in their path that are not UTF-8.
	RenamedRuns int
	// Result is what the sink said of its output; zero without one.
	Result Result
}

func (r *Report) add(run eventfile.Run, s *RunStats) {
	r.Runs = append(r.Runs, s)
	if run.BadBytes > 0 {
		r.RenamedRuns++
	}
}

// LeaveOut takes out the runs that were to be parts of others, nil for none, and by
// Result are not. Export has done it.
func (r *Report) LeaveOut(parts func(run string) bool) {
	if parts == nil {
		return
	}
	folded := make(map[string]bool, len(r.Result.Folded))
	for _, f := range r.Result.Folded {
		folded[f.Run] = true
	}
	r.Runs = slices.DeleteFunc(r.Runs, func(s *RunStats) bool { return parts(s.Run) && !folded[s.Run] })
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
	Runs, Files int
	Bytes       int64 // of the event files
	Records     int64
	Counts
	Torn         int   // files that end inside a record
	Damaged      int   // files with data lost to corruption
	DamagedBytes int64 // of those files, unreadable; a torn tail is not counted
	Unreadable   int   // files that could not be read, or not to their end
	Unproven     int   // files whose framing is wrong throughout, so that nothing proves what was read
}

// Totals sums up the report.
func (r *Report) Totals() Totals {
	t := Totals{Runs: len(r.Runs), Counts: Counts{NotExported: make(map[string]int64)}}
	for _, s := range r.Runs {
		t.Files += len(s.Files)
		t.Counts.Add(&s.Counts)
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
	if f.Unproven {
		t.Unproven++
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

// Lost reports whether data was lost, to corruption or in files that could not
// be read, or is unproven.
func (t *Totals) Lost() bool { return t.Damaged > 0 || t.Unreadable > 0 || t.Unproven > 0 }
