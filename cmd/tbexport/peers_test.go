package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tbexport/internal/peers"
)

// python runs a script of testdata and returns what it says. Its exit status must be 0.
func python(t *testing.T, stdin string, script string, args ...string) (stdout string) {
	t.Helper()
	return pythonOf(t, peers.Readers, stdin, script, args...)
}

// pythonOf is python with the packages of a requirements file.
func pythonOf(t *testing.T, requirements, stdin string, script string, args ...string) (stdout string) {
	t.Helper()
	args = append([]string{testdata(t, script)}, args...)
	if strings.HasPrefix(script, "peers/") { // single files, which are not to be found as modules
		args = append([]string{"-P"}, args...)
	}
	cmd := exec.Command(peers.Python(t, requirements), args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", script, strings.Join(args, " "), err, &out, &stderr)
	}
	return out.String()
}

// export writes an output of a logdir, damaged or not.
func export(t *testing.T, args ...string) {
	t.Helper()
	if o := call(args...); o.status != statusDone && o.status != statusLost {
		t.Fatalf("tbexport %s: status %d\n%s", strings.Join(args, " "), o.status, o.err)
	}
}

// TestOracle: every scalar of every log is what TensorBoard's classes say, in every restart mode; and the modes do what
// the programs do that they follow.
func TestOracle(t *testing.T) {
	for _, log := range []struct {
		name    string
		dir     func(testing.TB) string
		points  int
		scalars bool
	}{
		{"logs", made("logs"), 7_500, true},
		{"corpus", peers.Corpus, 100_000, true},
		// Its damaged files are read further than the oracle reads them.
		{"testdata", made(), 7_500, false},
	} {
		t.Run(log.name, func(t *testing.T) {
			dir := log.dir(t)
			out := func(mode string) string { return filepath.Join(t.TempDir(), mode+".parquet") }
			files := make(map[string]string)
			for _, mode := range []string{"keep", "step", "session"} {
				files[mode] = out(mode)
				export(t, "parquet", dir, "--restarts", mode, "-o", files[mode])
				if log.scalars {
					t.Log(python(t, "", "oracle/check_scalars.py", dir, files[mode], "--restarts", mode, "--min-points", strconv.Itoa(log.points)))
				}
			}
			said := python(t, "", "oracle/check_restarts.py", dir, files["step"], files["session"], "--min-points", strconv.Itoa(log.points), "--known")
			t.Log(said)
			if !log.scalars && strings.Contains(said, "UNUSED") {
				t.Errorf("a known difference is none any more:\n%s", said)
			}
		})
	}
}

// formats are all the forms of a table, by the names that read_back.py knows.
var formats = map[string][]string{
	"x.parquet": {"parquet"}, "x.csv": {"csv"}, "x.csv.gz": {"csv"}, "x.csv.zst": {"csv"}, "x.jsonl": {"jsonl"},
	"x.arrows": {"arrow"}, "x.arrow": {"arrow", "--file"},
}

// TestReadBack: what people use to read these formats reads the same from all of them.
func TestReadBack(t *testing.T) {
	for _, options := range [][]string{
		nil,
		{"--restarts", "step", "--sample", "5", "--relative-time"},
		{"--time", "timestamp", "--run", "!odd/wall-times"}, // of which some are beyond Python's datetime
	} {
		t.Run(strings.Join(options, " "), func(t *testing.T) {
			dir := t.TempDir()
			for name, verb := range formats {
				export(t, slices.Concat(verb, []string{testdata(t, "logs"), "-o", filepath.Join(dir, name)}, options)...)
			}
			t.Log(python(t, "", "peers/read_back.py", dir))
		})
	}
	for _, compression := range []string{"zstd", "snappy", "gzip", "none"} {
		t.Run(compression, func(t *testing.T) {
			dir := t.TempDir()
			export(t, "csv", testdata(t, "logs"), "-o", filepath.Join(dir, "x.csv"))
			export(t, "parquet", testdata(t, "logs"), "-o", filepath.Join(dir, "x.parquet"), "--compression", compression)
			t.Log(python(t, "", "peers/read_back.py", dir))
		})
	}
	t.Run("row groups", func(t *testing.T) {
		dir := t.TempDir()
		for _, name := range []string{"x.csv", "x.parquet"} { // 1.06 million points: two row groups
			export(t, slices.Concat(formats[name], []string{bigLog(t), "--run", "group-0/**", "--run", "group-1/run-0[0-2]*", "-o", filepath.Join(dir, name)})...)
		}
		t.Log(python(t, "", "peers/read_back.py", dir))
	})
}

// TestDeterminism: the bytes are the same for any number of workers, and every time.
func TestDeterminism(t *testing.T) {
	variants := map[string][]string{
		"wide.csv": {"csv", "--wide"}, "step.parquet": {"parquet", "--restarts", "step", "--sample", "100"},
		"session.jsonl": {"jsonl", "--restarts", "session", "--relative-time"}, "partitions": {"parquet", "--partition-by", "run"},
	}
	maps.Copy(variants, formats)
	for log, dir := range map[string]func(testing.TB) string{"logs": made("logs"), "corpus": peers.Corpus} {
		t.Run(log, func(t *testing.T) {
			logs := []string{"a=" + dir(t), "b=" + testdata(t, "damaged")}
			for name, verb := range variants {
				t.Run(name, func(t *testing.T) { testDeterminism(t, slices.Concat(verb, logs), name) })
			}
		})
	}
}

func testDeterminism(t *testing.T, args []string, name string) {
	first := ""
	for _, jobs := range []string{"1", "2", "8", "1", "2", "8"} {
		out := filepath.Join(t.TempDir(), name)
		export(t, slices.Concat(args, []string{"-o", out, "--jobs", jobs})...)
		got := fingerprint(t, out)
		if first == "" {
			first = got
		}
		if got != first {
			t.Fatalf("--jobs %s: other bytes", jobs)
		}
	}
}

// fingerprint tells one file or directory from another.
func fingerprint(t *testing.T, path string) string {
	t.Helper()
	hash, files := sha256.New(), 0
	err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(path, file)
		if err != nil {
			return err
		}
		content := mustRead(t, file)
		files++
		fmt.Fprintf(hash, "%s %d\n%s", rel, len(content), content)
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%s: %d files, %v", path, files, err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

// TestPartitions: every run's name comes back from its directory's.
func TestPartitions(t *testing.T) {
	logs := t.TempDir()
	values := make(map[string]float64)
	for i, run := range []string{
		"a/b", "a/b/c", "%", "%2F", "100%", "with space", " ", "ünïcödé 損失", "a=b", "run=x", "a,b;c", "+", "a+b", "~", "'", "\"", "\\", "?", "#", "&",
		"[x]", "{x}", "*", ":", "line\nbreak", "tab\t", "v1.0", "-dash", "..x", "UPPER", "upper", "null", "None", "true", "NaN", "inf",
		"7", "42", "007", "-5", "1e5", "0x10", "1.5", "99999999999999999999", "2024-05-31", "12:00:00",
	} {
		mustWriteLog(t, filepath.Join(logs, filepath.FromSlash(run), eventFileName), func(e *eventWriter) error { return e.write(1, float32(i), "loss") })
		values[run] = float64(i)
	}
	out := filepath.Join(t.TempDir(), "out")
	mustCall(t, "parquet", logs, "--partition-by", "run", "-o", out)
	if n := len(entries(t, out)); n != len(values) {
		t.Errorf("%d directories for %d runs", n, len(values))
	}
	stdin, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(python(t, string(stdin), "peers/partitions.py", out))

	// Names that are all digits, which the libraries take for numbers unless they are told the type.
	for _, c := range []struct {
		runs []string
		want map[string]map[string]string
	}{
		{[]string{"7", "42"}, map[string]map[string]string{
			"pyarrow": {"7": "int 7", "42": "int 42"}, "polars": {"7": "int 7", "42": "int 42"}, "duckdb": {"7": "int 7", "42": "int 42"},
		}},
		{[]string{"7", "007"}, map[string]map[string]string{
			"pyarrow": {"7": "int 7", "007": "int 7"}, "polars": {"7": "int 7", "007": "int 7"}, "duckdb": {"7": "7", "007": "007"},
		}},
	} {
		t.Run(strings.Join(c.runs, " "), func(t *testing.T) {
			digits := filepath.Join(t.TempDir(), "digits")
			mustCall(t, "parquet", logs, "--partition-by", "run", "-o", digits, "--run", c.runs[0], "--run", c.runs[1])
			stdin, err := json.Marshal(map[string]float64{c.runs[0]: values[c.runs[0]], c.runs[1]: values[c.runs[1]]})
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]map[string]string
			said := python(t, string(stdin), "peers/partitions.py", digits)
			if err := json.Unmarshal([]byte(said), &got); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			for library, want := range c.want {
				if !maps.Equal(got[library], want) {
					t.Errorf("%s takes them for %q, want %q", library, got[library], want)
				}
			}
		})
	}
}
