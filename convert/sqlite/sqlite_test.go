package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/sqlmodel"
	"tbexport/convert/sqlmodel/sqlmodeltest"
)

func TestContract(t *testing.T) {
	dir := t.TempDir()
	sqlmodeltest.Run(t, func(t testing.TB, name string) sqlmodel.Database {
		d, err := Open(t.Context(), filepath.Join(dir, name+".db"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	})
}

func execIn(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// A file of something else is refused, and left as it is.
func TestOtherFiles(t *testing.T) {
	for name, c := range map[string]struct{ sql, bytes, want string }{
		"other":       {sql: "CREATE TABLE t(a)", want: "of something else"},
		"other id":    {sql: "PRAGMA application_id = 7; VACUUM", want: "of something else"},
		"newer":       {sql: "CREATE TABLE run(a); PRAGMA application_id = 1952605560; PRAGMA user_version = 3", want: "its tables are version 3, and version 2 is the one that is known"},
		"older":       {sql: "CREATE TABLE run(a); PRAGMA application_id = 1952605560; PRAGMA user_version = 1", want: "its tables are version 1, and version 2 is the one that is known"},
		"no database": {bytes: strings.Repeat("no database at all", 100), want: "not an SQLite file"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			if c.sql != "" {
				execIn(t, path, c.sql)
			} else if err := os.WriteFile(path, []byte(c.bytes), 0o666); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, open := range []func() (*Database, error){
				func() (*Database, error) { return Open(t.Context(), path, nil) }, func() (*Database, error) { return OpenToRead(t.Context(), path, nil) },
				func() (*Database, error) { return nil, Check(t.Context(), path) },
			} {
				if _, err := open(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
					t.Errorf("got %v", err)
				}
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("the file was changed, %v", err)
			}
		})
	}
}

// A file that is full, read-only or in use says so.
func TestRefused(t *testing.T) {
	p := sqlmodeltest.Plan(t, sqlmodeltest.Logs)
	for name, c := range map[string]struct{ pragma, want string }{
		"full":      {"PRAGMA max_page_count = 40", "the disk is full"},
		"read-only": {"PRAGMA query_only = ON", "read-only"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			d, err := Open(t.Context(), path, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.db.Exec(c.pragma); err != nil {
				t.Fatal(err)
			}
			if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{}); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("locked", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "x.db")
		d, err := Open(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		other, err := Open(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		tx, err := other.db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		said := 0
		d.wait, d.waiting = 1, func() { said++ }
		if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{}); err == nil || !strings.Contains(err.Error(), "another program is writing to it") || said != 1 {
			t.Errorf("got %v, said %d times", err, said)
		}
	})
}

// TestWaiting: it is said that others who have the file are waited for.
func TestWaiting(t *testing.T) {
	for name, c := range map[string]struct {
		begin string
		open  func(ctx context.Context, path string, waiting func()) (*Database, error)
	}{
		"read beside a writer": {"BEGIN EXCLUSIVE", OpenToRead}, "write beside a writer": {"BEGIN EXCLUSIVE", Open},
		"write beside a reader": {"BEGIN; SELECT count(*) FROM run", Open},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			d, err := Open(t.Context(), path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			other, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			other.SetMaxOpenConns(1)
			if _, err := other.Exec(c.begin); err != nil {
				t.Fatal(err)
			}
			said := 0
			d, err = c.open(t.Context(), path, func() {
				said++
				if _, err := other.Exec("COMMIT"); err != nil {
					t.Error(err)
				}
			})
			if err != nil || said != 1 {
				t.Fatalf("%v, said %d times", err, said)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDirectory: a directory is no file.
func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	_, err := OpenToRead(t.Context(), dir, nil)
	for _, err := range []error{err, Check(t.Context(), dir), Check(t.Context(), dir+"/")} {
		if err == nil || !strings.Contains(err.Error(), "is a directory, and not an SQLite file") {
			t.Errorf("got %v", err)
		}
	}
}

// The queries of the documentation, as they stand.
func TestQueries(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	sqlmodeltest.Queries(t, d, "SQLite")
}
