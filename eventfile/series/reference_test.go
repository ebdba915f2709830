package series_test

import (
	"cmp"
	"math"
	"slices"

	"tbexport/eventfile"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/series"
	pb "tbexport/proto"
)

// What follows reads runs in the plainest way there is, from lists of events
// in memory: the restart rules are applied at each event to all points before
// it, in quadratic time. Collector is held against it.

type refPoint struct {
	tag             string
	step            int64
	wallTime, value float64
	byStep          bool // superseded by a later point of the series
	bySession       bool // superseded by a later restart
}

func refPoints(files [][]*pb.Event) (points []*refPoint) {
	version, mostRecent := 0.0, int64(-1)
	for _, events := range files {
		for _, e := range events {
			if e.GetFileVersion() != nil {
				version = map[string]float64{"brain.Event:1": 1, "brain.Event:2": 2, "no version": -1}[string(e.GetFileVersion())]
			}
			switch {
			case version >= 2:
				if e.GetSessionLog().GetStatus() == pb.SessionLog_START {
					for _, p := range points {
						p.bySession = p.bySession || p.step >= e.Step
					}
				}
			case e.GetSummary() != nil && e.Step < mostRecent:
				for _, v := range e.GetSummary().Value {
					for _, p := range points {
						p.bySession = p.bySession || p.tag == string(v.Tag) && p.step >= e.Step
					}
				}
			default:
				mostRecent = e.Step
			}
			for _, v := range e.GetSummary().GetValue() {
				x, ok := v.Value.(*pb.Summary_Value_SimpleValue)
				if !ok {
					continue
				}
				for _, p := range points {
					p.byStep = p.byStep || p.tag == string(v.Tag) && p.step >= e.Step
				}
				points = append(points, &refPoint{tag: string(v.Tag), step: e.Step, wallTime: e.WallTime, value: float64(x.SimpleValue)})
			}
		}
	}
	return points
}

// refRead gives the series that a Collector with these options must give, and
// the numbers of its statistics that come of points.
func refRead(files [][]*pb.Event, o series.Options) ([]series.Chunk, runtest.Stats) {
	tags, whole := make(map[string][]*refPoint), make(map[string][]*refPoint)
	stats := runtest.Stats{RunStats: new(eventfile.RunStats)}
	for _, p := range refPoints(files) {
		stats.Points++
		if tags[p.tag] == nil {
			tags[p.tag] = []*refPoint{}
		}
		if o.Tags != nil && !o.Tags(p.tag) {
			stats.Unselected++
			continue
		}
		whole[p.tag] = append(whole[p.tag], p)
		superseded := false
		if p.byStep {
			stats.SupersededByStep++
			superseded = o.Restarts == series.StepRestarts
		}
		if p.bySession {
			stats.SupersededBySession++
			superseded = superseded || o.Restarts == series.SessionRestarts
		}
		s := o.Select
		switch {
		case superseded:
			stats.Dropped++
		case s.FirstStep != nil && p.step < *s.FirstStep, s.LastStep != nil && p.step > *s.LastStep,
			s.Since != nil && !(p.wallTime >= *s.Since), s.Until != nil && !(p.wallTime <= *s.Until):
			stats.Unselected++
		default:
			tags[p.tag] = append(tags[p.tag], p)
		}
	}
	stats.Series = len(tags)
	for _, points := range whole {
		repeated, twoWriters := refReasons(points)
		stats.Repeated += repeated
		stats.TwoWriters += twoWriters
	}
	var out []series.Chunk
	for tag, points := range tags {
		c := series.Chunk{Tag: tag}
		for i, p := range points {
			if !refSampled(i, len(points), o.Select.Sample) {
				stats.SampledOut++
				continue
			}
			stats.Written++
			if len(c.Steps) == 0 {
				c.Origin = p.wallTime
			}
			c.Steps, c.WallTimes, c.Values = append(c.Steps, p.step), append(c.WallTimes, p.wallTime), append(c.Values, p.value)
		}
		if len(c.Steps) > 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b series.Chunk) int { return cmp.Compare(a.Tag, b.Tag) })
	return out, stats
}

// refReasons says how many points of a whole series have the step of the next one,
// and how many others are superseded where two writers overlap.
func refReasons(points []*refPoint) (repeated, twoWriters int64) {
	overlaps := false
	for i, p := range points {
		switch {
		case i+1 < len(points) && points[i+1].step == p.step:
			repeated++
		case p.byStep:
			twoWriters++
		}
		for _, before := range points[:i] {
			overlaps = overlaps || p.step < points[i-1].step && before.wallTime > p.wallTime
		}
	}
	if !overlaps {
		twoWriters = 0
	}
	return repeated, twoWriters
}

// refSampled says whether point i of total is among the n sampled.
func refSampled(i, total, n int) bool {
	if n == 0 || total <= n {
		return true
	}
	if n == 1 {
		return i == total-1
	}
	for k := range n {
		if i == int(math.Floor(float64(k)*float64(total-1)/float64(n-1))) {
			return true
		}
	}
	return false
}
