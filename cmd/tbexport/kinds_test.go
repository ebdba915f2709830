package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tbexport/convert"
	"tbexport/internal/peers"
)

// TestKindsReadBack: pandas, pyarrow, polars, DuckDB and datasets read every table, and the same from all formats.
func TestKindsReadBack(t *testing.T) {
	dir := t.TempDir()
	for _, verb := range []string{"parquet", "jsonl --inline", "csv", "arrow --file"} {
		name, _, _ := strings.Cut(verb, " ")
		args := append(strings.Fields(verb), testdata(t, "logs"), "--table", "all", "-o", filepath.Join(dir, name)+"/",
			"--extract", filepath.Join(dir, "files-"+name))
		export(t, args...)
	}
	t.Log(python(t, "", "peers/read_kinds.py", dir))
}

// TestCoverage: every value that was read is in a table, or left out by choice, or damage.
func TestCoverage(t *testing.T) {
	for name, dir := range map[string]func(testing.TB) string{"testdata": made(), "corpus": peers.Corpus} {
		t.Run(name, func(t *testing.T) {
			dir := dir(t)
			cover(t, dir, true, "--table", "all")
			cover(t, dir, true, "--table", "all", "--restarts", "keep")
			for _, options := range [][]string{
				{"--table", "images,tensors"}, {"--table", "events,tags"}, {}, {"--table", "all", "--restarts", "step"},
				{"--table", "images,histograms,text", "--steps", "1:"}, {"--table", "all", "--tag", "*a*"},
			} {
				cover(t, dir, false, options...)
			}
		})
	}
}

// TestCoverageOfMutations: it is so in files with any bytes changed. $TBEXPORT_MUTATIONS is how many there are.
func TestCoverageOfMutations(t *testing.T) {
	n := 300
	if s := os.Getenv("TBEXPORT_MUTATIONS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	var files [][]byte
	err := filepath.WalkDir(testdata(t, "logs/kinds"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if len(b) > 0 {
			files = append(files, b)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	random := rand.New(rand.NewPCG(16, 1))
	const together = 100 // runs of an export
	for done := 0; done < n; done += together {
		dir := t.TempDir()
		for i := range min(together, n-done) {
			b := slices.Clone(files[random.IntN(len(files))])
			for range 1 + random.IntN(8) {
				b[random.IntN(len(b))] = byte(random.Uint32())
			}
			if random.IntN(8) == 0 {
				b = b[:random.IntN(len(b))]
			}
			mustWrite(t, filepath.Join(dir, fmt.Sprintf("run-%03d", i), "events.out.tfevents.1.host"), b)
		}
		// Without the CRCs changed bytes get to where values are decoded.
		cover(t, dir, true, "--table", "all", "--ignore-crc")
		cover(t, dir, true, "--table", "all")
		export(t, "extract", dir, "-o", filepath.Join(t.TempDir(), "files"), "--ignore-crc", "-q")
	}
}

// cover exports and holds the report to what it promises of values. whole says that nothing is left out by choice.
func cover(t *testing.T, dir string, whole bool, options ...string) {
	t.Helper()
	out := t.TempDir()
	file := filepath.Join(out, "report.json")
	export(t, append([]string{"parquet", dir, "-o", filepath.Join(out, "tables") + "/", "--report", file, "-q"}, options...)...)
	var report convert.ReportJSON
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range report.Runs {
		checkCoverage(t, fmt.Sprint(options, " run ", run.Run), &run.Counts, whole)
	}
	checkCoverage(t, fmt.Sprint(options, " totals"), &report.Totals.Counts, whole)
	if report.Totals.Found < report.Totals.Events-report.Totals.Undecodable-lostValues(&report) || report.Totals.Found == 0 {
		t.Errorf("%v: %d values of %d events", options, report.Totals.Found, report.Totals.Events)
	}
}

// lostValues are those that the damage of files tells of.
func lostValues(r *convert.ReportJSON) (n int64) {
	for _, run := range r.Runs {
		for _, f := range run.Files {
			n += int64(len(f.Damage))
		}
	}
	return n
}

func checkCoverage(t *testing.T, of string, c *convert.Counts, whole bool) {
	t.Helper()
	if c.InNoTable != 0 {
		t.Errorf("%s: %d values in no table", of, c.InNoTable)
	}
	sum := c.Points + c.Undecodable
	for form, n := range c.Values {
		if n.Read != n.Exported+n.LeftOut || n.Exported < 0 || n.LeftOut < 0 || whole && n.LeftOut != 0 {
			t.Errorf("%s: %s: %+v", of, form, n)
		}
		sum += n.Read
	}
	if c.Values != nil && sum != c.Found {
		t.Errorf("%s: %d values, and %d are counted", of, c.Found, sum)
	}
	if whole && len(c.NotExported) > 0 {
		t.Errorf("%s: not exported: %v", of, c.NotExported)
	}
}
