package main

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/series"
)

// runFlags choose runs. Every verb that reads runs has them.
type runFlags struct {
	globs, expressions []string
	// Of how they are read, which stands here as every such verb has it.
	ignoreCRC    bool
	wallTimeUnit string
}

func (r *runFlags) add(f *pflag.FlagSet) {
	f.StringArrayVar(&r.globs, "run", nil,
		"only runs whose name matches the `GLOB`; ** matches across /, a leading ! excludes (repeatable)")
	f.StringArrayVar(&r.expressions, "run-regex", nil,
		"only runs whose name contains a match of the `REGEX` (repeatable: of any)")
	addIgnoreCRC(f, &r.ignoreCRC)
	addWallTimeUnit(f, &r.wallTimeUnit)
}

func addWallTimeUnit(f *pflag.FlagSet, unit *string) {
	f.StringVar(unit, "wall-time-unit", "s", "the `UNIT` of the wall times in the files: s, ms, us or ns")
}

func readWallTimeUnit(unit string) (eventfile.TimeUnit, error) {
	u, err := eventfile.ParseTimeUnit(unit)
	if err != nil {
		return u, usagef("--wall-time-unit %v", err)
	}
	return u, nil
}

func addIgnoreCRC(f *pflag.FlagSet, ignore *bool) {
	f.BoolVar(ignore, "ignore-crc", false, "trust records with a wrong CRC, and files framed wrongly")
}

// read gives the choice of runs.
func (r *runFlags) read() (*chosenNames, error) { return chooseNames("--run", r.globs, r.expressions) }

// selectionFlags choose runs, tags and points. Every verb that reads points
// has them.
type selectionFlags struct {
	runs                runFlags
	tags, tagRegexp     []string
	steps, since, until string
	sample              int
	restarts            string
}

func (s *selectionFlags) add(f *pflag.FlagSet) {
	s.runs.add(f)
	f.StringArrayVar(&s.tags, "tag", nil, "only tags that match the `GLOB`, likewise (repeatable)")
	f.StringArrayVar(&s.tagRegexp, "tag-regex", nil,
		"only tags that contain a match of the `REGEX` (repeatable: of any)")
	f.StringVar(&s.steps, "steps", "", "only steps `A:B`, both included; either may be left out")
	f.StringVar(&s.since, "since", "", "only points from this `TIME` on: RFC 3339, a date, or seconds since 1970")
	f.StringVar(&s.until, "until", "", "only points up to this `TIME`")
	f.IntVar(&s.sample, "sample", 0, "at most `N` points a series: the first, the last and others evenly by index (0: all)")
	f.StringVar(&s.restarts, "restarts", "keep", "points that a restart wrote again: keep all; step, as TensorBoard "+
		"shows\nthem; session, as the writer asked with SessionLog START")
}

// read fills o and gives the choices of runs and tags.
func (s *selectionFlags) read(o *convert.ReadOptions) (c chosen, err error) {
	o.SkipDataCRC = o.SkipDataCRC || s.runs.ignoreCRC
	if o.Restarts, err = series.ParseRestarts(s.restarts); err != nil {
		return c, usagef("--restarts %v", err)
	}
	if s.sample < 0 {
		return c, usagef("--sample %d: not a number of points", s.sample)
	}
	o.Select.Sample = s.sample
	if err := readSteps(s.steps, &o.Select); err != nil {
		return c, err
	}
	if o.Select.Since, err = readTime("--since", s.since); err != nil {
		return c, err
	}
	if o.Select.Until, err = readTime("--until", s.until); err != nil {
		return c, err
	}
	return selectNames(&s.runs, s.tags, s.tagRegexp, o)
}

func readSteps(text string, s *series.Selection) error {
	if text == "" {
		return nil
	}
	first, last, ok := strings.Cut(text, ":")
	if !ok {
		return usagef("--steps %s: want A:B, with either left out for no bound", text)
	}
	for _, bound := range []struct {
		text string
		to   **int64
	}{{first, &s.FirstStep}, {last, &s.LastStep}} {
		if bound.text == "" {
			continue
		}
		step, err := strconv.ParseInt(bound.text, 10, 64)
		if err != nil {
			return usagef("--steps %s: %q is not a whole number", text, bound.text)
		}
		*bound.to = &step
	}
	if s.FirstStep != nil && s.LastStep != nil && *s.FirstStep > *s.LastStep {
		return usagef("--steps %s: the first step is above the last", text)
	}
	return nil
}

func readTime(flag, text string) (*float64, error) {
	if text == "" {
		return nil, nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(seconds) {
		return &seconds, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			seconds := float64(t.Unix()) + float64(t.Nanosecond())/1e9
			return &seconds, nil
		}
	}
	return nil, usagef("%s %s: want a time as 2024-05-31T12:00:00Z, a date, or seconds since 1970", flag, text)
}
