package trackio

import (
	"context"
	"database/sql"
	"strings"
)

// batch inserts rows of one run, many in one statement.
type batch struct {
	tx   *sql.Tx
	mend bool
	full *sql.Stmt // of mostRows rows; nil: there were not so many yet
	args []any     // the run's id and name, and the columns of each row
}

func newBatch(tx *sql.Tx, id, name string, mend bool) *batch {
	return &batch{tx: tx, mend: mend, args: []any{id, name}}
}

// mostRows is how many rows one statement inserts.
const mostRows = 64

// What args has of a run, and of each row.
const (
	columnsOfRun = 2
	columnsOfRow = 4
)

// conflict mends a row that is other.
const conflict = ` ON CONFLICT (log_id) WHERE log_id IS NOT NULL DO UPDATE SET
timestamp = excluded.timestamp, run_name = excluded.run_name, metrics = excluded.metrics
WHERE timestamp <> excluded.timestamp OR run_name <> excluded.run_name OR metrics <> excluded.metrics`

// add takes a row.
func (b *batch) add(ctx context.Context, step int64, c *columns) (err error) {
	b.args = append(b.args, c.timestamp, step, c.metrics, c.logID)
	if b.rows() < mostRows {
		return nil
	}
	if b.full == nil {
		if b.full, err = b.tx.PrepareContext(ctx, b.statement(mostRows)); err != nil {
			return err
		}
	}
	_, err = b.full.ExecContext(ctx, b.args...)
	b.args = b.args[:columnsOfRun]
	return err
}

func (b *batch) rows() int { return (len(b.args) - columnsOfRun) / columnsOfRow }

// flush inserts what is left.
func (b *batch) flush(ctx context.Context) error {
	if b.rows() == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, b.statement(b.rows()), b.args...)
	b.args = b.args[:columnsOfRun]
	return err
}

// statement inserts rows. What fails of it fails the transaction: so SQLite need
// not write down what it would take to undo the statement alone.
func (b *batch) statement(rows int) string {
	text := "INSERT OR ROLLBACK INTO metrics (run_id, run_name, timestamp, step, metrics, log_id) VALUES " +
		strings.TrimSuffix(strings.Repeat("(?1, ?2, ?, ?, ?, ?), ", rows), ", ")
	if b.mend {
		text += conflict
	}
	return text
}

func (b *batch) close() error {
	if b.full == nil {
		return nil
	}
	return b.full.Close()
}
