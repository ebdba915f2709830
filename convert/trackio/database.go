package trackio

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// schemaVersion is that of Trackio 0.43: PRAGMA user_version.
const schemaVersion = 2

// schema is what this package writes to, but for the indexes of rows. Trackio adds
// its other tables when it next opens the file to write.
const schema = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
	run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL,
	config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id));
CREATE INDEX idx_configs_run_name ON configs(run_name);
PRAGMA user_version = 2;`

// indexes are those of rows.
const indexes = `
CREATE INDEX IF NOT EXISTS idx_metrics_run_step ON metrics(run_id, step);
CREATE INDEX IF NOT EXISTS idx_metrics_run_timestamp ON metrics(run_id, timestamp);
CREATE UNIQUE INDEX IF NOT EXISTS idx_metrics_log_id ON metrics(log_id) WHERE log_id IS NOT NULL;`

// VersionError says that a project's file is of a schema that is not known.
type VersionError struct {
	Path    string
	Version int64
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s: its schema is version %d, and Trackio's version %d is the one that is known: nothing was "+
		"written",
		e.Path, e.Version, schemaVersion)
}

// use is what a file is opened for.
type use uint8

const (
	toRead use = iota
	toWrite
	// toWriteFew is for few transactions, or large ones. Into a new file these go
	// without a write-ahead log, which is less to write, but more to wait for each time.
	toWriteFew
)

// database is the file of a project.
type database struct {
	path string
	db   *sql.DB
	// bare: rows have no indexes yet, for this program made the file, and nobody has
	// written to it since. version is the data_version of SQLite that tells.
	bare    bool
	version int64
}

// open opens the file of a project. It is made where there is none, unless it is
// only to be read: then the error is fs.ErrNotExist.
func open(ctx context.Context, dir, project string, u use) (*database, error) {
	d := &database{path: filepath.Join(dir, project+".db")}
	if _, err := os.Stat(d.path); u == toRead && err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": {"busy_timeout(10000)"}}
	if u == toRead {
		query.Set("mode", "ro")
	} else {
		query.Set("_txlock", "immediate")
		// The size of pages is that of a new file; in larger ones there is less to move.
		query["_pragma"] = append(query["_pragma"], "page_size(8192)", "synchronous(NORMAL)", "cache_size(-4000)")
	}
	path, err := filepath.Abs(d.path)
	if err != nil {
		return nil, err
	}
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	if d.db, err = sql.Open("sqlite", uri.String()); err != nil {
		return nil, d.failed(err)
	}
	d.db.SetMaxOpenConns(1)
	if err := d.prepare(ctx, u); err != nil {
		return nil, errors.Join(d.failed(err), d.db.Close())
	}
	return d, nil
}

// prepare checks the schema, and makes it in an empty file.
func (d *database) prepare(ctx context.Context, u use) error {
	var version, tables int64
	if err := d.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := d.db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	isNew := version == 0 && tables == 0
	switch {
	case isNew && u == toRead, !isNew && version != schemaVersion:
		return &VersionError{d.path, version}
	case !isNew:
		if err := d.hasTables(ctx); err != nil {
			return err
		}
	}
	if u == toWrite || u == toWriteFew && !isNew {
		if _, err := d.db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
			return err
		}
	}
	switch {
	case isNew:
		return d.make(ctx)
	case u == toRead:
		return nil
	}
	return d.index(ctx) // a killed process may have left none
}

// make makes the tables.
func (d *database) make(ctx context.Context) error {
	return d.transaction(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return err
		}
		d.bare = true
		return tx.QueryRowContext(ctx, "PRAGMA data_version").Scan(&d.version)
	})
}

// index makes the indexes of rows, where they are not there: of many rows at once
// that is less work than row by row.
func (d *database) index(ctx context.Context) error {
	var there int64
	const count = `SELECT count(*) FROM sqlite_master WHERE type = 'index' AND
name IN ('idx_metrics_run_step', 'idx_metrics_run_timestamp', 'idx_metrics_log_id')`
	err := d.db.QueryRowContext(ctx, count).Scan(&there)
	if err == nil && there < 3 {
		err = d.transaction(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, indexes)
			return err
		})
	}
	if err != nil {
		return err
	}
	return d.indexed(ctx, d.db.ExecContext)
}

// indexed goes on with indexes. They grow in many places, whose pages are kept.
func (d *database) indexed(ctx context.Context, exec func(context.Context, string, ...any) (sql.Result, error)) error {
	d.bare = false
	_, err := exec(ctx, "PRAGMA cache_size = -20000")
	return err
}

// stillBare reports whether nobody else has written to a bare file. Where others
// have, its rows get their indexes.
func (d *database) stillBare(ctx context.Context, tx *sql.Tx) (bool, error) {
	if !d.bare {
		return false, nil
	}
	var version int64
	if err := tx.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil || version == d.version {
		return err == nil, err
	}
	if _, err := tx.ExecContext(ctx, indexes); err != nil {
		return false, err
	}
	return false, d.indexed(ctx, tx.ExecContext)
}

// hasTables fails where a file is not one of Trackio, whatever its version says.
func (d *database) hasTables(ctx context.Context) error {
	for _, columns := range []string{
		"run_id, timestamp, run_name, step, metrics, log_id, space_id FROM metrics",
		"run_id, run_name, config, created_at FROM configs",
	} {
		if _, err := d.db.ExecContext(ctx, "SELECT "+columns+" LIMIT 0"); err != nil {
			return fmt.Errorf("is no project of Trackio: %w", err)
		}
	}
	return nil
}

// transaction does all of f or nothing.
func (d *database) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, rollback(tx))
	}
	return tx.Commit()
}

// rollback undoes a transaction, unless its context has ended, or SQLite failed
// in a way that undoes it: then it is undone.
func rollback(tx *sql.Tx) error {
	err := tx.Rollback()
	if err == nil || errors.Is(err, sql.ErrTxDone) || strings.Contains(err.Error(), "no transaction is active") {
		return nil
	}
	return err
}

// failed names the file in an error.
func (d *database) failed(err error) error {
	var version *VersionError
	var path *fs.PathError
	if err == nil || errors.As(err, &version) || errors.As(err, &path) {
		return err
	}
	return &databaseError{d.path, err}
}

// databaseError is an error of SQLite.
type databaseError struct {
	path string
	err  error
}

func (e *databaseError) Error() string {
	var failed *sqlite.Error
	if errors.As(e.err, &failed) {
		if code := failed.Code(); code == lib.SQLITE_READONLY_ROLLBACK || code == lib.SQLITE_READONLY_RECOVERY {
			return e.path + ": its last writer was killed; the next one that opens it brings it into order"
		}
		switch failed.Code() & 0xff { // the rest says more of the same
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			return e.path + ": another program is writing to it; run this again when it is done"
		case lib.SQLITE_FULL:
			return e.path + ": the disk is full"
		case lib.SQLITE_READONLY:
			return e.path + ": the file, or its directory, is read-only"
		}
	}
	return e.path + ": " + strings.TrimPrefix(e.err.Error(), "SQL logic error: ")
}
func (e *databaseError) Unwrap() error { return e.err }

// close leaves one file, and no log beside it, unless somebody reads it.
func (d *database) close(u use) error {
	var err error
	if u != toRead {
		_, err = d.db.Exec("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return d.failed(errors.Join(err, d.db.Close()))
}
