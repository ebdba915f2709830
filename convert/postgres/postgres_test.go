//go:build unix

package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/convert/plan"
	"tbexport/convert/sqlmodel"
	"tbexport/convert/sqlmodel/sqlmodeltest"
	"tbexport/eventfile/eventfiletest"
)

// server starts a server, and gives how to reach it.
func server(t *testing.T) *pgx.ConnConfig {
	t.Helper()
	c, err := Config(strings.Replace(mlflowtest.Postgres(t), "postgresql+psycopg2:", "postgresql:", 1))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func open(t testing.TB, c *pgx.ConnConfig, schema string) *Database {
	t.Helper()
	d, err := Open(t.Context(), c, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// waitFor waits until a server answers.
func waitFor(t testing.TB, c *pgx.ConnConfig) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		conn, err := pgx.ConnectConfig(t.Context(), c)
		if err == nil {
			conn.Close(t.Context())
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// untilEnded waits until the server ends a connection: from a crash on until it
// does, it takes new ones, and ends them too.
func untilEnded(t testing.TB, conn *pgx.Conn) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); conn.Ping(t.Context()) == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server did not notice the crash")
		}
	}
}

func exec(t testing.TB, c *pgx.ConnConfig, statement string) {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestPostgres(t *testing.T) {
	c := server(t)
	t.Run("contract", func(t *testing.T) {
		sqlmodeltest.Run(t, func(t testing.TB, name string) sqlmodel.Database { return open(t, c, name+` "x'`) })
	})
	t.Run("queries", func(t *testing.T) { sqlmodeltest.Queries(t, open(t, c, "queries"), "PostgreSQL") })
	t.Run("schemas", func(t *testing.T) { schemas(t, c) })
	t.Run("roles", func(t *testing.T) { roles(t, c) })
	t.Run("killed", func(t *testing.T) { killed(t, c) })
	t.Run("passwords and TLS", func(t *testing.T) { secured(t, c) })
	t.Run("ends in COPY", func(t *testing.T) {
		endsInCopy(t, c, "ends", func(t *testing.T, pid int) { exec(t, c, fmt.Sprintf("SELECT pg_terminate_backend(%d)", pid)) })
	})
	t.Run("speed", func(t *testing.T) { speed(t, c) })
	// All connections end, and the server recovers.
	t.Run("crashes in COPY", func(t *testing.T) {
		other, err := pgx.ConnectConfig(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		endsInCopy(t, c, "crashes", func(t *testing.T, pid int) {
			crash(t, pid)
			untilEnded(t, other)
		})
	})
}

// schemas: one of something else is refused, and one that is empty is taken.
func schemas(t *testing.T, c *pgx.ConnConfig) {
	exec(t, c, "CREATE SCHEMA empty; CREATE SCHEMA other; CREATE TABLE other.run(a int); CREATE SCHEMA versions; CREATE TABLE versions.schema_version(b text)")
	open(t, c, "empty")
	open(t, c, "newer")
	open(t, c, "older")
	exec(t, c, "UPDATE newer.schema_version SET version = 3; UPDATE older.schema_version SET version = 1")
	for schema, want := range map[string]string{"other": "holds tables of something else", "newer": "its tables are version 3, and version 2 is", "older": "its tables are version 1, and version 2 is",
		"versions": "holds tables of something else"} {
		if _, err := Open(t.Context(), c, schema); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", schema, err)
		}
		if err := Check(t.Context(), c, schema); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", schema, err)
		}
	}
	if err := Check(t.Context(), c, "none"); err != nil {
		t.Error(err)
	}
	t.Setenv("PGSSLMODE", "prefer")
	nowhere, err := Config(fmt.Sprintf("postgresql://%s@%s:%d/nowhere", c.User, c.Host, c.Port))
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), nowhere, "none"); err == nil || strings.Contains(err.Error(), "TLS") ||
		strings.Count(err.Error(), `database "nowhere" does not exist`) != 1 {
		t.Errorf("no database: %v", err)
	}
	if _, err := OpenToRead(t.Context(), c, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if d, err := OpenToRead(t.Context(), c, "empty"); err != nil {
		t.Error(err)
	} else if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// roles: who may not write, or not even read, is refused before anything is written.
func roles(t *testing.T, c *pgx.ConnConfig) {
	exec(t, c, "CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN")
	open(t, c, "roles")
	exec(t, c, "GRANT USAGE ON SCHEMA roles TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA roles TO reader")
	for _, x := range []struct{ role, schema, options, want, wantRead string }{
		{role: "reader", schema: "roles", want: "permission denied for table run"},
		{role: "reader", schema: "new", want: "permission denied for database", wantRead: `no schema "new" with tables of tbexport`},
		{role: "nobody", schema: "roles", want: "permission denied for schema roles", wantRead: "permission denied for schema roles"},
		{role: c.User, schema: "roles", options: "-c default_transaction_read_only=on", want: "the database is read-only"},
	} {
		as := c.Copy()
		as.User, as.RuntimeParams["options"] = x.role, x.options
		if err := Check(t.Context(), as, x.schema); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s, %s: %v", x.role, x.schema, err)
		}
		d, err := OpenToRead(t.Context(), as, x.schema)
		if x.wantRead != "" {
			if err == nil || !strings.Contains(err.Error(), x.wantRead) {
				t.Errorf("%s reads %s: %v", x.role, x.schema, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s reads %s: %v", x.role, x.schema, err)
		} else if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// endsInCopy: the server ends the connection of a process while points come. Nothing
// of the run is there, and the next time all of it.
func endsInCopy(t *testing.T, c *pgx.ConnConfig, schema string, end func(t *testing.T, pid int)) {
	d := open(t, c, schema)
	pid := int(sqlmodeltest.Count(t, d, "SELECT pg_backend_pid()"))
	p := sqlmodeltest.Plan(t, eventfiletest.Logdir(t, eventfiletest.Tree{
		"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", 300000), "b/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3)}))
	points := int64(0)
	killed := false
	o := sqlmodel.Options{Progress: func(n int64) {
		if points += n; points > 100000 && !killed {
			killed = true
			end(t, pid)
		}
	}}
	result, err := sqlmodel.Write(t.Context(), d, p, o)
	if err == nil || len(result.Runs) != 1 || result.Runs[0].Outcome != plan.Failed {
		t.Fatalf("%+v, %v", result.Runs, err)
	}
	if text := err.Error(); strings.Contains(text, "\n") || !strings.Contains(text, Place(c, schema)) || !strings.Contains(text, "ended") {
		t.Error(err)
	}
	waitFor(t, c)
	d = open(t, c, schema)
	if n := sqlmodeltest.Count(t, d, "SELECT (SELECT count(*) FROM point) + (SELECT count(*) FROM run)"); n != 0 {
		t.Errorf("%d rows are there", n)
	}
	sqlmodeltest.Write(t, d, p, plan.Created)
	sqlmodeltest.Verify(t, d, p)
}

// speed logs rows a second beside those of plain COPY of the same rows from a
// table.
func speed(t *testing.T, c *pgx.ConnConfig) {
	const n = 1_000_000
	d := open(t, c, "speed")
	p := sqlmodeltest.Plan(t, eventfiletest.Logdir(t, eventfiletest.Tree{"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", n)}))
	begin := time.Now()
	sqlmodeltest.Write(t, d, p, plan.Created)
	ours := time.Since(begin)
	exec(t, c, "CREATE TABLE speed.plain (LIKE speed.point INCLUDING ALL)")
	conn, err := pgx.ConnectConfig(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var random = rand.New(rand.NewPCG(1, 1))
	begin = time.Now()
	_, err = conn.CopyFrom(t.Context(), pgx.Identifier{"speed", "plain"}, []string{"metric_id", "seq", "step", "wall_time", "value"},
		pgx.CopyFromSlice(n, func(i int) ([]any, error) {
			return []any{int64(1), int64(i), int64(i), float64(i), random.Float64()}, nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	plain := time.Since(begin)
	size := sqlmodeltest.Count(t, d, "SELECT pg_total_relation_size('speed.point') / 1000000")
	t.Logf("%.0f rows/s, %.2f of plain COPY; %d bytes a row", n/ours.Seconds(), plain.Seconds()/ours.Seconds(), size)
}

func TestPasswords(t *testing.T) {
	for dsn, refused := range map[string]bool{
		"postgresql://me:secret@db/x": true, "postgres://me@db/x?password=secret": true, "host=db password=secret": true, "host=db PASSWORD = 'a b'": true,
		"postgresql://me@db/x": false, "postgresql://db:5432/x": false, "host=db user=me": false, "": false, "postgresql://me:@db/x": true,
	} {
		_, err := Config(dsn)
		if errors.Is(err, ErrPassword) != refused || !refused && err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows it: %v", dsn, err)
		}
	}
}

// What no server answers is one line, and says each attempt once.
func TestNoServer(t *testing.T) {
	t.Setenv("PGSSLMODE", "prefer")
	c, err := Config("postgresql://me@127.0.0.1:1/training")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), c, "tbexport")
	if err == nil || strings.ContainsAny(err.Error(), "\n\t") || strings.Count(err.Error(), "127.0.0.1:1 (127.0.0.1)") != 1 {
		t.Errorf("got %v", err)
	}
	var of *pgconn.ConnectError
	if !errors.As(err, &of) {
		t.Errorf("%T is no error of a connection", err)
	}
}

func TestTimes(t *testing.T) {
	for _, seconds := range []float64{0, math.NaN(), math.Inf(1), 1e300} {
		if got := (transaction{}).Time(seconds); fmt.Sprint(got) != "<nil>" {
			t.Errorf("%v: %v", seconds, got)
		}
	}
}
