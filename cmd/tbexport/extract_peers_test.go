package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tbexport/internal/peers"
)

// checkFiles holds extracted files to the oracle, and opens each with what people use.
func checkFiles(t *testing.T, args ...string) {
	t.Helper()
	t.Log(pythonOf(t, peers.Extract, "", "oracle/check_files.py", args...))
}

// TestExtractOracle: every file is named after its value and holds it, and PIL, soundfile, numpy and plyfile open it.
func TestExtractOracle(t *testing.T) {
	for _, log := range []struct {
		name string
		dir  func(testing.TB) string
		args []string
	}{
		{"kinds", made("logs", "kinds"), []string{"--odd", "odd-*", "--min", "text=60", "PIL=70", "soundfile=20", "numpy=40", "plyfile=30", "graphs=15"}},
		{"odd", made("logs", "odd"), []string{"--min", "numpy=40", "PIL=12", "soundfile=9"}},
		{"dtypes", made("logs", "dtypes"), []string{"--min", "numpy=9"}},
		{"sample", made("logs", "sample"), []string{"--min", "PIL=2"}},
		{"corpus", peers.Corpus, []string{"--min", "PIL=200", "graphs=100", "text=10"}},
		{"bad", func(t testing.TB) string { return badLogdir(t, badInputs()) }, []string{"--odd", "*", "--min", "PIL=20", "text=80", "tensors=10"}},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir, out := log.dir(t), t.TempDir()
			files, beside, tables := filepath.Join(out, "files"), filepath.Join(out, "beside"), filepath.Join(out, "tables")
			export(t, "extract", dir, "-o", files)
			checkFiles(t, append([]string{dir, files}, log.args...)...)
			export(t, "jsonl", dir, "--table", "all", "-o", tables+"/", "--extract", beside)
			checkFiles(t, append([]string{dir, beside, "--tables", tables}, log.args...)...)
			if got, want := fingerprint(t, beside), fingerprint(t, files); got != want {
				t.Error("an export extracts other files than extract")
			}
			if got := entries(t, out); !slices.Equal(got, []string{"beside", "files", "tables"}) {
				t.Errorf("beside the outputs there is something else: %q", got)
			}
		})
	}
}

// TestExtractWithJobs: the files are the same, however many runs are read at a time.
func TestExtractWithJobs(t *testing.T) {
	logs := []string{"logs=" + testdata(t, "logs"), "bad=" + badLogdir(t, badInputs())}
	first := ""
	for _, jobs := range []string{"1", "2", "8"} {
		out := filepath.Join(t.TempDir(), "files")
		export(t, append([]string{"extract", "-o", out, "--jobs", jobs}, logs...)...)
		got := fingerprint(t, out)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("--jobs %s: other files", jobs)
		}
	}
}

// TestExtractLinks: no link in or at the directory leads anything elsewhere, and what it leads to stays.
func TestExtractLinks(t *testing.T) {
	logs, dir := testdata(t, "logs", "sample"), t.TempDir()
	outside, files := filepath.Join(dir, "outside"), filepath.Join(dir, "files")
	mustWrite(t, filepath.Join(outside, "keep"), []byte("kept"))
	mustCall(t, "extract", logs, "-o", files)
	before := fingerprint(t, outside)
	for _, name := range []string{"images", "more", "manifest.csv", "text/more"} {
		t.Run(name, func(t *testing.T) {
			link := filepath.Join(files, filepath.FromSlash(name))
			if err := os.RemoveAll(link); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(outside, link); err != nil {
				t.Fatal(err)
			}
			o := call("extract", logs, "-o", files, "--overwrite")
			if o.status != statusFailed {
				t.Errorf("status %d", o.status)
			}
			wantMatch(t, o.err, "files: not overwritten, since it holds "+name+", which is not an earlier output")
			if fingerprint(t, outside) != before {
				t.Error("what a link leads to is changed")
			}
			if err := os.Remove(link); err != nil {
				t.Fatal(err)
			}
			mustCall(t, "extract", logs, "-o", files, "--overwrite")
		})
	}
	nowhere := filepath.Join(dir, "nowhere")
	if err := os.Symlink(filepath.Join(outside, "new"), nowhere); err != nil {
		t.Fatal(err)
	}
	if o := call("extract", logs, "-o", nowhere); o.status != statusFailed || fingerprint(t, outside) != before {
		t.Errorf("through a link that leads nowhere: status %d\n%s", o.status, o.err)
	}
}
