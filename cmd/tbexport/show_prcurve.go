package main

import (
	"github.com/dustin/go-humanize"

	"tbexport/eventfile/kinds"
	"tbexport/internal/chart"
	"tbexport/internal/ui"
)

// prCurves makes a chart of each tag: precision over recall, with a line for each
// run, or for each run and step where several steps are chosen. Runs without a
// colour get one.
func (p *presenter) prCurves(values []showable, runs map[string]int) (charts []chart.Chart, err error) {
	for i := range values {
		v := &values[i]
		if i == 0 || v.value.Tag != values[i-1].value.Tag {
			charts = append(charts,
				chart.Chart{Title: p.screen.Name(v.value.Tag), XLabel: "recall", YLabel: "precision", Unit: true})
		}
		if err := p.read(v); err != nil {
			return nil, err
		}
		curve, err := v.value.PRCurve()
		if err != nil {
			return nil, err
		}
		c := &charts[len(charts)-1]
		if _, ok := runs[v.run]; !ok {
			runs[v.run] = len(runs)
		}
		line := prLine(&curve)
		line.Name, line.Colour = "step "+ui.Step(v.value.Step), runs[v.run]
		if !p.oneRun {
			line.Name = p.screen.Name(v.run) + ", " + line.Name
		}
		if p.selection.ranged() {
			line.Colour = len(c.Lines)
		}
		c.Lines = append(c.Lines, line)
	}
	return charts, nil
}

// prLine is the curve of the thresholds that TensorBoard's page shows, which are
// not those at the end without a positive prediction.
func prLine(c *kinds.PRCurve) chart.Line {
	line := chart.Line{X: c.Recall[:c.Shown], Y: c.Precision[:c.Shown],
		Words: ui.Counted(int64(len(c.Threshold)), "threshold")}
	if c.Shown < len(c.Threshold) {
		line.Words = humanize.Comma(int64(c.Shown)) + " of " + line.Words
	}
	return line
}
