package mlflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Difference is something of a run that is not on the server as it is in the
// logs.
type Difference struct {
	What     string // param, tag, metric, artifact, status, start, end, name
	Key      string
	Expected string // empty: nothing
	Got      string // empty: nothing
	// Of a metric whose points were compared: how many of them are on one side
	// only. Expected and Got then tell of the first.
	NotThere, NotHere int64
}

func (d Difference) String() string {
	text := d.What
	if d.Key != "" {
		text += " " + strconv.Quote(d.Key)
	}
	if d.NotThere+d.NotHere > 0 {
		text += fmt.Sprintf(": %d points are not on the server and %d only there; the first:", d.NotThere, d.NotHere)
	} else {
		text += ":"
	}
	return text + " in the logs " + orNothing(d.Expected) + ", on the server " + orNothing(d.Got)
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// comparison collects the differences of one run.
type comparison struct {
	mu          sync.Mutex
	differences []Difference
}

func (c *comparison) add(d Difference) {
	c.mu.Lock()
	c.differences = append(c.differences, d)
	c.mu.Unlock()
}

func (c *comparison) text(what, key, expected, got string) {
	if expected != got {
		c.add(Difference{What: what, Key: key, Expected: rest.OneLine(expected), Got: rest.OneLine(got)})
	}
}

// check notes what of a run that was read back differs from the plan, and reads
// its points. tags are those it must have.
func (m *migration) check(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult, tags []pair) error {
	var c comparison
	c.text("name", "", r.Name, run.Info.Name)
	c.text("start", "", clock(milliseconds(r.Start)), clock(run.Info.Start))
	for _, tag := range tags {
		c.text("tag", tag.Key, tag.Value, find(run.Data.Tags, tag.Key))
	}
	for _, p := range r.Params {
		if !p.Omitted && !slices.Contains(result.ChangedParams, p.Key) {
			c.text("param", p.Key, p.Value, find(run.Data.Params, p.Key))
		}
	}
	if err := m.checkMetrics(ctx, r, run, &c); err != nil {
		return err
	}
	if err := m.checkArtifacts(ctx, r, run, result, &c); err != nil {
		return err
	}
	slices.SortStableFunc(c.differences, func(a, b Difference) int { return compareText(a.What+a.Key, b.What+b.Key) })
	result.Differences, result.Checked = c.differences, true
	return nil
}

func (m *migration) checkMetrics(ctx context.Context, r *plan.Run, run *serverRun, c *comparison) error {
	latest := make(map[string]serverMetric, len(run.Data.Metrics))
	for _, metric := range run.Data.Metrics {
		latest[metric.Key] = metric
	}
	for _, s := range r.Series {
		got, ok := latest[s.Key]
		delete(latest, s.Key)
		if expected := tallyOf(s).latest; !ok {
			c.add(Difference{What: "metric", Key: s.Key, Expected: counted(s.Points)})
		} else if p := got.point(); p.compare(expected) != 0 {
			c.add(Difference{What: "latest", Key: s.Key, Expected: expected.String(), Got: p.String()})
		}
	}
	for key := range latest {
		c.add(Difference{What: "metric", Key: key, Got: "a metric that is not in the logs"})
	}
	if m.options.Verify == VerifyFull {
		return m.checkHistories(ctx, r, run.Info.RunID, c)
	}
	m.verified(r.Points())
	return nil
}

func counted(points int64) string { return strconv.FormatInt(points, 10) + " points" }

// checkHistories compares every point, several metrics at a time.
func (m *migration) checkHistories(ctx context.Context, r *plan.Run, id string, c *comparison) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var calls sync.WaitGroup
	for _, s := range r.Series {
		select {
		case m.reads <- struct{}{}:
		case <-inner.Done():
		}
		if inner.Err() != nil {
			break
		}
		calls.Go(func() {
			defer func() { <-m.reads }()
			if err := m.checkHistory(inner, s, id, c); err != nil {
				cancel(err)
			}
		})
	}
	calls.Wait()
	return context.Cause(inner)
}

// checkHistory compares the points of one metric: by their digest, and one by
// one where that differs.
func (m *migration) checkHistory(ctx context.Context, s *plan.Series, id string, c *comparison) error {
	var got plan.Digest
	if err := m.server.history(ctx, id, s.Key, func(p point) { p.addTo(&got) }); err != nil {
		return err
	}
	m.verified(s.Points)
	if t := tallyOf(s); !t.mixed && got == t.digest {
		return nil
	}
	expected, err := m.readSeries(ctx, s)
	if err != nil {
		return err
	}
	var there []point
	if err := m.server.history(ctx, id, s.Key, func(p point) { there = append(there, p) }); err != nil {
		return err
	}
	if d := comparePoints(expected, there); d.NotThere+d.NotHere > 0 {
		d.What, d.Key = "metric", s.Key
		c.add(d)
	}
	return nil
}
