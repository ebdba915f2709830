package mlflow

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tbexport/convert"
	"tbexport/eventfile"
)

// NonFinite says what becomes of points that are NaN or infinite.
type NonFinite uint8

// The choices. The server keeps an infinity as the largest float64 of its sign.
const (
	KeepNonFinite NonFinite = iota
	SkipNonFinite
	FailNonFinite
)

// LongParams says what becomes of parameters of more than 6,000 characters,
// which the server would cut without a word.
type LongParams uint8

// The choices.
const (
	RefuseLongParams   LongParams = iota
	TruncateLongParams            // cut, whole in an artifact where there can be one
	ArtifactLongParams            // no parameter but an artifact
	SkipLongParams                // neither
)

// PlanOptions say how runs are carried over. The zero value takes every point
// of every run, each run for itself.
type PlanOptions struct {
	Rules      Rules
	NonFinite  NonFinite
	LongParams LongParams
	// Fold makes the run in which torch's add_hparams keeps the
	// hyperparameters of the run above it part of that.
	Fold bool
	// Merge are names of directories that hold parts of one run, as Keras's
	// train and validation: their tags get the name as a prefix.
	Merge []string
	// Nest makes each run a child of the run of the directory it is in.
	Nest bool
	// Artifacts keeps the event files.
	Artifacts bool
}

// Planner makes a plan of the runs that are written to it. It is a
// convert.Sink.
type Planner struct {
	options PlanOptions
	runs    map[string]eventfile.Run
	sources []*Source
	plan    *Plan
	points  []point
}

// NewPlanner returns a planner for those runs.
func NewPlanner(runs []eventfile.Run, o PlanOptions) *Planner {
	p := &Planner{options: o, runs: make(map[string]eventfile.Run, len(runs))}
	for _, run := range runs {
		p.runs[run.Name] = run
	}
	return p
}

// Plan is the plan, once the planner is committed.
func (p *Planner) Plan() *Plan { return p.plan }

// WriteRun reads a run, and keeps a few numbers of each series.
func (p *Planner) WriteRun(_ context.Context, in *convert.Input) error {
	source := &Source{Run: p.runs[in.Run.Name], HParams: in.HParams, Stats: in.Stats}
	var s *Series
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		if s == nil || s.Tag != chunk.Tag {
			s = &Series{Source: source, Tag: chunk.Tag}
			source.series = append(source.series, s)
		}
		if err := p.add(s, chunk); err != nil {
			return fmt.Errorf("run %s: %w", in.Run.Name, err)
		}
	}
	var err error
	if source.firstRecord, err = firstRecord(source.Run); err != nil {
		return err
	}
	p.sources = append(p.sources, source)
	return nil
}

// add counts the points of a chunk.
func (p *Planner) add(s *Series, c *convert.Chunk) error {
	p.points = p.points[:0]
	s.read += int64(len(c.Values))
	for i, value := range c.Values {
		if !s.count(c.WallTimes[i], value, p.options.NonFinite) {
			continue
		}
		p.points = append(p.points, newPoint(c.Steps[i], c.WallTimes[i], value))
		s.Source.times(p.points[len(p.points)-1].time)
	}
	if p.options.NonFinite == FailNonFinite && s.NaN+s.Infinite > 0 {
		return fmt.Errorf("tag %q has values that are not finite (--nonfinite fail)", s.Tag)
	}
	s.digestPoints(p.points)
	return nil
}

// count counts what is odd about a point, and says whether it is to be sent.
func (s *Series) count(wallTime, value float64, nonFinite NonFinite) bool {
	finite := !math.IsNaN(value) && !math.IsInf(value, 0)
	switch {
	case !finite && nonFinite == SkipNonFinite:
		s.Skipped++
		return false
	case math.IsNaN(value):
		s.NaN++
	case !finite:
		s.Infinite++
	case value == 0 && math.Signbit(value):
		s.NegZero++
	}
	if !(wallTime >= 0 && wallTime*1000 < math.MaxInt64) {
		s.BadTimes++
	}
	return true
}

// digestPoints takes a chunk of points into the digest. It sorts them.
func (s *Series) digestPoints(points []point) {
	kept := distinct(points)
	if len(kept) == 0 {
		return
	}
	s.Duplicates += int64(len(points) - len(kept))
	if s.digest.points > 0 && s.last.compare(kept[0]) >= 0 {
		s.mixed = true
	}
	for _, q := range kept {
		if s.digest.points == 0 || q.after(s.latest) {
			s.latest = q
		}
		s.digest.add(q)
	}
	s.Points += int64(len(kept))
	if last := kept[len(kept)-1]; s.digest.points == int64(len(kept)) || last.compare(s.last) > 0 {
		s.last = last
	}
}

// latestTime is that of the year 2262, beyond which pandas has no times.
const latestTime = 9_223_372_036_854

// times widens the run's time to that of a point. Zero, and what no clock
// shows, tells nothing.
func (s *Source) times(ms int64) {
	if ms <= 0 || ms > latestTime {
		return
	}
	if s.first == 0 || ms < s.first {
		s.first = ms
	}
	s.last = max(s.last, ms)
}

// Commit makes the plan.
func (p *Planner) Commit() (convert.Result, error) {
	var err error
	p.plan, err = p.layOut()
	return convert.Result{}, err
}

// Abort does nothing: a planner leaves nothing behind.
func (p *Planner) Abort() error { return nil }

// holdsNothing says that there is nothing to migrate in a run.
func (s *Source) holdsNothing() bool {
	return s.Stats.Points == 0 && s.HParams == nil && len(s.Stats.NotExported) == 0
}

// layOut groups the sources into runs, and names everything.
func (p *Planner) layOut() (*Plan, error) {
	plan := &Plan{options: p.options}
	var sources []*Source
	for _, s := range p.sources {
		if s.holdsNothing() {
			plan.Empty = append(plan.Empty, s.Run.Name)
			continue
		}
		sources = append(sources, s)
	}
	groups := p.group(sources, plan)
	for _, g := range groups {
		run, err := p.newRun(g)
		if err != nil {
			return nil, err
		}
		plan.Runs = append(plan.Runs, run)
	}
	if err := p.nameAll(plan); err != nil {
		return nil, err
	}
	if p.options.Nest {
		plan.nest()
	}
	for _, r := range plan.Runs {
		r.Digest = r.digest()
	}
	slices.Sort(plan.Folded)
	return plan, nil
}
