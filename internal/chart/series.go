package chart

import (
	"slices"
	"strconv"
	"strings"
)

// Series is the points of one run and tag.
type Series struct {
	Run, Tag  string
	Colour    int     // of its line: the number of its run
	Origin    float64 // what relative time counts from
	Steps     []int64
	WallTimes []float64 // seconds since the epoch
	Values    []float64
}

// Axis is what the X axis shows.
type Axis uint8

// The axes. AxisRelative is time since the series' origin.
const (
	AxisStep Axis = iota
	AxisRelative
	AxisWall
)

// Options say how series become charts.
type Options struct {
	Axis     Axis
	Smooth   float64 // the weight of Smooth; 0: none
	Log      bool
	Together bool                     // one chart for all tags
	Name     func(name string) string // makes names such that they can be shown
}

// Of makes a chart of each tag, in the order of the tags, or one of all.
func Of(all []*Series, o Options) []Chart {
	var charts []Chart
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *Series) int { return strings.Compare(a.Tag, b.Tag) })
	oneRun := !slices.ContainsFunc(sorted, func(x *Series) bool { return x.Run != sorted[0].Run })
	unit, unitName := relativeUnit(longest(all))
	label := [...]string{AxisStep: "step", AxisRelative: "time, " + unitName, AxisWall: "time, UTC"}[o.Axis]
	for i, x := range sorted {
		if i == 0 || !o.Together && x.Tag != sorted[i-1].Tag {
			title := o.Name(o.title(x, sorted, oneRun))
			if o.Smooth > 0 {
				title += ", smoothed " + strconv.FormatFloat(o.Smooth, 'g', -1, 64)
			}
			charts = append(charts,
				Chart{Title: title, XLabel: label, Log: o.Log, Time: o.Axis == AxisWall, Whole: o.Axis == AxisStep})
		}
		c := &charts[len(charts)-1]
		line := o.line(x, unit)
		switch {
		case !o.Together:
			line.Name = o.Name(x.Run)
		case oneRun:
			line.Name = o.Name(x.Tag)
		default:
			line.Name = o.Name(x.Run + "  " + x.Tag)
		}
		if o.Together {
			line.Colour = len(c.Lines)
		}
		c.Lines = append(c.Lines, line)
	}
	return charts
}

// title is the tag of a chart, or of several the run, if it is one.
func (o *Options) title(x *Series, all []*Series, oneRun bool) string {
	switch {
	case !o.Together || !slices.ContainsFunc(all, func(y *Series) bool { return y.Tag != x.Tag }):
		return x.Tag
	case oneRun:
		return x.Run
	}
	return "all tags"
}

func (o *Options) line(x *Series, unit float64) Line {
	line := Line{Colour: x.Colour, X: make([]float64, len(x.Steps)), Y: x.Values}
	for i := range x.Steps {
		switch o.Axis {
		case AxisStep:
			line.X[i] = float64(x.Steps[i])
		case AxisWall:
			line.X[i] = x.WallTimes[i]
		case AxisRelative:
			line.X[i] = (x.WallTimes[i] - x.Origin) / unit
		}
	}
	if o.Smooth > 0 {
		line.Y, line.Raw = smooth(x.Values, o.Smooth), x.Values
	}
	return line
}

// longest is the longest time from the origin of a series to a point of it.
func longest(all []*Series) (seconds float64) {
	for _, x := range all {
		for _, t := range x.WallTimes {
			if d := t - x.Origin; isFinite(d) {
				seconds = max(seconds, d)
			}
		}
	}
	return seconds
}

// relativeUnit is the unit that relative time is shown in, by the longest.
func relativeUnit(longest float64) (seconds float64, name string) {
	switch {
	case longest >= 2*86400:
		return 86400, "days"
	case longest >= 2*3600:
		return 3600, "hours"
	case longest >= 2*60:
		return 60, "minutes"
	}
	return 1, "seconds"
}
