package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tbexport/convert"
	"tbexport/internal/chart"
	"tbexport/internal/ui"
)

// series is all selected points of one run and tag.
type series struct {
	run, tag  string
	colour    int // the number of its run
	origin    float64
	steps     []int64
	wallTimes []float64
	values    []float64
}

// allSeries keeps the series of all runs in memory, at 24 bytes a point.
type allSeries struct {
	series []*series
	runs   int
}

// take keeps the series of one run.
func (s *allSeries) take(_ context.Context, in *convert.Input) error {
	first := len(s.series)
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		if n := len(s.series); n == first || s.series[n-1].tag != chunk.Tag {
			s.series = append(s.series, &series{run: in.Run.Name, tag: chunk.Tag, colour: s.runs, origin: chunk.Origin})
		}
		last := s.series[len(s.series)-1]
		last.steps = append(last.steps, chunk.Steps...)
		last.wallTimes = append(last.wallTimes, chunk.WallTimes...)
		last.values = append(last.values, chunk.Values...)
	}
	if len(s.series) > first {
		s.runs++
	}
	return nil
}

// charts makes a chart of each tag, in the order of the tags, or one of all.
func (s *showFlags) charts(all []*series, screen ui.Screen) []chart.Chart {
	var charts []chart.Chart
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *series) int { return strings.Compare(a.tag, b.tag) })
	oneRun := !slices.ContainsFunc(sorted, func(x *series) bool { return x.run != sorted[0].run })
	unit, unitName := relativeUnit(longest(all))
	for i, x := range sorted {
		if i == 0 || !s.together && x.tag != sorted[i-1].tag {
			title := screen.Name(s.title(x, sorted, oneRun))
			if s.smooth > 0 {
				title += ", smoothed " + strconv.FormatFloat(s.smooth, 'g', -1, 64)
			}
			charts = append(charts, chart.Chart{Title: title, Log: s.log, Time: s.axis == "wall", Whole: s.axis == "step"})
		}
		c := &charts[len(charts)-1]
		line := s.line(x, unit)
		switch {
		case !s.together:
			line.Name = screen.Name(x.run)
		case oneRun:
			line.Name = screen.Name(x.tag)
		default:
			line.Name = screen.Name(x.run + "  " + x.tag)
		}
		if s.together {
			line.Colour = len(c.Lines)
		}
		c.Lines = append(c.Lines, line)
		c.XLabel = map[string]string{"step": "step", "wall": "time, UTC", "relative": "time, " + unitName}[s.axis]
	}
	return charts
}

// title is the tag of a chart, or of several the run, if it is one.
func (s *showFlags) title(x *series, all []*series, oneRun bool) string {
	switch {
	case !s.together || !slices.ContainsFunc(all, func(y *series) bool { return y.tag != x.tag }):
		return x.tag
	case oneRun:
		return x.run
	}
	return "all tags"
}

func (s *showFlags) line(x *series, unit float64) chart.Line {
	line := chart.Line{Colour: x.colour, X: make([]float64, len(x.steps)), Y: x.values}
	for i := range x.steps {
		switch s.axis {
		case "step":
			line.X[i] = float64(x.steps[i])
		case "wall":
			line.X[i] = x.wallTimes[i]
		case "relative":
			line.X[i] = (x.wallTimes[i] - x.origin) / unit
		}
	}
	if s.smooth > 0 {
		line.Y, line.Raw = chart.Smooth(x.values, s.smooth), x.values
	}
	return line
}

// longest is the longest time from the first point of a series to another.
func longest(all []*series) (seconds float64) {
	for _, x := range all {
		for _, t := range x.wallTimes {
			if d := t - x.origin; isFinite(d) {
				seconds = max(seconds, d)
			}
		}
	}
	return seconds
}
