package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// RunsOptions choose what the runs table shows. The zero value has a row for
// each run that is no part of another, and the last value of each metric.
type RunsOptions struct {
	// NoFold gives every run a row of its own, see convert.FoldRuns.
	NoFold bool
	// Summaries are the columns of a metric beside its last value.
	Summaries []Summary
}

// Summary is a number that sums up a series.
type Summary uint8

// The summaries. Not a number counts in SummaryLast only; where a series has
// no number, the others are NaN, and the steps null.
//
// Nothing in the files says whether a metric is better low or high: BestStep
// is the step of the lowest value, as of a loss; MaxStep is for the others.
const (
	SummaryLast     Summary = iota // in file order, after the restart mode
	SummaryMin                     // lowest
	SummaryMax                     // highest
	SummaryMean                    // arithmetic
	SummaryBestStep                // step at which the lowest value was first reached
	SummaryMaxStep                 // step at which the highest value was first reached
)

func (s Summary) String() string {
	return [...]string{"last", "min", "max", "mean", "best_step", "max_step"}[s]
}

// ParseSummaries reads names of summaries, separated by commas. "last" is
// there always and gives none.
func ParseSummaries(list string) (summaries []Summary, err error) {
	for _, word := range strings.Split(list, ",") {
		i := slices.IndexFunc(allSummaries(), func(s Summary) bool { return s.String() == strings.TrimSpace(word) })
		if i < 0 {
			return nil, fmt.Errorf("%s: want last, min, max, mean, best_step or max_step", word)
		}
		if s := Summary(i); s != SummaryLast && !slices.Contains(summaries, s) {
			summaries = append(summaries, s)
		}
	}
	return summaries, nil
}

func allSummaries() []Summary {
	return []Summary{SummaryLast, SummaryMin, SummaryMax, SummaryMean, SummaryBestStep, SummaryMaxStep}
}

// Columns before those of hparams and metrics, and what these begin with, as
// in the data frame of MLflow's search_runs.
const (
	ColumnRun        = "run"
	ColumnExperiment = "experiment" // name of the experiment in the run or the nearest above it
	ColumnGroup      = "group"      // of the session; its own name where it names none
	ColumnStatus     = "status"     // FINISHED, FAILED, RUNNING; null where no end was written
	ColumnStartTime  = "start_time" // of the session, or else of the first event
	ColumnEndTime    = "end_time"   // of the session, or else of the last event
	ColumnDuration   = "duration"   // seconds between both
	ColumnFiles      = "files"
	ColumnPoints     = "points"
	ColumnLastStep   = "last_step" // the highest
	ParamPrefix      = "params."
	MetricPrefix     = "metrics."
)

// A RunsColumn is a column of the runs table.
type RunsColumn struct {
	Name string
	Type arrow.DataType
	// Param and Metric are the name of the hparam or the tag that the column is
	// of, if it is of one.
	Param, Metric *string
	Summary       Summary // of a metric

	fixed func(*gathered) Cell
}

// Runs is the runs table: a row a run, in the order in which they were given.
type Runs struct {
	Columns []RunsColumn
	// Folded are the runs that have no row, as they are part of another's.
	Folded []convert.FoldedRun
	// NotFolded is how many runs hold only hparams and are named after a time,
	// but are not folded, since the run above has several such.
	NotFolded int

	rows  []*gathered
	index map[string]int
}

func newRuns(o RunsOptions, rows []*gathered, folded []convert.FoldedRun, notFolded int) *Runs {
	r := &Runs{rows: rows, Folded: folded, NotFolded: notFolded, Columns: fixedColumns()}
	r.Columns = append(r.Columns, paramColumns(rows)...)
	r.Columns = append(r.Columns, metricColumns(rows, o.Summaries)...)
	r.index = make(map[string]int, len(r.Columns))
	for i, c := range r.Columns {
		r.index[c.Name] = i
	}
	return r
}

// Result is what there is to say of the table where it is all that is made.
func (r *Runs) Result() convert.Result {
	result := convert.Result{Folded: r.Folded, NotFolded: r.NotFolded}
	result.AddRows(runsSpec().Name, int64(r.Len()))
	return result
}

// Len is the number of rows.
func (r *Runs) Len() int { return len(r.rows) }

// Column gives the number of a column.
func (r *Runs) Column(name string) (int, bool) {
	i, ok := r.index[name]
	return i, ok
}

// fixedColumns are those that every runs table has.
func fixedColumns() []RunsColumn {
	fixed := func(name string, t arrow.DataType, cell func(*gathered) Cell) RunsColumn {
		return RunsColumn{Name: name, Type: t, fixed: cell}
	}
	text, whole := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64
	return []RunsColumn{
		fixed(ColumnRun, text, func(g *gathered) Cell { return Cell{Kind: CellText, Text: g.run} }),
		fixed(ColumnExperiment, text, func(g *gathered) Cell { return textCell(g.experiment) }),
		fixed(ColumnGroup, text, (*gathered).group),
		fixed(ColumnStatus, text, (*gathered).status),
		fixed(ColumnStartTime, arrow.FixedWidthTypes.Timestamp_us,
			func(g *gathered) Cell { return timeCell(g.start()) }),
		fixed(ColumnEndTime, arrow.FixedWidthTypes.Timestamp_us,
			func(g *gathered) Cell { return timeCell(g.finish()) }),
		fixed(ColumnDuration, arrow.PrimitiveTypes.Float64, (*gathered).duration),
		fixed(ColumnFiles, whole, func(g *gathered) Cell { return Cell{Kind: CellInteger, Integer: int64(g.files)} }),
		fixed(ColumnPoints, whole, func(g *gathered) Cell { return Cell{Kind: CellInteger, Integer: g.points} }),
		fixed(ColumnLastStep, whole, (*gathered).highestStep),
	}
}

// paramColumns are those of the hparams, by name. A column is of numbers or
// bools where all values are; otherwise it is text.
func paramColumns(rows []*gathered) []RunsColumn {
	types := make(map[string]arrow.DataType)
	for _, g := range rows {
		for _, p := range g.params() {
			t := paramType(p.Kind)
			switch old := types[p.Name]; {
			case old == nil:
				types[p.Name] = t
			case t != nil && t != old:
				types[p.Name] = arrow.BinaryTypes.String
			}
		}
	}
	columns := make([]RunsColumn, 0, len(types))
	for _, name := range slices.Sorted(maps.Keys(types)) {
		t := types[name]
		if t == nil { // null in every run
			t = arrow.BinaryTypes.String
		}
		columns = append(columns, RunsColumn{Name: ParamPrefix + name, Type: t, Param: &name})
	}
	return columns
}

// paramType is nil for null, which fits any column.
func paramType(k hparams.Kind) arrow.DataType {
	switch k {
	case hparams.Null:
		return nil
	case hparams.Number:
		return arrow.PrimitiveTypes.Float64
	case hparams.Bool:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.BinaryTypes.String
}

// metricColumns are those of the metrics, by tag, each followed by its
// summaries. A summary whose name is that of another tag's column gets
// " (summary)" after it.
func metricColumns(rows []*gathered, summaries []Summary) []RunsColumn {
	tags := make(map[string]bool)
	for _, g := range rows {
		for i := range g.metrics {
			tags[g.metrics[i].tag] = true
		}
	}
	columns := make([]RunsColumn, 0, len(tags)*(1+len(summaries)))
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		columns = append(columns,
			RunsColumn{Name: MetricPrefix + tag, Type: arrow.PrimitiveTypes.Float64, Metric: &tag})
		for _, s := range summaries {
			name, t := tag+"."+s.String(), arrow.DataType(arrow.PrimitiveTypes.Float64)
			for tags[name] {
				name += " (summary)"
			}
			if s == SummaryBestStep || s == SummaryMaxStep {
				t = arrow.PrimitiveTypes.Int64
			}
			columns = append(columns, RunsColumn{Name: MetricPrefix + name, Type: t, Metric: &tag, Summary: s})
		}
	}
	return columns
}
