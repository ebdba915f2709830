package search

import (
	"cmp"
	"slices"

	"tbexport/convert/table"
)

// Best gives the columns of a runs table that tell its rows apart, the best
// first, leaving out those that none of the rows has anything in: the run, the
// columns first, hparams that differ between rows and metrics in turns, and then
// the others, with status, duration and the number of points last. Where there
// are very many, it may stop at most; 0 gives all.
func Best(runs *table.Runs, rows, first []int, most int) []int {
	b := best{runs: runs, rows: rows, taken: make(map[int]bool)}
	if run, ok := runs.Column(table.ColumnRun); ok {
		b.columns = append(b.columns, run)
		b.taken[run] = true
	}
	for _, column := range first {
		b.add(column)
	}
	telling, same, metrics := b.ranked()
	for i := range max(len(telling), len(metrics)) {
		if i < len(telling) {
			b.add(telling[i])
		}
		if i < len(metrics) {
			b.add(metrics[i])
		}
		if most > 0 && len(b.columns) >= most {
			return b.columns
		}
	}
	b.named(table.ColumnStartTime, table.ColumnLastStep, table.ColumnGroup, table.ColumnExperiment, table.ColumnFiles,
		table.ColumnEndTime)
	for _, column := range same {
		b.add(column)
	}
	b.named(table.ColumnStatus, table.ColumnDuration, table.ColumnPoints)
	return b.columns
}

type best struct {
	runs    *table.Runs
	rows    []int
	columns []int
	taken   map[int]bool // columns
}

func (b *best) add(column int) {
	if !b.taken[column] && b.fill(column) > 0 {
		b.columns = append(b.columns, column)
		b.taken[column] = true
	}
}

func (b *best) named(names ...string) {
	for _, name := range names {
		if column, ok := b.runs.Column(name); ok {
			b.add(column)
		}
	}
}

// ranked gives the columns of hparams that differ between rows, of those that
// do not, and of metrics, each with those first that most rows have.
func (b *best) ranked() (telling, same, metrics []int) {
	for i := range b.runs.Columns {
		switch c := &b.runs.Columns[i]; {
		case c.Metric != nil:
			metrics = append(metrics, i)
		case c.Param != nil && b.differs(i):
			telling = append(telling, i)
		case c.Param != nil:
			same = append(same, i)
		}
	}
	for _, columns := range [][]int{telling, metrics} {
		fills := make(map[int]int, len(columns))
		for _, i := range columns {
			fills[i] = b.fill(i)
		}
		slices.SortStableFunc(columns, func(i, j int) int { return cmp.Compare(fills[j], fills[i]) })
	}
	return telling, same, metrics
}

// fill is how many rows have something in a column.
func (b *best) fill(column int) (n int) {
	for _, row := range b.rows {
		if b.runs.Cell(row, column).Kind != table.CellNull {
			n++
		}
	}
	return n
}

// differs reports whether two rows differ in a column.
func (b *best) differs(column int) bool {
	for _, row := range b.rows {
		if b.runs.Cell(row, column) != b.runs.Cell(b.rows[0], column) {
			return true
		}
	}
	return false
}
