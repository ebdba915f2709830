package convert

import (
	"slices"
	"strings"

	"tbexport/eventfile"
)

// TagStats is what a run holds of one tag, before restarts and selection by step
// and time.
type TagStats struct {
	Name string
	Kind eventfile.Kind // of its first value
	// Plugin is that of the tag, and Metadata its encoded SummaryMetadata; nil where
	// there is none.
	Plugin   string
	Metadata []byte
	Values   int64 // points and others
	// FirstStep and LastStep are in file order.
	FirstStep, LastStep int64
}

// tagStatsCollector collects the TagStats of a run.
type tagStatsCollector struct {
	wants func(tag string) bool // nil: all
	byID  []*TagStats
	tags  []*eventfile.Tag
	list  []TagStats // once the run is read
}

func (c *tagStatsCollector) reset() { c.byID, c.tags, c.list = nil, nil, nil }

// Wants says whether the tag is selected.
func (c *tagStatsCollector) Wants(t *eventfile.Tag) bool { return c.wants == nil || c.wants(t.Name) }

// Point counts a point.
func (c *tagStatsCollector) Point(t *eventfile.Tag, p eventfile.Point) error {
	c.count(t, eventfile.Scalars, p.Step)
	return nil
}

// Value counts a value.
func (c *tagStatsCollector) Value(t *eventfile.Tag, v *eventfile.Value) error {
	if t != nil {
		c.count(t, v.Kind, v.Event.Step)
	}
	return nil
}

// Restart passes over a restart.
func (c *tagStatsCollector) Restart(*eventfile.Tag, int64) error { return nil }

func (c *tagStatsCollector) count(t *eventfile.Tag, kind eventfile.Kind, step int64) {
	if t.ID >= len(c.byID) {
		c.byID = append(c.byID, make([]*TagStats, t.ID+1-len(c.byID))...)
	}
	s := c.byID[t.ID]
	if s == nil {
		s = &TagStats{Name: t.Name, Kind: kind, FirstStep: step}
		c.byID[t.ID], c.tags = s, append(c.tags, t)
	}
	s.Values++
	s.LastStep = step
}

// finish makes the list of the tags that are wanted, by name.
func (c *tagStatsCollector) finish(wanted func(tag string) bool) {
	for _, t := range c.tags {
		if wanted(t.Name) {
			s := *c.byID[t.ID]
			s.Plugin, s.Metadata = t.Plugin, t.Metadata
			c.list = append(c.list, s)
		}
	}
	slices.SortFunc(c.list, func(a, b TagStats) int { return strings.Compare(a.Name, b.Name) })
}
