package table

import (
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// CellKind is the kind of a cell.
type CellKind uint8

// The kinds of cells.
const (
	CellNull CellKind = iota
	CellText
	CellNumber
	CellInteger
	CellBool
	CellTime
)

// Cell is one value of the runs table.
type Cell struct {
	Kind    CellKind
	Text    string
	Number  float64
	Integer int64
	Bool    bool
	Seconds float64 // of CellTime, since the epoch
}

func textCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: CellText, Text: s}
}

// timeCell is null where no time was said.
func timeCell(seconds float64) Cell {
	if seconds == 0 {
		return Cell{}
	}
	return Cell{Kind: CellTime, Seconds: seconds}
}

// Cell gives the value in a row and column, in the type of the column.
func (r *Runs) Cell(row, column int) Cell {
	g, c := r.rows[row], &r.Columns[column]
	switch {
	case c.Param != nil:
		return g.param(*c.Param, c.Type)
	case c.Metric != nil:
		return g.metric(*c.Metric, c.Summary)
	}
	return c.fixed(g)
}

// Param gives the value of an hparam in a row, whatever type its column has.
func (r *Runs) Param(row int, name string) (hparams.HParam, bool) { return r.rows[row].find(name) }

func (g *gathered) params() []hparams.HParam {
	if g.hparams == nil || g.hparams.Start == nil {
		return nil
	}
	return g.hparams.Start.Params
}

func (g *gathered) find(name string) (hparams.HParam, bool) {
	params := g.params()
	i, found := slices.BinarySearchFunc(params, name,
		func(p hparams.HParam, name string) int { return strings.Compare(p.Name, name) })
	if !found {
		return hparams.HParam{}, false
	}
	return params[i], true
}

func (g *gathered) param(name string, t arrow.DataType) Cell {
	p, _ := g.find(name)
	switch {
	case p.Kind == hparams.Null:
		return Cell{}
	case t.ID() == arrow.FLOAT64:
		return Cell{Kind: CellNumber, Number: p.Number}
	case t.ID() == arrow.BOOL:
		return Cell{Kind: CellBool, Bool: p.Bool}
	}
	return Cell{Kind: CellText, Text: p.String()}
}

func (g *gathered) metric(tag string, s Summary) Cell {
	i, found := slices.BinarySearchFunc(g.metrics, tag, compareTag)
	if !found {
		return Cell{}
	}
	m := &g.metrics[i]
	if m.numbers == 0 && (s == SummaryBestStep || s == SummaryMaxStep) {
		return Cell{}
	}
	number := func(v float64) Cell {
		if m.numbers == 0 {
			v = math.NaN()
		}
		return Cell{Kind: CellNumber, Number: v}
	}
	switch s {
	case SummaryMin:
		return number(m.min)
	case SummaryMax:
		return number(m.max)
	case SummaryMean:
		return number(m.sum / float64(m.numbers))
	case SummaryBestStep:
		return Cell{Kind: CellInteger, Integer: m.minStep}
	case SummaryMaxStep:
		return Cell{Kind: CellInteger, Integer: m.maxStep}
	}
	return Cell{Kind: CellNumber, Number: m.last}
}

func (g *gathered) group() Cell {
	switch {
	case g.hparams == nil || g.hparams.Start == nil:
		return Cell{}
	case g.hparams.Start.Group == "":
		return Cell{Kind: CellText, Text: g.run}
	}
	return Cell{Kind: CellText, Text: g.hparams.Start.Group}
}

// status is in MLflow's words.
func (g *gathered) status() Cell { return textCell(string(convert.StatusOf(g.parts...))) }

// start is when the run began, in seconds since the epoch; 0: nothing says it.
func (g *gathered) start() float64 {
	if h := g.hparams; h != nil && h.Start != nil && saysTime(h.Start.StartTime) {
		return h.Start.StartTime
	}
	return g.firstTime
}

// finish is when the run ended, or its last event was.
func (g *gathered) finish() float64 {
	if h := g.hparams; h != nil && h.End != nil && saysTime(h.End.Time) {
		return h.End.Time
	}
	return g.lastTime
}

func saysTime(seconds float64) bool { return seconds > 0 && !math.IsInf(seconds, 0) }

func (g *gathered) duration() Cell {
	start, end := g.start(), g.finish()
	if start == 0 || end == 0 {
		return Cell{}
	}
	return Cell{Kind: CellNumber, Number: end - start}
}

func (g *gathered) highestStep() Cell {
	if g.points == 0 {
		return Cell{}
	}
	return Cell{Kind: CellInteger, Integer: g.lastStep}
}
