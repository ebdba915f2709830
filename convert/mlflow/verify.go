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
	// What is param, tag, metric, latest, artifact, status or end; of what
	// people changed also name, description or user.
	What     string
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
		text += fmt.Sprintf(": %s not on the server and %d only there; the first:",
			are(d.NotThere, "point"), d.NotHere)
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
	theirs      []Difference // what is there and not in the logs
	// unselected are keys of metrics with points that are in the logs and that the
	// plan leaves out: earlier flags chose them.
	unselected map[string]bool
}

func (c *comparison) added(d Difference) {
	c.mu.Lock()
	c.theirs = append(c.theirs, d)
	c.mu.Unlock()
}

func (c *comparison) unselect(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unselected == nil {
		c.unselected = make(map[string]bool)
	}
	c.unselected[key] = true
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

// otherStart are the words about a run whose start is another in the logs now.
const otherStart = "the start in MLflow is another than in the logs, and MLflow changes none"

// check notes what of a run that was read back differs from the plan, and reads
// its points. tags are those it must have, of which only those of this program
// are compared. What somebody added or changed in MLflow is no difference.
func (m *migration) check(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult, tags []pair) error {
	var c comparison
	c.theirs = m.theirs(r, run)
	if run.Info.Start != milliseconds(r.Start) && !r.FileTimes {
		result.Notes = append(result.Notes, otherStart)
	}
	for _, tag := range tags {
		if !ownTag(tag.Key) || tag.Key == tagState {
			continue
		}
		c.text("tag", tag.Key, tag.Value, find(run.Data.Tags, tag.Key))
	}
	checkParams(r, run, result, &c)
	if err := m.checkMetrics(ctx, r, run, result.Outcome == Created, &c); err != nil {
		return err
	}
	if err := m.checkArtifacts(ctx, r, run, result, &c); err != nil {
		return err
	}
	for i := range c.differences {
		c.differences[i].refusedBy(result.Refused)
	}
	byName := func(a, b Difference) int { return compareText(a.What+a.Key, b.What+b.Key) }
	slices.SortStableFunc(c.differences, byName)
	slices.SortStableFunc(c.theirs, byName)
	result.Differences, result.Theirs, result.Checked = c.differences, c.theirs, true
	return nil
}

// checkMetrics compares the metrics of a run. One that was made just now has no
// points of anybody else: the latest of one is all that there is.
func (m *migration) checkMetrics(ctx context.Context, r *plan.Run, run *serverRun, created bool, c *comparison) error {
	latest := make(map[string]serverMetric, len(run.Data.Metrics))
	for _, metric := range run.Data.Metrics {
		latest[metric.Key] = metric
	}
	var histories []*plan.Series // that are to be read
	var differ []Difference
	for _, s := range r.Series {
		got, ok := latest[s.Key]
		expected := tallyOf(s).latest
		if !ok {
			c.add(Difference{What: "metric", Key: s.Key, Expected: counted(s.Points)})
			m.verified(s.Points)
			continue
		}
		switch p := got.point(); {
		case p.compare(expected) != 0:
			differ = append(differ,
				Difference{What: "latest", Key: s.Key, Expected: expected.String(), Got: p.String()})
		case m.options.Verify != VerifyFull, created && s.Points == 1:
			m.verified(s.Points)
			continue
		}
		histories = append(histories, s)
	}
	for _, s := range r.Series {
		delete(latest, s.Key)
	}
	w := readWrote(run.tag(tagWrote))
	for key, metric := range latest {
		if w.has("metric", key) {
			continue
		}
		c.added(Difference{What: "metric", Key: key, Got: metric.point().String()})
	}
	if err := m.checkHistories(ctx, histories, run.Info.RunID, c); err != nil {
		return err
	}
	for _, d := range differ {
		// A later point may be somebody's, or of earlier flags: then nothing else
		// differs.
		more := func(x Difference) bool { return x.What == "metric" && x.Key == d.Key }
		if !c.unselected[d.Key] && !slices.ContainsFunc(c.theirs, more) {
			c.add(d)
		}
	}
	return nil
}

func counted(points int64) string { return several(points, "point") }

func are(n int64, thing string) string {
	if n == 1 {
		return several(n, thing) + " is"
	}
	return several(n, thing) + " are"
}

// checkHistories compares every point, several metrics at a time.
func (m *migration) checkHistories(ctx context.Context, series []*plan.Series, id string, c *comparison) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var calls sync.WaitGroup
	for _, s := range series {
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
	expected, err := m.readSeries(ctx, s, m.plan.PointsOf)
	if err != nil {
		return err
	}
	var there []point
	if err := m.server.history(ctx, id, s.Key, func(p point) { there = append(there, p) }); err != nil {
		return err
	}
	d := comparePoints(expected, there)
	if d.NotHere > 0 {
		logged, err := m.readSeries(ctx, s, m.plan.LoggedPointsOf)
		if err != nil {
			return err
		}
		if without := minus(there, minus(logged, expected)); len(without) < len(there) {
			there = without
			c.unselect(s.Key)
			d = comparePoints(expected, there)
		}
	}
	d.What, d.Key = "metric", s.Key
	switch {
	case d.NotThere > 0 || d.Expected != "" || d.NotHere > 0 && len(distinct(there)) < len(there):
		c.add(d)
	case d.NotHere > 0:
		c.added(d)
	}
	return nil
}
