package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tbexport/convert/sqlmodel"
)

// ErrPassword says that a DSN holds a password, which lists of processes and
// histories of shells would show.
var ErrPassword = errors.New("the DSN holds a password: leave it out, and give it by PGPASSWORD, .pgpass or PGSERVICE")

// Database is a schema of a database. What was written is on the server's disk when
// it is closed: the server does not wait for that with each transaction, which
// would take most of the time of many small runs.
type Database struct {
	conn   *pgx.Conn
	place  string
	schema string
	read   bool
}

// Config reads a DSN: a URI, or key=value pairs.
func Config(dsn string) (*pgx.ConnConfig, error) {
	if hasPassword(dsn) {
		return nil, ErrPassword
	}
	return pgx.ParseConfig(dsn)
}

var passwordPair = regexp.MustCompile(`(?i)(^|[\s&?])(ssl)?password\s*=`)

func hasPassword(dsn string) bool {
	if before, rest, ok := strings.Cut(dsn, "://"); ok && strings.HasPrefix(before, "postgres") {
		authority, _, _ := strings.Cut(rest, "/")
		if at := strings.LastIndex(authority, "@"); at >= 0 && strings.Contains(authority[:at], ":") {
			return true
		}
		if u, err := url.Parse(dsn); err == nil && (u.Query().Has("password") || u.Query().Has("sslpassword")) {
			return true
		}
	}
	return passwordPair.MatchString(dsn)
}

// Place names a schema of a database, without a password.
func Place(c *pgx.ConnConfig, schema string) string {
	return fmt.Sprintf("postgresql://%s@%s/%s, schema %s", c.User, net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))),
		c.Database, schema)
}

// Open connects, and makes the tables in a schema that has none.
func Open(ctx context.Context, c *pgx.ConnConfig, schema string) (*Database, error) {
	d, err := connect(ctx, c, schema)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.conn.Close(ctx))
	}
	return d, nil
}

// Check connects, and fails where Open would, or where its tables may not be
// written. It leaves everything as it is.
func Check(ctx context.Context, c *pgx.ConnConfig, schema string) error {
	d, err := connect(ctx, c, schema)
	if err != nil {
		return err
	}
	err = d.transaction(ctx, "schema "+schema, func(tx pgx.Tx) error {
		if err := d.prepareIn(ctx, tx); err != nil {
			return err
		}
		if err := d.mayWrite(ctx, tx); err != nil {
			return err
		}
		return errCheckedOnly
	})
	if errors.Is(err, errCheckedOnly) {
		err = nil
	}
	return errors.Join(err, d.conn.Close(ctx))
}

// errCheckedOnly takes back what Check did.
var errCheckedOnly = errors.New("checked")

// mayWrite fails where the tables may not be written.
func (d *Database) mayWrite(ctx context.Context, tx pgx.Tx) error {
	for _, table := range []string{"run", "param", "metric", "point", "source_file", "text", "histogram", "media"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE false"); err != nil {
			return err
		}
	}
	return nil
}

// MissingError says that there are no tables to read. It is fs.ErrNotExist.
type MissingError struct{ Schema string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("no schema %q with tables of tbexport in this database", e.Schema)
}

// Is makes it fs.ErrNotExist.
func (e *MissingError) Is(other error) bool { return other == fs.ErrNotExist }

// OpenToRead connects. The error is fs.ErrNotExist where the tables are not there.
func OpenToRead(ctx context.Context, c *pgx.ConnConfig, schema string) (*Database, error) {
	d, err := connect(ctx, c, schema)
	if err != nil {
		return nil, err
	}
	d.read = true
	err = d.transaction(ctx, "", func(tx pgx.Tx) error {
		var known bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass(quote_ident($1) || '.schema_version') IS NOT NULL",
			schema).Scan(&known); err != nil {
			return err
		}
		if !known {
			return &MissingError{schema}
		}
		return d.check(ctx, tx)
	})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func connect(ctx context.Context, c *pgx.ConnConfig, schema string) (*Database, error) {
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return nil, connectError{err}
	}
	return &Database{conn: conn, place: Place(c, schema), schema: schema}, nil
}

// connectError is an error of a connection in one line, with what several
// attempts at the same address failed of said once. That a server has no TLS is
// none where an attempt without it followed.
type connectError struct{ error }

func (e connectError) Error() string {
	head, attempts, several := strings.Cut(e.error.Error(), ":\n")
	if !several {
		return head
	}
	lines := strings.Split(attempts, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	others := slices.DeleteFunc(slices.Clone(lines),
		func(line string) bool { return strings.HasSuffix(line, "server refused TLS connection") })
	if len(others) > 0 {
		lines = others
	}
	return head + ": " + strings.Join(slices.Compact(lines), "; ")
}

func (e connectError) Unwrap() error { return e.error }

// Close waits until everything is on the server's disk, and ends the connection.
func (d *Database) Close() (err error) {
	ctx := context.Background()
	if !d.read && !d.conn.IsClosed() {
		err = d.transaction(ctx, "", func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE run SET points = points WHERE run_id = (SELECT max(run_id) FROM run)")
			return err
		})
	}
	return errors.Join(err, d.conn.Close(ctx))
}

// transaction does all of f or nothing, in the schema. Two with the same lock do
// not run at the same time; empty: there is none.
func (d *Database) transaction(ctx context.Context, lock string, f func(pgx.Tx) error) error {
	o := pgx.TxOptions{}
	if d.read {
		o = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	}
	return d.failed(pgx.BeginTxFunc(ctx, d.conn, o, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('search_path', quote_ident($1), true)", d.schema); err != nil {
			return err
		}
		if lock != "" && !d.read {
			const query = "SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)"
			if _, err := tx.Exec(ctx, query, lockKey(lock)); err != nil {
				return err
			}
		}
		return f(tx)
	}))
}

// Error is one of a server.
type Error struct {
	Place string // as the function Place has it
	Err   error
}

func (e *Error) Error() string {
	var of *pgconn.PgError
	text := strings.Join(strings.Fields(e.Err.Error()), " ")
	if !errors.As(e.Err, &of) {
		return e.Place + ": the connection ended: " + text
	}
	switch {
	case of.Code == "42501":
		return fmt.Sprintf("%s: %s; its owner can grant it, or choose another schema", e.Place, of.Message)
	case of.Code == "25006":
		return e.Place + ": the database is read-only: " + of.Message
	case strings.HasPrefix(of.Code, "57P"):
		return e.Place + ": the server ended the connection: " + of.Message
	case strings.HasPrefix(of.Code, "53"):
		return e.Place + ": the server has no room: " + of.Message
	}
	return e.Place + ": " + text
}

func (e *Error) Unwrap() error { return e.Err }

// failed says where an error of the server came from, or of the way to it.
func (d *Database) failed(err error) error {
	var of *pgconn.PgError
	var named *Error
	if err == nil || errors.As(err, &named) || !errors.As(err, &of) && !d.conn.IsClosed() {
		return err
	}
	return &Error{d.place, err}
}

// Transaction is that of a sqlmodel.Database.
func (d *Database) Transaction(ctx context.Context, sourceID string, f func(sqlmodel.Tx) error) error {
	return d.transaction(ctx, d.schema+" "+sourceID, func(tx pgx.Tx) error { return f(transaction{tx, d.schema}) })
}

type transaction struct {
	tx     pgx.Tx
	schema string
}

func (t transaction) Exec(ctx context.Context, query string, args ...any) error {
	_, err := t.tx.Exec(ctx, query, args...)
	return err
}

func (t transaction) Query(ctx context.Context, row func(func(...any) error) error, query string, args ...any) error {
	rows, err := t.tx.Query(ctx, query, args...)
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
	next, stop := iter.Pull2(rows)
	defer stop()
	source := pgx.CopyFromFunc(func() ([]any, error) {
		row, err, _ := next()
		return row, err // no row ends it
	})
	_, err := t.tx.CopyFrom(ctx, pgx.Identifier{t.schema, table}, columns, source)
	return err
}

func (t transaction) MetricIDs(ctx context.Context, n int) ([]int64, error) {
	rows, err := t.tx.Query(ctx,
		"SELECT nextval(pg_get_serial_sequence('metric', 'metric_id')) FROM generate_series(1, $1)", n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// Time is NULL where timestamptz cannot show it.
func (t transaction) Time(seconds float64) any {
	if seconds == 0 || !(math.Abs(seconds) < 2e11) {
		return (*time.Time)(nil)
	}
	at := time.UnixMicro(int64(math.Round(seconds * 1e6)))
	return &at
}

func (t transaction) Number(x float64) any { return x }

// Unreachable reports whether an error is that there was no connection.
func Unreachable(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect)
}
