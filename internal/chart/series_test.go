package chart

import (
	"slices"
	"testing"
)

func TestOf(t *testing.T) {
	series := func(run, tag string, colour int) *Series {
		return &Series{Run: run, Tag: tag, Colour: colour, Origin: 100, Steps: []int64{0, 1}, WallTimes: []float64{100, 400}, Values: []float64{1, 2}}
	}
	two := []*Series{series("a", "loss", 0), series("a", "acc", 0), series("b", "loss", 1)}
	for _, c := range []struct {
		all    []*Series
		o      Options
		titles []string
		names  []string // of the last chart
		label  string
	}{
		{two, Options{}, []string{"acc", "loss"}, []string{"a", "b"}, "step"},
		{two, Options{Together: true, Axis: AxisRelative}, []string{"all tags"}, []string{"a  acc", "a  loss", "b  loss"}, "time, minutes"},
		{two[:2], Options{Together: true, Smooth: 0.5, Axis: AxisWall}, []string{"a, smoothed 0.5"}, []string{"acc", "loss"}, "time, UTC"},
	} {
		c.o.Name = func(name string) string { return name }
		charts := Of(c.all, c.o)
		var titles, names []string
		for i := range charts {
			titles = append(titles, charts[i].Title)
		}
		last := &charts[len(charts)-1]
		for i := range last.Lines {
			names = append(names, last.Lines[i].Name)
		}
		if !slices.Equal(titles, c.titles) || !slices.Equal(names, c.names) || last.XLabel != c.label {
			t.Errorf("%+v: %q, %q, %q", c.o, titles, names, last.XLabel)
		}
	}
	if x := Of(two, Options{Axis: AxisRelative, Name: func(s string) string { return s }})[0].Lines[0].X; !slices.Equal(x, []float64{0, 5}) {
		t.Errorf("relative: %v", x)
	}
}
