package sqlite

import (
	"context"
	"database/sql"
	"strings"
)

// batch inserts rows, many in one statement.
type batch struct {
	tx      *sql.Tx
	table   string
	columns []string
	full    *sql.Stmt // of mostRows rows; nil: there were not so many yet
	args    []any
	bytes   int // of texts and blobs in args
}

// One statement inserts so many rows, or fewer where their texts and blobs have so many bytes.
const (
	mostRows  = 100
	mostBytes = 1 << 20
)

func (b *batch) add(ctx context.Context, row ...any) (err error) {
	b.args = append(b.args, row...)
	b.bytes += bytesOf(row)
	if len(b.args) < mostRows*len(b.columns) {
		if b.bytes >= mostBytes {
			return b.flush(ctx)
		}
		return nil
	}
	if b.full == nil {
		if b.full, err = b.tx.PrepareContext(ctx, b.statement(mostRows)); err != nil {
			return err
		}
	}
	_, err = b.full.ExecContext(ctx, b.args...)
	b.empty()
	return err
}

// bytesOf is what the texts and blobs of a row have.
func bytesOf(row []any) (n int) {
	for _, x := range row {
		switch x := x.(type) {
		case string:
			n += len(x)
		case []byte:
			n += len(x)
		}
	}
	return n
}

// empty lets go of what was inserted.
func (b *batch) empty() {
	clear(b.args)
	b.args, b.bytes = b.args[:0], 0
}

// flush inserts what is left.
func (b *batch) flush(ctx context.Context) error {
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, b.statement(len(b.args)/len(b.columns)), b.args...)
	b.empty()
	return err
}

func (b *batch) statement(rows int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(b.columns)), ", ") + "), "
	return "INSERT INTO " + b.table + " (" + strings.Join(b.columns, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(row, rows), ", ")
}

// close ends the statement. Its errors were those of add.
func (b *batch) close() {
	if b.full != nil {
		b.full.Close()
	}
}

// PointBytes is about what a point takes in the file.
const PointBytes = 32
