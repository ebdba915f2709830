package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// TestKindsOracle: every row of every table of what is no scalar is what TensorBoard's own protocol buffers give.
func TestKindsOracle(t *testing.T) {
	for _, log := range []struct {
		name, rows string
		dir        func(testing.TB) string
		tagsDiffer []string // see check_kinds.py
	}{
		{"kinds", "500", made("logs", "kinds"), []string{"damaged-tensors"}},
		{"dtypes", "150", made("logs", "dtypes"), []string{"not-scalars"}},
		{"odd", "350", made("logs", "odd"), nil},
		{"sample", "50", made("logs", "sample"), nil},
		{"restarts", "90", made("logs", "restarts"), nil},
		{"hparams", "180", made("logs", "hparams"), nil},
		{"corpus", "7000", peers.Corpus, nil},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir, out := log.dir(t), filepath.Join(t.TempDir(), "tables")
			export(t, "parquet", dir, "--table", "all", "-o", out+"/")
			args := []string{dir, out, "--min-rows", log.rows, "--tags-differ"}
			t.Log(python(t, "", "oracle/check_kinds.py", append(args, log.tagsDiffer...)...))
		})
	}
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
