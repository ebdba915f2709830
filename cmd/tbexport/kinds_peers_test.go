package main

import (
	"path/filepath"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// TestKindsOracle: every row of the tables of what is no scalar is what TensorBoard's protocol buffers, numpy and Pillow
// make of the same files, blobs by their SHA-256.
func TestKindsOracle(t *testing.T) {
	for _, log := range []struct {
		name, rows string
		dir        func(testing.TB) string
	}{
		{"logs", "1500", made("logs")},
		{"corpus", "7000", peers.Corpus},
	} {
		for _, verb := range []string{"parquet", "jsonl --inline"} {
			t.Run(log.name+" "+verb, func(t *testing.T) {
				dir, out := log.dir(t), filepath.Join(t.TempDir(), "tables")
				export(t, append(strings.Fields(verb), dir, "--table", "all", "-o", out+"/")...)
				t.Log(python(t, "", "oracle/check_kinds.py", dir, out, "--min-rows", log.rows))
			})
		}
	}
}

// TestKindsReadBack: pandas, pyarrow, polars, DuckDB and datasets read every table, and the same from all formats.
func TestKindsReadBack(t *testing.T) {
	dir := t.TempDir()
	for _, verb := range []string{"parquet", "jsonl --inline", "csv", "arrow --file"} {
		name, _, _ := strings.Cut(verb, " ")
		args := append(strings.Fields(verb), testdata(t, "logs"), "--table", "all", "-o", filepath.Join(dir, name)+"/")
		export(t, args...)
	}
	t.Log(python(t, "", "peers/read_kinds.py", dir))
}
