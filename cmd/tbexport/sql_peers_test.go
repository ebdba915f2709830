//go:build unix

package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/internal/peers"
)

// TestSQLOracle: every point, text, histogram, picture and clip of every log is in the tables, read with SQL by others, as TensorBoard's
// classes have it; and the view runs has what the exported table of runs has.
func TestSQLOracle(t *testing.T) {
	dsn := strings.Replace(mlflowtest.Postgres(t), "postgresql+psycopg2:", "postgresql:", 1)
	for _, log := range []struct {
		name         string
		dir          func(testing.TB) string
		points, rows int
	}{
		{"logs", made("logs"), 7_500, 4_000},
		{"corpus", peers.Corpus, 100_000, 150_000},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir, file, runs := log.dir(t), filepath.Join(t.TempDir(), "x.db"), filepath.Join(t.TempDir(), "runs.parquet")
			each := []string{dir, "--no-fold-hparams", "-q"}
			export(t, append([]string{"sqlite", "-o", file, "--extract", filepath.Join(t.TempDir(), "files")}, each...)...)
			export(t, append([]string{"postgres", "--dsn", dsn, "--schema", log.name}, each...)...)
			export(t, append([]string{"parquet", "--table", "runs", "-o", runs}, each...)...)
			for _, from := range [][]string{{"--sqlite", file}, {"--psql", mlflowtest.PSQL(t), "--dsn", dsn, "--schema", log.name}} {
				args := append([]string{dir, "--runs", runs, "--min-points", strconv.Itoa(log.points), "--min-rows", strconv.Itoa(log.rows)}, from...)
				t.Log(python(t, "", "oracle/check_sql.py", args...))
			}
		})
	}
}
