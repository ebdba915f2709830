package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"

	"tbexport/convert/sqlmodel"
)

// applicationID marks the files of this package.
const applicationID = 0x74626578 // "tbex"

// FileError says that a file is of something else.
type FileError struct {
	Path    string
	Version int64 // of its tables; 0: it is no file of this package
}

func (e *FileError) Error() string {
	if e.Version == 0 {
		return fmt.Sprintf("%s: an SQLite file of something else: nothing was written", e.Path)
	}
	return fmt.Sprintf("%s: its tables are version %d, and version %d is the one that is known: nothing was written; "+
		"choose another file",
		e.Path, e.Version, sqlmodel.Version)
}

// Error is one of SQLite.
type Error struct {
	Path string
	Err  error
}

func (e *Error) Error() string {
	text := e.Path + ": " + e.Err.Error()
	var known *sqlite.Error
	if errors.As(e.Err, &known) {
		switch known.Code() & 0xff {
		case sqliteBusy, sqliteLocked:
			text = e.Path + ": another program is writing to it; run this again when it is done"
		case 8:
			text = e.Path + ": the file, or its directory, is read-only"
		case 14:
			text = e.Path + ": it cannot be opened, or its directory is read-only"
			if _, err := os.Stat(e.Path + "-wal"); err == nil {
				text = fmt.Sprintf("%s: a program that wrote to it was killed; what it wrote last is in %s-wal, and "+
					"takes a directory that may be written",
					e.Path, filepath.Base(e.Path))
			}
		case 13:
			text = e.Path + ": the disk is full"
		case 26:
			text = e.Path + ": not an SQLite file"
		}
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Database is an SQLite file. While one that is open to write is open, it is in
// SQLite's WAL mode, in which a transaction costs no wait for the disk: beside it
// are FILE-wal, which holds what was written last, and FILE-shm. A program that is
// killed leaves them there, and whoever opens the file next takes them in.
type Database struct {
	path string
	db   *sql.DB
	access
}

// MissingError says that there is no file to read, or an empty one. It is
// fs.ErrNotExist.
type MissingError struct {
	Path  string
	Empty bool
}

func (e *MissingError) Error() string {
	if e.Empty {
		return e.Path + ": an SQLite file without tables"
	}
	return "no such file: " + e.Path
}

// Is makes it fs.ErrNotExist.
func (e *MissingError) Is(other error) bool { return other == fs.ErrNotExist }

// DirectoryError says that there is a directory in the place of a file.
type DirectoryError struct{ Path string }

func (e *DirectoryError) Error() string {
	return e.Path + ": is a directory, and not an SQLite file: choose a name in it"
}

// Open opens a file to write, and makes it where there is none. waiting is called
// each time that others have the file and it is waited for; nil: nobody is.
func Open(ctx context.Context, path string, waiting func()) (*Database, error) {
	d, err := connect(path, access{"rwc", longWait, waiting})
	if err != nil {
		return nil, err
	}
	empty, err := d.isEmptyNow(ctx)
	if err == nil && empty {
		err = d.transaction(ctx, func(tx *sql.Tx) error { return d.prepare(ctx, tx) })
	}
	if err == nil {
		err = d.setJournal(ctx, "WAL")
	}
	return d.orClosed(err)
}

// OpenToRead opens a file that is there. waiting is that of Open.
func OpenToRead(ctx context.Context, path string, waiting func()) (*Database, error) {
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &MissingError{Path: path}
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &DirectoryError{path}
	}
	d, err := connect(path, access{"ro", longWait, waiting})
	if err != nil {
		return nil, err
	}
	empty, err := d.isEmptyNow(ctx)
	if empty {
		err = &MissingError{path, true}
	}
	return d.orClosed(err)
}

// Check fails where Open would, for what is there, for its place and for what may be
// done to them. It makes nothing. That others are writing is no failure.
func Check(ctx context.Context, path string) error {
	probe, err := os.CreateTemp(filepath.Dir(path), ".tbexport-*")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no directory %s", path, filepath.Dir(path))
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s: files cannot be made in its directory: %w", path, fs.ErrPermission)
	}
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		return err
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 && !info.IsDir():
		return nil
	case err == nil && info.IsDir():
		return &DirectoryError{path}
	}
	d, err := connect(path, access{mode: "rw"})
	if err != nil {
		return err
	}
	err = d.transaction(ctx, func(tx *sql.Tx) error {
		_, err := d.isEmpty(ctx, tx)
		return err
	})
	if isBusy(err) {
		err = nil
	}
	return d.failed(errors.Join(err, d.db.Close()))
}

// orClosed closes the file where there is an error.
func (d *Database) orClosed(err error) (*Database, error) {
	if err != nil {
		return nil, errors.Join(d.failed(err), d.db.Close())
	}
	return d, nil
}

// setJournal changes the file's mode. Where others have the file open it may stay
// what it is: that works as well.
func (d *Database) setJournal(ctx context.Context, mode string) error {
	err := d.patiently(func(wait time.Duration) error {
		_, err := d.db.ExecContext(ctx, setWait(wait)+"; PRAGMA journal_mode = "+mode)
		return err
	})
	if isBusy(err) {
		return nil
	}
	return d.failed(err)
}

// patiently does f, which waits for others so long. Where they have the file it says
// so, and waits.
func (d *Database) patiently(f func(wait time.Duration) error) error {
	err := f(0)
	if !isBusy(err) || d.wait == 0 {
		return err
	}
	if d.waiting != nil {
		d.waiting()
	}
	return f(d.wait)
}

// isBusy reports whether others have the file.
func isBusy(err error) bool {
	var known *sqlite.Error
	return errors.As(err, &known) && (known.Code()&0xff == sqliteBusy || known.Code()&0xff == sqliteLocked)
}

// Codes of SQLite.
const (
	sqliteBusy   = 5
	sqliteLocked = 6
)

// access says what is done to a file.
type access struct {
	mode    string        // SQLite's word: ro, rw, or rwc to make it
	wait    time.Duration // for others that write
	waiting func()        // called where it is waited for them; nil: nobody is
}

func (a access) readOnly() bool { return a.mode == "ro" }

// longWait is more than the transaction of a large run takes.
const longWait = 30 * time.Second

func connect(path string, a access) (*Database, error) {
	query := url.Values{"mode": {a.mode}, "_pragma": {"foreign_keys(ON)"}}
	if !a.readOnly() {
		query.Set("_txlock", "immediate")
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Dir(whole)); err != nil {
		return nil, err
	}
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(whole), RawQuery: query.Encode()}
	d := &Database{path: path, access: a}
	if d.db, err = sql.Open("sqlite", uri.String()); err != nil {
		return nil, d.failed(err)
	}
	d.db.SetMaxOpenConns(1)
	return d, nil
}

// querier is a connection or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// prepare makes the tables in an empty file, and checks others.
func (d *Database) prepare(ctx context.Context, tx *sql.Tx) error {
	if empty, err := d.isEmpty(ctx, tx); err != nil || !empty {
		return err
	}
	_, err := tx.ExecContext(ctx,
		tables()+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, sqlmodel.Version))
	return err
}

// isEmpty reports whether tables are to be made. It fails where there are others.
func (d *Database) isEmpty(ctx context.Context, q querier) (bool, error) {
	var there, id int64
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&there); err != nil {
		return false, err
	}
	if there > 0 {
		return false, d.check(ctx, q)
	}
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return false, err
	}
	if id != 0 && id != applicationID {
		return false, &FileError{Path: d.path}
	}
	return true, nil
}

// isEmptyNow is isEmpty without a transaction to write, which would wait for readers.
func (d *Database) isEmptyNow(ctx context.Context) (empty bool, err error) {
	err = d.patiently(func(wait time.Duration) error {
		if _, err := d.db.ExecContext(ctx, setWait(wait)); err != nil {
			return err
		}
		empty, err = d.isEmpty(ctx, d.db)
		return err
	})
	return empty, err
}

func (d *Database) check(ctx context.Context, q querier) error {
	var id, version int64
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch {
	case id != applicationID || version == 0:
		return &FileError{Path: d.path}
	case version != sqlmodel.Version:
		return &FileError{d.path, version}
	}
	return nil
}

// failed names the file in an error of SQLite.
func (d *Database) failed(err error) error {
	var known *sqlite.Error
	var named *Error
	if !errors.As(err, &known) || errors.As(err, &named) {
		return err
	}
	return &Error{d.path, err}
}

// Close closes the file. One that was open to write is whole by itself then, unless
// others have it open.
func (d *Database) Close() (err error) {
	if !d.readOnly() {
		err = d.setJournal(context.Background(), "DELETE")
	}
	return errors.Join(err, d.failed(d.db.Close()))
}

func (d *Database) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	var tx *sql.Tx
	err := d.patiently(func(wait time.Duration) (err error) {
		tx, err = d.begin(ctx, wait)
		return err
	})
	if err != nil {
		return d.failed(err)
	}
	if err := f(tx); err != nil {
		if e := tx.Rollback(); !errors.Is(e, sql.ErrTxDone) {
			err = errors.Join(err, e)
		}
		return d.failed(err)
	}
	return d.failed(tx.Commit())
}

// begin begins a transaction, in which nobody else writes. It waits for others so long,
// and in the transaction as long as always.
func (d *Database) begin(ctx context.Context, wait time.Duration) (*sql.Tx, error) {
	settings := setWait(wait)
	if !d.readOnly() {
		settings += "; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -20000"
	}
	if _, err := d.db.ExecContext(ctx, settings); err != nil {
		return nil, err
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if d.readOnly() { // or its first query would wait
		_, err = tx.ExecContext(ctx, "SELECT count(*) FROM sqlite_master")
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, setWait(d.wait))
	}
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

func setWait(wait time.Duration) string {
	return fmt.Sprintf("PRAGMA busy_timeout = %d", wait.Milliseconds())
}

// Transaction is that of a sqlmodel.Database: SQLite has one writer at a time.
func (d *Database) Transaction(ctx context.Context, _ string, f func(sqlmodel.Tx) error) error {
	return d.transaction(ctx, func(tx *sql.Tx) error { return f(transaction{tx}) })
}

type transaction struct{ tx *sql.Tx }

// numbered writes $1 as SQLite's ?1.
func numbered(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (t transaction) Exec(ctx context.Context, query string, args ...any) error {
	_, err := t.tx.ExecContext(ctx, numbered(query), args...)
	return err
}

func (t transaction) Query(ctx context.Context, row func(func(...any) error) error, query string, args ...any) error {
	rows, err := t.tx.QueryContext(ctx, numbered(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t transaction) Insert(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) error {
	b := &batch{tx: t.tx, table: table, columns: columns}
	defer b.close()
	for row, err := range rows {
		if err == nil {
			err = b.add(ctx, row...)
		}
		if err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

func (t transaction) InsertPoints(ctx context.Context, points iter.Seq2[*sqlmodel.Points, error]) error {
	b := &batch{tx: t.tx, table: "point", columns: []string{"metric_id", "seq", "step", "wall_time", "value"}}
	defer b.close()
	for p, err := range points {
		if err != nil {
			return err
		}
		for i, step := range p.Steps {
			if err := b.add(ctx, p.MetricID, p.First+int64(i), step, t.Number(p.WallTimes[i]),
				t.Number(p.Values[i])); err != nil {
				return err
			}
		}
	}
	return b.flush(ctx)
}

func (t transaction) MetricIDs(ctx context.Context, n int) (ids []int64, err error) {
	var last int64
	err = t.tx.QueryRowContext(ctx, "SELECT coalesce(max(metric_id), 0) FROM metric").Scan(&last)
	for i := range n {
		ids = append(ids, last+int64(i)+1)
	}
	return ids, err
}

// Time is a text that SQLite's functions of times take; NULL where they do not.
func (t transaction) Time(seconds float64) any {
	if seconds == 0 || !(seconds > -62135596800 && seconds < 253402300800) {
		return nil
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC().Format("2006-01-02 15:04:05.000000")
}

// Number is NULL for NaN.
func (t transaction) Number(x float64) any {
	if x != x {
		return nil
	}
	return x
}
