package trackio

import (
	"context"
	"database/sql"
	"strings"
)

// batch inserts rows, many in one statement.
type batch struct {
	tx   *sql.Tx
	mend bool
	full *sql.Stmt // of mostRows rows; nil: there were not so many yet
	args []any
}

// mostRows is how many rows one statement inserts.
const mostRows = 64

const columnsOfRow = 6

// conflict mends a row that is other.
const conflict = ` ON CONFLICT (log_id) WHERE log_id IS NOT NULL DO UPDATE SET
timestamp = excluded.timestamp, run_name = excluded.run_name, metrics = excluded.metrics
WHERE timestamp <> excluded.timestamp OR run_name <> excluded.run_name OR metrics <> excluded.metrics`

// add takes the columns of a row: run_id, timestamp, run_name, step, metrics and
// log_id.
func (b *batch) add(ctx context.Context, row ...any) (err error) {
	b.args = append(b.args, row...)
	if len(b.args) < mostRows*columnsOfRow {
		return nil
	}
	if b.full == nil {
		if b.full, err = b.tx.PrepareContext(ctx, b.statement(mostRows)); err != nil {
			return err
		}
	}
	_, err = b.full.ExecContext(ctx, b.args...)
	b.args = b.args[:0]
	return err
}

// flush inserts what is left.
func (b *batch) flush(ctx context.Context) error {
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, b.statement(len(b.args)/columnsOfRow), b.args...)
	b.args = b.args[:0]
	return err
}

func (b *batch) statement(rows int) string {
	text := "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics, log_id) VALUES " +
		strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", rows), ", ")
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
