package plan

import (
	"fmt"
	"strings"
)

// Outcome is what became of a run.
type Outcome string

// The outcomes.
const (
	Created  Outcome = "created"
	Grown    Outcome = "completed" // it was there already, and what was missing or other was written
	Skipped  Outcome = "skipped"   // it was there already, whole
	Verified Outcome = "verified"  // compared, and equal but for RunResult.Differences
	Missing  Outcome = "missing"   // compared, and not there
	Failed   Outcome = "failed"
)

// RunResult is what became of one run.
type RunResult struct {
	Run     *Run
	Outcome Outcome
	Where   string // what the run is called at the destination: its id, or a path
	Rows    int64  // written, or read back
	Points  int64  // in these rows
	Bytes   int64  // written; 0: not known
	// Moved are points whose time there is that of another point of their row,
	// and Spread the most seconds between the two.
	Moved  int64
	Spread float64
	// BadTimes are rows none of whose wall times the destination can show.
	BadTimes int64
	// OtherRows are how many rows of values that are no points were written, or read
	// back, by table; nil: there are no such tables. NULs are how many of these
	// values have a text that lost a NUL.
	OtherRows   map[string]int64
	NULs        int64
	Media       MediaResult
	Differences []Difference
	// Theirs is what people added or changed at the destination, which is no difference.
	Theirs []Difference
	Err    error
}

// AddOtherRows adds n to OtherRows.
func (r *RunResult) AddOtherRows(table string, n int64) {
	if r.OtherRows == nil {
		r.OtherRows = make(map[string]int64)
	}
	r.OtherRows[table] += n
}

// Result is what became of a plan: of the runs that were come to.
type Result struct {
	Runs []*RunResult
}

// Good reports whether every run is there as it is in the logs.
func (r *Result) Good() bool {
	for _, run := range r.Runs {
		if run.Err != nil || run.Outcome == Missing || len(run.Differences) > 0 {
			return false
		}
	}
	return true
}

// Difference is something of a run that is not at the destination as it is in
// the logs.
type Difference struct {
	What          string // metric, param, time, name or another part of a run
	Key           string // empty: there is one only
	Expected, Got string // of the first that differs; empty: none is there
	// NotThere are the points that only the logs have, NotHere those that only
	// the destination has.
	NotThere, NotHere int64
	// Asked: Expected is what the options ask for, and not of the logs.
	Asked bool
}

func isOrAre(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func (d Difference) String() string {
	text := d.What
	if d.Key != "" {
		text += fmt.Sprintf(" %q", d.Key)
	}
	var points []string
	if n := d.NotThere; n > 0 {
		points = append(points, fmt.Sprintf("%d of the logs %s missing", n, isOrAre(n)))
	}
	if n := d.NotHere; n > 0 {
		points = append(points, fmt.Sprintf("%d %s there only", n, isOrAre(n)))
	}
	if len(points) > 0 {
		text += ": " + strings.Join(points, ", ")
	}
	switch {
	case d.Asked:
		return text + fmt.Sprintf(": asked for %s, there %s", orNone(d.Expected), orNone(d.Got))
	case d.Got == "" && d.Expected == "":
		return text
	case d.Got == "":
		return text + fmt.Sprintf(": in the logs %s", d.Expected)
	case d.Expected == "":
		return text + fmt.Sprintf(": only there %s", d.Got)
	}
	return text + fmt.Sprintf(": in the logs %s, there %s", d.Expected, d.Got)
}

// Added tells of a difference that is somebody's work at the destination.
func (d Difference) Added() string {
	text := d.What
	if d.Key != "" {
		text += fmt.Sprintf(" %q", d.Key)
	}
	switch {
	case d.NotHere > 1:
		return text + fmt.Sprintf(": %s and %d more were added", d.Got, d.NotHere-1)
	case d.Expected == "":
		return text + ": " + d.Got + " was added"
	}
	return text + " was changed: " + d.Got
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return fmt.Sprintf("%q", text)
}
