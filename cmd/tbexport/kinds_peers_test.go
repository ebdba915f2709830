package main

import (
	"os"
	"path/filepath"
	"slices"
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

// TestKindsWithJobs: bytes are equal however many runs are read at a time, in every format.
func TestKindsWithJobs(t *testing.T) {
	for _, verb := range [][]string{{"parquet"}, {"csv"}, {"jsonl", "--inline"}, {"arrow"}} {
		var first map[string]string
		for _, jobs := range []string{"1", "2", "8"} {
			out := filepath.Join(t.TempDir(), "tables")
			export(t, append(slices.Clone(verb), testdata(t, "logs"), "--table", "all", "--jobs", jobs, "-o", out+"/")...)
			got := make(map[string]string)
			entries, err := os.ReadDir(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), ".") {
					got[e.Name()] = string(mustRead(t, filepath.Join(out, e.Name())))
				}
			}
			if first == nil {
				first = got
			}
			if len(got) != 14 || len(got) != len(first) {
				t.Errorf("%s: %d tables", verb[0], len(got))
			}
			for name, text := range got {
				if text != first[name] {
					t.Errorf("%s --jobs %s: %s differs from that of 1", verb[0], jobs, name)
				}
			}
		}
	}
}
