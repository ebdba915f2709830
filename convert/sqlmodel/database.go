package sqlmodel

import (
	"context"
	"iter"
)

// Version is that of the tables. A database of another one is refused.
const Version = 2

// Database is one that holds the tables.
type Database interface {
	// Transaction does all of f or nothing. Nobody else writes the run of that
	// source in the meantime.
	Transaction(ctx context.Context, sourceID string, f func(Tx) error) error
}

// Tx is a transaction. Queries name their arguments $1, $2 and so on.
type Tx interface {
	Exec(ctx context.Context, query string, args ...any) error
	// Query calls row for each row, which reads it by scan, until it fails.
	Query(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) error
	// Insert adds rows to a table. An error of rows ends it.
	Insert(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) error
	// InsertPoints does the same for the points of metrics.
	InsertPoints(ctx context.Context, points iter.Seq2[*Points, error]) error
	// MetricIDs gives n ids that no metric has.
	MetricIDs(ctx context.Context, n int) ([]int64, error)
	// Time is a time in the database's own type; nil: there is none.
	Time(seconds float64) any
	// Number is a number in the database's own type.
	Number(x float64) any
}

// Points are consecutive points of a metric. The three slices have the same
// length, and are valid until the next ones.
type Points struct {
	MetricID, First int64 // First is the seq of the first point
	Steps           []int64
	WallTimes       []float64 // seconds since 1970
	Values          []float64
}
