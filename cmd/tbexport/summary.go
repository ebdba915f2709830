package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tbexport/convert"
	"tbexport/convert/table"
	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/series"
	"tbexport/eventfile/tfrecord"
	"tbexport/internal/ui"
)

// summary is what is said at the end of an export.
type summary struct {
	report   *convert.Report
	totals   convert.Totals
	problems []eventfile.Problem
	restarts series.Restarts
	hparams  hparams.Precedence
	extract  string       // where files were extracted to, beside the tables
	verbose  bool         // every damage is said
	tables   []table.Spec // that were written; none: nothing was
	chosen   chosen
}

// lost reports whether anything could not be read.
func (s *summary) lost() bool {
	return s.totals.Lost() || slices.ContainsFunc(s.problems, func(p eventfile.Problem) bool { return p.Lost })
}

// say prints warnings, notes and the closing line.
func (s *summary) say(c console, output string, took time.Duration) {
	s.sayWarnings(c)
	s.sayOdd(c)
	for _, note := range s.notes() {
		c.say("%s", note)
	}
	c.say("%s", s.closing(output, took))
}

// sayWarnings prints the warnings, or few lines that stand for them.
func (s *summary) sayWarnings(c console) {
	for _, w := range s.shownWarnings() {
		c.say("warning: %s", w)
	}
}

// sayOdd tells what was asked for and is not there, and which wall times are
// no seconds.
func (s *summary) sayOdd(c console) {
	for _, line := range append(s.chosen.unmet(), timeNotes(s.report.Runs)...) {
		c.say("%s", line)
	}
}

// timeNotes are lines about runs whose wall times seem to be no seconds.
func timeNotes(runs []*convert.RunStats) (lines []string) {
	n := 0
	for _, run := range runs {
		u := run.TimesLookLike()
		if u == eventfile.Seconds {
			continue
		}
		if n++; n <= mostNotes {
			lines = append(lines, fmt.Sprintf("run %s: wall times look like %s and are taken for seconds "+
				"(--wall-time-unit %s)", run.Run, u.Word(), u))
		}
	}
	if n > mostNotes {
		lines = append(lines,
			fmt.Sprintf("and %s whose wall times are no seconds", ui.Counted(int64(n-mostNotes), "run")))
	}
	return lines
}

// mostNotes is how many runs of one oddity are named one by one.
const mostNotes = 20

// fewWarnings is how many files of one kind of damage are named one by one.
const fewWarnings = 3

// shownWarnings are the warnings: of many files that are damaged alike one line,
// with the worst of them.
func (s *summary) shownWarnings() (lines []string) {
	if s.verbose {
		return s.warnings()
	}
	const lister = "-v"
	var unreadable, corrupt, torn, odd damages
	for _, p := range s.problems {
		unreadable.add(p.Path, 0, p.Error())
	}
	for _, run := range s.report.Runs {
		for _, f := range run.Files {
			for _, d := range f.Damage {
				if d.Torn {
					torn.add(f.Path, d.Bytes, damageLine(d))
				} else {
					corrupt.add(f.Path, d.Bytes, damageLine(d))
				}
			}
			if f.Err != nil {
				unreadable.add(f.Path, f.Bytes, f.Err.Error())
			}
			for _, line := range oddLines(f) {
				odd.add(f.Path, f.Bytes, line)
			}
		}
	}
	lines = append(lines,
		unreadable.lines("%d files or directories were passed over; one of them: %s (%s lists them)", lister)...)
	lines = append(lines, corrupt.lines("%d files are damaged; the worst: %s (%s lists them)", lister)...)
	lines = append(lines, odd.lines(oddMany, lister)...)
	return append(lines, torn.lines("%d files end inside a record or in zeros, as live or killed writers leave them; "+
		"the longest such end: %s (%s lists them)", lister)...)
}

// oddMany stands for many files that are odd all through.
const oddMany = "%d files are odd all through; one of them: %s (%s lists them)"

// damages are those of one kind.
type damages struct {
	files     int
	last      string // file
	all       []string
	worst     string
	mostBytes int64
}

func (d *damages) add(file string, bytes int64, line string) {
	if d.files == 0 || file != d.last {
		d.files++
		d.last = file
	}
	d.all = append(d.all, line)
	if d.worst == "" || bytes > d.mostBytes {
		d.worst, d.mostBytes = line, bytes
	}
}

// lines are one for each, or one for all of many files.
func (d *damages) lines(many, lister string) []string {
	switch {
	case d.files > fewWarnings:
		return []string{fmt.Sprintf(many, d.files, d.worst, lister)}
	case len(d.all) > 2*fewWarnings:
		return append(slices.Clone(d.all[:fewWarnings]),
			fmt.Sprintf("and %d more such stretches (%s lists them)", len(d.all)-fewWarnings, lister))
	}
	return d.all
}

// warnings are lines about all that could not be read.
func (s *summary) warnings() (lines []string) {
	for _, p := range s.problems {
		lines = append(lines, p.Error())
	}
	for _, run := range s.report.Runs {
		for _, f := range run.Files {
			for _, d := range f.Damage {
				lines = append(lines, damageLine(d))
			}
			if f.Err != nil {
				lines = append(lines, f.Err.Error())
			}
			lines = append(lines, oddLines(f)...)
		}
	}
	return lines
}

func damageLine(d *eventfile.Damage) string {
	if d.Cause == tfrecord.ZeroTail.String() {
		// The record at the offset may have begun before the zeros do.
		return fmt.Sprintf("%s: ends in zeros, without a whole record from offset %d on (%s left over), "+
			"as a killed writer leaves it", d.Path, d.Offset, ui.Counted(d.Bytes, "byte"))
	}
	if d.Torn {
		return fmt.Sprintf("%s: ends inside a record at offset %d (%s left over), as a live or killed writer leaves it",
			d.Path, d.Offset, ui.Counted(d.Bytes, "byte"))
	}
	line := d.Error()
	switch {
	case d.Before != nil && d.After != nil:
		line += fmt.Sprintf(", between step %d and step %d", d.Before.Step, d.After.Step)
	case d.Before != nil:
		line += fmt.Sprintf(", after step %d", d.Before.Step)
	case d.After != nil:
		line += fmt.Sprintf(", before step %d", d.After.Step)
	}
	return line
}

// notes are lines about what was read but not exported as it stands.
func (s *summary) notes() []string {
	var l noteLines
	t := &s.totals
	if kinds := s.kinds(); kinds != "" && s.totals.Values == nil {
		l = append(l, "not scalars, so not exported: "+kinds)
	}
	l = append(l, s.restartNotes()...)
	l.are(t.SampledOut, "point", "left out by --sample")
	l.add(t.InexactIntegers, "1 integer is rounded: float64 does not hold it exactly",
		"%s integers are rounded: float64 does not hold them exactly")
	const badBytes = ": each bad byte became U+FFFD"
	l.add(int64(t.RenamedTags), "1 tag is not UTF-8"+badBytes, "%s tags are not UTF-8"+badBytes)
	const otherVersion = " of another version of its plugin than 0, which TensorBoard may not show: its values are " +
		"read as of version 0"
	l.add(int64(t.OtherVersions), "1 tag is"+otherVersion,
		"%s tags are"+strings.ReplaceAll(otherVersion, "its", "their"))
	l.add(int64(s.report.RenamedRuns), "1 run has a path that is not UTF-8"+badBytes,
		"%s runs have a path that is not UTF-8"+badBytes)
	l = append(l, s.hparamsNotes()...)
	l.add(s.report.Result.NullWallTimes, "1 wall time is no timestamp (NaN, infinite, or too far off) and is null",
		"%s wall times are no timestamps (NaN, infinite, or too far off) and are null")
	return l
}

// restartNotes are lines about points that a later one goes back to.
func (s *summary) restartNotes() []string {
	var l noteLines
	t := &s.totals
	if s.restarts == series.SessionRestarts {
		const mode = " (--restarts session)"
		l.add(t.Dropped, "1 point was written again after a restart and is left out"+mode,
			"%s points were written again after a restart and are left out"+mode)
		return l
	}
	one, many := " and is kept (--restarts step or session drops it)",
		" and are all kept (--restarts step or session drops them)"
	oneStep, manyStep := " and is kept (--restarts step drops it)", " and are all kept (--restarts step drops them)"
	if s.restarts == series.StepRestarts {
		one, many = " and is left out (--restarts step)", " and are left out (--restarts step)"
		oneStep, manyStep = one, many
	}
	l.add(t.Restarted(), "1 point was written again after a restart"+one,
		"%s points were written again after a restart"+many)
	l.add(t.TwoWriters, "1 point is one of two writers that wrote one run at the same time"+oneStep,
		"%s points are those of two writers that wrote one run at the same time, over each other's steps,"+manyStep)
	l.add(t.Repeated, "1 point has the step of the next one of its series"+oneStep,
		"%s points have the step of the next one of their series"+manyStep)
	return l
}

// kinds lists the summaries that were not exported, the most frequent first.
func (s *summary) kinds() string {
	return counted(s.totals.NotExported)
}

// leftOut is a phrase of what is no scalar and was left out by choice: of no table
// that was asked for, not selected, or dropped; empty if there is nothing.
func (s *summary) leftOut() string {
	if s.totals.Values == nil {
		return ""
	}
	kinds := maps.Clone(s.totals.NotExported) // never nil, of totals
	for form, n := range s.totals.Values {
		if slices.ContainsFunc(s.tables, func(t table.Spec) bool { return slices.Contains(t.Forms, form) }) {
			kinds[string(form)] += n.LeftOut
		}
	}
	if !slices.ContainsFunc(s.tables, func(t table.Spec) bool { return t.Series }) {
		kinds["points"] += s.totals.Points
	}
	maps.DeleteFunc(kinds, func(_ string, n int64) bool { return n == 0 })
	return counted(kinds)
}

func (s *summary) closing(output string, took time.Duration) string {
	t := &s.totals
	to := "standard output"
	if output != "" {
		to = filepath.Clean(output)
	}
	line := fmt.Sprintf("%s of %s, %s in %s -> %s, %.2f s", s.written(), ui.Counted(int64(t.Runs), "run"),
		humanize.IBytes(uint64(t.Bytes)), ui.Counted(int64(t.Files), "file"), to, took.Seconds())
	if t.Runs == 0 {
		line += "; every run is excluded"
	}
	if t.Written == 0 && t.Points > 0 && s.hasPoints() {
		line += fmt.Sprintf("; none of the %s was selected", ui.Counted(t.Points, "point"))
	}
	line += s.extracted()
	if kinds := s.leftOut(); kinds != "" {
		line += "; left out by choice: " + kinds
	}
	if t.Damaged > 0 {
		line += fmt.Sprintf("; %s lost in %s", humanize.IBytes(uint64(t.DamagedBytes)),
			ui.Counted(int64(t.Damaged), "damaged file"))
	}
	if t.Unreadable > 0 {
		line += fmt.Sprintf("; %s not readable", ui.Counted(int64(t.Unreadable), "file"))
	}
	if t.Unproven > 0 {
		line += fmt.Sprintf("; %s unproven", ui.Counted(int64(t.Unproven), "file"))
	}
	return line
}
