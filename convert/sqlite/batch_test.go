package sqlite

import (
	"database/sql"
	"strings"
	"testing"
)

// TestBatchOfTexts: rows do not wait in memory for a hundred others where they are long.
func TestBatchOfTexts(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("CREATE TABLE long (n INTEGER, text TEXT)"); err != nil {
		t.Fatal(err)
	}
	b := batch{tx: tx, table: "long", columns: []string{"n", "text"}}
	text := strings.Repeat("x", mostBytes/2)
	for n := range 5 {
		if err := b.add(t.Context(), n, text); err != nil {
			t.Fatal(err)
		}
		if len(b.args) > 2 || b.bytes >= mostBytes {
			t.Errorf("%d values and %d bytes wait after %d rows", len(b.args), b.bytes, n+1)
		}
	}
	if err := b.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows, bytes int
	if err := tx.QueryRow("SELECT count(*), sum(length(text)) FROM long").Scan(&rows, &bytes); err != nil {
		t.Fatal(err)
	}
	if rows != 5 || bytes != 5*len(text) {
		t.Errorf("%d rows of %d bytes", rows, bytes)
	}
}
