package main

import (
	"fmt"
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
	hparams  hparams.Said
	tables   []table.Spec // that were written; none: nothing was
	chosen   chosen
}

// lost reports whether anything could not be read.
func (s *summary) lost() bool {
	return s.totals.Lost() || slices.ContainsFunc(s.problems, func(p eventfile.Problem) bool { return p.Lost })
}

// mostWarnings is how many single warnings are said; the report has them all.
const mostWarnings = 20

// say prints warnings, notes and the closing line.
func (s *summary) say(c console, output string, took time.Duration) {
	s.sayWarnings(c, "--report FILE")
	for _, note := range s.notes() {
		c.say("%s", note)
	}
	c.say("%s", s.closing(output, took))
}

// sayWarnings prints the first of the warnings; lister has them all.
func (s *summary) sayWarnings(c console, lister string) {
	warnings := s.warnings()
	for i, w := range warnings {
		if i == mostWarnings {
			c.say("warning: and %d more; %s lists them all", len(warnings)-i, lister)
			break
		}
		c.say("warning: %s", w)
	}
	s.sayOdd(c)
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
		if n++; n <= mostWarnings {
			lines = append(lines, fmt.Sprintf("run %s: wall times look like %s and are taken for seconds (--wall-time-unit %s)", run.Run, u.Word(), u))
		}
	}
	if n > mostWarnings {
		lines = append(lines, fmt.Sprintf("and %s whose wall times are no seconds", ui.Counted(int64(n-mostWarnings), "run")))
	}
	return lines
}

// warnings are lines about what could not be read.
func (s *summary) warnings() (lines []string) {
	for _, p := range s.problems {
		lines = append(lines, p.Error())
	}
	for _, run := range s.report.Runs {
		for i := range run.Files {
			f := run.Files[i]
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
		return fmt.Sprintf("%s: ends in %s zero bytes from offset %d on, as a killed writer leaves it", d.Path, humanize.Comma(d.Bytes), d.Offset)
	}
	if d.Torn {
		return fmt.Sprintf("%s: ends inside a record at offset %d (%s bytes left over), as a live or killed writer leaves it",
			d.Path, d.Offset, humanize.Comma(d.Bytes))
	}
	line := d.Error()
	switch {
	case d.Before != nil && d.After != nil:
		line += fmt.Sprintf(", between step %d and step %d", d.Before.Step, d.After.Step)
	case d.Before != nil:
		line += fmt.Sprintf(", behind step %d", d.Before.Step)
	case d.After != nil:
		line += fmt.Sprintf(", before step %d", d.After.Step)
	}
	return line
}

// notes are lines about what was read but not exported as it stands.
func (s *summary) notes() (lines []string) {
	add := func(n int64, format string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, humanize.Comma(n)))
		}
	}
	t := &s.totals
	if kinds := s.kinds(); kinds != "" {
		lines = append(lines, "not scalars, so not exported: "+kinds)
	}
	switch s.restarts {
	case series.KeepRestarts:
		add(t.SupersededByStep, "%s points were written again after a restart and are all kept (--restarts step or session drops them)")
	default:
		add(t.Dropped, "%s points were written again after a restart and are left out (--restarts "+s.restarts.String()+")")
	}
	add(t.SampledOut, "%s points are left out by --sample")
	add(t.InexactIntegers, "%s integers are rounded: float64 does not hold them exactly")
	add(int64(t.RenamedTags), "%s tags are not UTF-8: each bad byte became U+FFFD")
	add(int64(s.report.RenamedRuns), "%s runs have a path that is not UTF-8: each bad byte became U+FFFD")
	lines = append(lines, s.hparamsNotes()...)
	add(s.report.Result.NullWallTimes, "%s wall times are no timestamps (NaN, infinite, or too far off) and are null")
	return lines
}

// kinds lists the summaries that were not exported, the most frequent first.
func (s *summary) kinds() string {
	kinds := s.totals.NotExported
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if kinds[a] != kinds[b] {
			return int(kinds[b] - kinds[a])
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = humanize.Comma(kinds[name]) + " " + name
	}
	return strings.Join(names, ", ")
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
	if t.Damaged > 0 {
		line += fmt.Sprintf("; %s lost in %s", humanize.IBytes(uint64(t.DamagedBytes)), ui.Counted(int64(t.Damaged), "damaged file"))
	}
	if t.Unreadable > 0 {
		line += fmt.Sprintf("; %s not readable", ui.Counted(int64(t.Unreadable), "file"))
	}
	if t.Unproven > 0 {
		line += fmt.Sprintf("; %s unproven", ui.Counted(int64(t.Unproven), "file"))
	}
	return line
}
