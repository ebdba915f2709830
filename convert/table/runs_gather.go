package table

import (
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// A RunsBuilder gathers what the runs table says of each run. It holds no
// points: about 60 bytes for each hparam and series of a run.
type RunsBuilder struct {
	options RunsOptions
	runs    []*gathered
	names   map[string]string // each name of an hparam or tag once
	current *gathered
	metrics []metric // of the current run

	// experiment is the one kept last: many writers repeat theirs in every run.
	experiment *hparams.Experiment
}

// gathered is what is known of one run.
type gathered struct {
	run                 string
	files               int
	points              int64
	lastStep            int64 // the highest; valid if there are points
	firstTime, lastTime float64
	fold                convert.Foldable
	hparams             *hparams.HParams
	parts               []*hparams.HParams // of the run and of what was folded into it
	experiment          string
	metrics             []metric // by tag
}

// metric sums up a series.
type metric struct {
	tag              string
	last             float64
	min, max         float64 // of the numbers, infinities included; NaN if there is none
	minStep, maxStep int64   // where these were first reached
	sum              float64
	numbers          int64 // points that are not NaN
}

// NewRunsBuilder returns an empty builder.
func NewRunsBuilder(o RunsOptions) *RunsBuilder {
	return &RunsBuilder{options: o, names: make(map[string]string)}
}

// Add takes a run, with all of its points.
func (b *RunsBuilder) Add(in *convert.Input) error {
	b.begin(in.Run.Name)
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		b.add(chunk)
	}
	b.end(in)
	return nil
}

func (b *RunsBuilder) begin(run string) {
	b.current, b.metrics = &gathered{run: run}, b.metrics[:0]
	b.runs = append(b.runs, b.current)
}

// add takes a chunk of the run begun last. Series come by tag.
func (b *RunsBuilder) add(c *convert.Chunk) {
	g := b.current
	if n := len(b.metrics); n == 0 || b.metrics[n-1].tag != c.Tag {
		b.metrics = append(b.metrics, metric{tag: b.name(c.Tag)})
	}
	b.metrics[len(b.metrics)-1].add(c)
	highest := slices.Max(c.Steps)
	if g.points == 0 || highest > g.lastStep {
		g.lastStep = highest
	}
	g.points += int64(len(c.Steps))
}

func (m *metric) add(c *convert.Chunk) {
	for i, v := range c.Values {
		if v != v {
			continue
		}
		if m.numbers == 0 || v < m.min {
			m.min, m.minStep = v, c.Steps[i]
		}
		if m.numbers == 0 || v > m.max {
			m.max, m.maxStep = v, c.Steps[i]
		}
		m.sum += v
		m.numbers++
	}
	m.last = c.Values[len(c.Values)-1]
}

// merge takes over a series of the same tag that comes after m.
func (m *metric) merge(o *metric) {
	m.last = o.last
	switch {
	case o.numbers == 0:
		return
	case m.numbers == 0:
		*m = *o
		return
	}
	if o.min < m.min {
		m.min, m.minStep = o.min, o.minStep
	}
	if o.max > m.max {
		m.max, m.maxStep = o.max, o.maxStep
	}
	m.sum += o.sum
	m.numbers += o.numbers
}

// end completes the run begun last.
func (b *RunsBuilder) end(in *convert.Input) {
	g, s := b.current, in.Stats
	g.metrics = append(make([]metric, 0, len(b.metrics)), b.metrics...)
	g.files, g.firstTime, g.lastTime = len(s.Files), s.FirstTime, s.LastTime
	if in.HParams != nil {
		g.hparams = b.keep(in.HParams)
	}
	g.parts = []*hparams.HParams{g.hparams}
	g.fold = in.Fold
	g.fold.HParams = g.hparams
}

// keep gives of h what is needed here, with names shared among the runs.
func (b *RunsBuilder) keep(h *hparams.HParams) *hparams.HParams {
	kept := *h
	if h.Experiment != nil {
		kept.Experiment = b.keepExperiment(h.Experiment)
	}
	if h.Start != nil {
		for i := range h.Start.Params {
			h.Start.Params[i].Name = b.name(h.Start.Params[i].Name)
		}
	}
	return &kept
}

func (b *RunsBuilder) keepExperiment(e *hparams.Experiment) *hparams.Experiment {
	same := func(m, n hparams.MetricInfo) bool { return m.Group == n.Group && m.Tag == n.Tag }
	if last := b.experiment; last != nil && last.Name == e.Name && slices.EqualFunc(last.Metrics, e.Metrics, same) {
		return last
	}
	kept := &hparams.Experiment{Name: e.Name, Metrics: make([]hparams.MetricInfo, len(e.Metrics))}
	for i, m := range e.Metrics {
		kept.Metrics[i] = hparams.MetricInfo{Group: b.name(m.Group), Tag: b.name(m.Tag)}
	}
	b.experiment = kept
	return kept
}

func (b *RunsBuilder) name(s string) string {
	if shared, ok := b.names[s]; ok {
		return shared
	}
	s = strings.Clone(s)
	b.names[s] = s
	return s
}

// Runs returns the table of the runs so far. The builder is not to be used
// after it.
func (b *RunsBuilder) Runs() *Runs {
	b.findExperiments()
	var folds convert.Folds
	rows := b.runs
	if !b.options.NoFold {
		folds = convert.FoldRuns(b.foldables())
		rows = b.fold(&folds)
	}
	return newRuns(b.options, rows, b.foldNames(folds), len(folds.Several))
}

// findExperiments names the experiment of each run: that in it, or in the
// nearest run above.
func (b *RunsBuilder) findExperiments() {
	names := make(map[string]string)
	for _, g := range b.runs {
		if h := g.hparams; h != nil && h.Experiment != nil {
			names[strings.TrimSuffix(g.run, "/.")] = h.Experiment.Name
		}
	}
	if len(names) == 0 {
		return
	}
	for _, g := range b.runs {
		for name := strings.TrimSuffix(g.run, "/."); ; {
			if e, ok := names[name]; ok {
				g.experiment = e
				break
			}
			if name == "." {
				break
			}
			i := strings.LastIndexByte(name, '/')
			if name = name[:max(i, 0)]; i < 0 {
				name = "."
			}
		}
	}
}

func (b *RunsBuilder) foldables() []convert.Foldable {
	runs := make([]convert.Foldable, len(b.runs))
	for i, g := range b.runs {
		runs[i] = g.fold
	}
	return runs
}

// fold makes parts of runs of those that are such, and returns the others that are
// runs.
func (b *RunsBuilder) fold(folds *convert.Folds) []*gathered {
	folded := make([]bool, len(b.runs))
	for _, i := range folds.LeftOut {
		folded[i] = true
	}
	for _, f := range folds.Folds {
		folded[f.Run] = true
		b.runs[f.Into].take(b.runs[f.Run], f.Prefix, b.name)
	}
	var rows []*gathered
	for i, g := range b.runs {
		if !folded[i] {
			rows = append(rows, g)
		}
	}
	return rows
}

// take makes o a part of g, as if its points came after those of g.
func (g *gathered) take(o *gathered, prefix string, name func(string) string) {
	g.files += o.files
	if o.points > 0 {
		if g.points == 0 || o.lastStep > g.lastStep {
			g.lastStep = o.lastStep
		}
		g.points += o.points
	}
	if o.firstTime > 0 && (g.firstTime == 0 || o.firstTime < g.firstTime) {
		g.firstTime = o.firstTime
	}
	g.lastTime = max(g.lastTime, o.lastTime)
	g.parts = append(g.parts, o.parts...)
	if o.hparams != nil && o.hparams.Start != nil {
		g.hparams, g.experiment = o.hparams, o.experiment
	}
	g.takeMetrics(o.metrics, prefix, name)
}

// takeMetrics takes metrics over, whose tags get a prefix.
func (g *gathered) takeMetrics(more []metric, prefix string, name func(string) string) {
	own := g.metrics
	g.metrics = make([]metric, 0, len(own)+len(more))
	for _, m := range more {
		m.tag = name(prefix + m.tag)
		i, found := slices.BinarySearchFunc(own, m.tag, compareTag)
		g.metrics, own = append(g.metrics, own[:i]...), own[i:]
		if found {
			whole := own[0]
			whole.merge(&m)
			m, own = whole, own[1:]
		}
		g.metrics = append(g.metrics, m)
	}
	g.metrics = append(g.metrics, own...)
}

func compareTag(m metric, tag string) int { return strings.Compare(m.tag, tag) }

func (b *RunsBuilder) foldNames(folds convert.Folds) []convert.FoldedRun {
	names := make([]convert.FoldedRun, len(folds.Folds))
	for i, f := range folds.Folds {
		names[i] = convert.FoldedRun{Run: b.runs[f.Run].run, Into: b.runs[f.Into].run, Session: f.Prefix != ""}
	}
	return names
}
