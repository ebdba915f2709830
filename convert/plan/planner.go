package plan

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"tbexport/convert"
)

// Planner makes a plan of the runs that are written to it. It is a
// convert.Sink.
type Planner struct {
	rules   Rules
	options Options
	sources []*Source
	plan    *Plan
	chunk   Chunk // without points that are skipped
	held    int64 // points of sources
}

// NewPlanner returns a planner for a destination of those rules.
func NewPlanner(r Rules, o Options) *Planner { return &Planner{rules: r, options: o} }

// Plan is the plan, once the planner is committed.
func (p *Planner) Plan() *Plan { return p.plan }

// NonFiniteError says that a series has values that are not finite, though
// FailNonFinite was asked for.
type NonFiniteError struct{ Run, Tag string }

func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("run %s: tag %q has values that are not finite", e.Run, e.Tag)
}

// WriteRun reads a run, and keeps a few numbers of each series.
func (p *Planner) WriteRun(ctx context.Context, in *convert.Input) error {
	source := &Source{Run: in.Run, Store: p.options.store(), Stats: in.Stats, HParams: in.HParams, fold: in.Fold}
	var s *Series
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		if s == nil || s.Tag != chunk.Tag {
			s = &Series{Source: source, Tag: p.tag(len(source.series), chunk.Tag), Tally: p.rules.tally(),
				records: p.options.records(in.Run.Name, chunk.Tag)}
			source.series = append(source.series, s)
		}
		if err := p.add(s, chunk); err != nil {
			return err
		}
	}
	for _, s := range source.series {
		s.Points = s.Tally.Points()
	}
	if err := p.readMedia(source, in); err != nil {
		return err
	}
	if err := p.count(source, in); err != nil {
		return err
	}
	if source.eventTimes().first == 0 {
		source.readFileTimes(ctx)
	}
	var err error
	if source.firstRecord, err = firstRecord(source.Stats); err != nil {
		return err
	}
	p.sources = append(p.sources, source)
	return nil
}

// count counts the values that the destination reads itself, and takes in which
// of them are chosen.
func (p *Planner) count(source *Source, in *convert.Input) error {
	if len(p.rules.Counted) == 0 {
		return nil
	}
	h := sha256.New()
	for _, form := range p.rules.Counted {
		for v, err := range in.Standing(form) {
			if err != nil {
				return err
			}
			fmt.Fprintf(h, "%s %q %d %x\n", form, v.Tag, v.Step, math.Float64bits(v.WallTime))
		}
	}
	source.counted = h.Sum(nil)
	return nil
}

// tag gives the name of the series at a position of a run: runs of one program have the same, which are in memory once.
func (p *Planner) tag(at int, name string) string {
	if n := len(p.sources); n > 0 && at < len(p.sources[n-1].series) && p.sources[n-1].series[at].Tag == name {
		return p.sources[n-1].series[at].Tag
	}
	return name
}

// add counts the points of a chunk.
func (p *Planner) add(s *Series, c *convert.Chunk) error {
	s.read += int64(len(c.Values))
	for i, value := range c.Values {
		switch {
		case finite(value):
		case p.options.NonFinite == SkipNonFinite:
			s.Skipped++
			continue
		case math.IsNaN(value):
			s.NaN++
		default:
			s.Infinite++
		}
		s.Source.points.add(c.WallTimes[i])
	}
	if p.options.NonFinite == FailNonFinite && s.NaN+s.Infinite > 0 {
		return &NonFiniteError{s.Source.Run.Name, s.Tag}
	}
	p.chunk.take(c, int64(len(c.Values)), p.options.NonFinite == SkipNonFinite)
	if s.records != nil {
		for i, value := range p.chunk.Values {
			s.records.add(record{p.chunk.Steps[i], p.chunk.WallTimes[i], value})
		}
	}
	s.Tally.Add(p.chunk.Steps, p.chunk.WallTimes, p.chunk.Values)
	p.hold(s, &p.chunk)
	return nil
}

func finite(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

// Commit makes the plan, which Plan gives.
func (p *Planner) Commit() (result convert.Result, err error) {
	p.plan, result, err = p.layOut()
	return result, err
}

// Abort does nothing: a planner leaves nothing behind.
func (p *Planner) Abort() error { return nil }

// holdsNothing says that there is nothing to carry over in a run.
func (s *Source) holdsNothing() bool {
	for form := range s.Stats.Values {
		if form != convert.FormMetadata && form != convert.FormHParams && s.Has(form) {
			return false
		}
	}
	return s.Stats.Points == 0 && s.HParams == nil && len(s.Stats.NotExported) == 0 && len(s.media) == 0 &&
		s.Stats.Undecodable == 0
}

// Has reports whether a source has values of a form that the plan counts.
func (s *Source) Has(form convert.Form) bool { return s.Stats.Values[form].Exported > 0 }

// layOut groups the sources into runs, and names everything.
func (p *Planner) layOut() (*Plan, convert.Result, error) {
	plan := &Plan{Options: p.options, rules: p.rules}
	owners := p.owners()
	plan.Empty = owners.empty
	for _, g := range p.group(owners) {
		run, err := p.newRun(g, plan)
		if err != nil {
			return nil, convert.Result{}, err
		}
		plan.Runs = append(plan.Runs, run)
	}
	plan.nameAll()
	if p.options.Nest {
		plan.nest()
	}
	plan.nameRuns()
	if err := plan.oneEach(); err != nil {
		return nil, convert.Result{}, err
	}
	for _, r := range plan.Runs {
		r.Digest = r.digest()
	}
	for _, f := range owners.result.Folded {
		plan.Folded = append(plan.Folded, f.Run)
	}
	slices.Sort(plan.Folded)
	return plan, owners.result, nil
}
