package main

import (
	"math"

	"github.com/dustin/go-humanize"

	"tbexport/eventfile/kinds"
	"tbexport/internal/chart"
	"tbexport/internal/ui"
)

// mostHistograms is how many histograms of a series are drawn: more than there are
// columns in a picture.
const mostHistograms = 1024

// stairs is how many steps the line of one histogram has at the most.
const stairs = 60

// histograms makes a chart of each run and tag: a heat map over the steps, or, of
// one histogram, the counts over the values.
func (p *presenter) histograms(values []showable) (charts []chart.Chart, err error) {
	for len(values) > 0 {
		n := 1
		for n < len(values) && values[n].value.Tag == values[0].value.Tag && values[n].run == values[0].run {
			n++
		}
		c, err := p.histogram(values[:n])
		if err != nil {
			return nil, err
		}
		charts = append(charts, c)
		values = values[n:]
	}
	return charts, nil
}

func (p *presenter) histogram(values []showable) (chart.Chart, error) {
	c := chart.Chart{Title: p.title(&values[0])}
	drawn := evenly(values, mostHistograms)
	xs, axis := p.axisOf(drawn)
	c.XLabel, c.Time, c.Whole = axis.XLabel, axis.Time, axis.Whole
	for i := range drawn {
		if err := p.read(&drawn[i]); err != nil {
			return c, err
		}
		h, err := drawn[i].value.Histogram()
		if err != nil {
			return c, err
		}
		c.Histograms = append(c.Histograms, drawable(xs[i], &h))
	}
	if len(values) == 1 {
		return asStairs(c, values[0].value.Step), nil
	}
	c.Note = ui.Counted(int64(len(values)), "histogram")
	if len(drawn) < len(values) {
		c.Note = humanize.Comma(int64(len(drawn))) + " of " + c.Note
	}
	return c, nil
}

// title names the tag, and the run where there are several.
func (p *presenter) title(v *showable) string {
	title := p.screen.Name(v.value.Tag)
	if !p.oneRun {
		title += "  " + p.screen.Name(v.run)
	}
	return title
}

// asStairs draws the one histogram as counts over values.
func asStairs(c chart.Chart, step int64) chart.Chart {
	line := chart.Line{Name: "step " + ui.Step(step)}
	line.X, line.Y = c.Histograms[0].Stairs(stairs)
	all := 0.0
	for _, n := range c.Histograms[0].Count {
		all += n
	}
	line.Words = ui.Value(all) + " values"
	if all == math.Trunc(all) && math.Abs(all) < 1e15 {
		line.Words = ui.Counted(int64(all), "value")
	}
	return chart.Chart{Title: c.Title, XLabel: "value", YLabel: "count", Lines: []chart.Line{line}}
}

// axisOf gives where values stand on the X axis, and what it is.
func (p *presenter) axisOf(values []showable) ([]float64, chart.Chart) {
	x := &chart.Series{Origin: values[0].value.WallTime}
	for i := range values {
		x.Steps = append(x.Steps, values[i].value.Step)
		x.WallTimes = append(x.WallTimes, values[i].value.WallTime)
	}
	x.Values = make([]float64, len(x.Steps))
	axis, _ := axisOf(p.axis)
	c := chart.Of([]*chart.Series{x}, chart.Options{Axis: axis, Name: func(string) string { return "" }})[0]
	return c.Lines[0].X, c
}

// drawable takes from a histogram what can be drawn. Of the old form the outer
// buckets reach beyond all values: they are cut to those that were counted.
func drawable(x float64, h *kinds.Histogram) chart.Histogram {
	d := chart.Histogram{X: x, Left: h.Left, Right: h.Right, Count: h.Count}
	if h.Old && h.Min <= h.Max && !math.IsInf(h.Min, 0) && !math.IsInf(h.Max, 0) {
		for i := range d.Left {
			d.Left[i], d.Right[i] = clipped(d.Left[i], h.Min, h.Max), clipped(d.Right[i], h.Min, h.Max)
		}
	}
	return d
}

func clipped(x, low, high float64) float64 { return min(max(x, low), high) }

// evenly are at most so many of the values, the first and the last among them.
func evenly(values []showable, most int) []showable {
	if len(values) <= most {
		return values
	}
	some := make([]showable, most)
	for i := range some {
		some[i] = values[i*(len(values)-1)/(most-1)]
	}
	return some
}
