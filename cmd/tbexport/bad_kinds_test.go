package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// badInput is a run whose values are odd, or damaged, and what becomes of them.
type badInput struct {
	values []eventfiletest.Value // one a step, from 1 on
	events []eventfiletest.Event // before them
	rows   []string              // a table, and of each of its rows some columns; all rows, by table
	lost   int                   // values that are damage
	said   string                // a regular expression
}

// badInputs are by the names of their runs.
func badInputs() map[string]badInput {
	all := make(map[string]badInput)
	for _, some := range []map[string]badInput{badPictures(), badSound(), badTexts(), badHistograms(), badTensors(), badMeshes(), badGraphs(), badTags()} {
		maps.Copy(all, some)
	}
	return all
}

// TestBadInput: what is no picture, sound, text and so on as it should be is in its table as it is, in every format; what
// contradicts itself is damage, and takes nothing else along.
func TestBadInput(t *testing.T) {
	for name, bad := range badInputs() {
		t.Run(name, func(t *testing.T) {
			dir, out := badLogdir(t, map[string]badInput{name: bad}), t.TempDir()
			for _, verb := range [][]string{{"jsonl", "--inline"}, {"csv"}, {"parquet"}, {"arrow"}} {
				checkBadInput(t, &bad, slices.Concat(verb, []string{dir, "--table", "all", "-o", filepath.Join(out, verb[0]) + "/"}))
			}
			rows := checkBadRows(t, &bad, filepath.Join(out, "jsonl"))
			for name := range rows {
				sameAsJSON(t, rows[name], filepath.Join(out, "csv", name+".csv"))
			}
		})
	}
}

// TestBadInputOracle: the tables in Parquet are what TensorBoard's own protocol buffers give.
func TestBadInputOracle(t *testing.T) {
	dir, out := badLogdir(t, badInputs()), filepath.Join(t.TempDir(), "tables")
	export(t, "parquet", dir, "--table", "all", "-o", out+"/")
	damaged := []string{"--tags-differ"} // as check_kinds.py says
	for name, bad := range badInputs() {
		if bad.lost > 0 {
			damaged = append(damaged, name)
		}
	}
	t.Log(python(t, "", "oracle/check_kinds.py", append([]string{dir, out, "--min-rows", "200"}, damaged...)...))
}

// badLogdir has a run for each bad input, with a text before and after it.
func badLogdir(t testing.TB, all map[string]badInput) string {
	t.Helper()
	files := make(eventfiletest.Tree)
	for name, bad := range all {
		events := []eventfiletest.Event{eventfiletest.Version(firstTime)}
		values := slices.Concat([]eventfiletest.Value{eventfiletest.Text("~before", "before")}, bad.values, []eventfiletest.Value{eventfiletest.Text("~after", "after")})
		for i, v := range values {
			events = append(events, eventfiletest.Summary(firstTime+float64(i), int64(i), v))
		}
		events = slices.Insert(events, 1, bad.events...)
		files[name+"/"+eventFileName] = eventfiletest.File(events...)
	}
	return eventfiletest.Logdir(t, files)
}

func checkBadInput(t *testing.T, bad *badInput, args []string) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	o := call(append(args, "--report", report, "-v")...)
	want := statusDone
	if bad.lost > 0 {
		want = statusLost
	}
	if o.status != want {
		t.Errorf("%s: status %d, want %d\n%s", args[0], o.status, want, o.err)
	}
	wantMatch(t, o.err, bad.said)
	if n := strings.Count(o.err, "undecodable value"); n != bad.lost {
		t.Errorf("%s names %d damaged values, want %d\n%s", args[0], n, bad.lost, o.err)
	}
	totals := readReport(t, report).Totals
	checkCoverage(t, args[0], &totals.Counts, true)
	if totals.Undecodable != int64(bad.lost) {
		t.Errorf("%s: %d damaged values in the report, want %d", args[0], totals.Undecodable, bad.lost)
	}
	// File version, text before, text after, and each of the values.
	if want := int64(3 + len(bad.values) + len(bad.events)); totals.Found != want {
		t.Errorf("%s: %d values found, want %d", args[0], totals.Found, want)
	}
}

// checkBadRows holds the tables to what is wanted, and returns the rows of all.
func checkBadRows(t *testing.T, bad *badInput, dir string) map[string][]map[string]any {
	t.Helper()
	all := make(map[string][]map[string]any)
	var got []string
	for _, name := range entries(t, dir) {
		table, ok := strings.CutSuffix(name, ".jsonl")
		if !ok {
			continue
		}
		all[table] = readRows(t, filepath.Join(dir, name))
		if table == "runs" || table == "tags" {
			continue
		}
		for _, row := range all[table] {
			if tag, _ := row["tag"].(string); strings.HasPrefix(tag, "~") || row["what"] == "file_version" {
				continue
			}
			got = append(got, table+" "+mustJSON(t, row))
		}
	}
	if len(got) != len(bad.rows) {
		t.Fatalf("%d rows, want %d:\n%.3000s", len(got), len(bad.rows), strings.Join(got, "\n"))
	}
	for i, row := range got {
		if !hasColumns(t, row, bad.rows[i]) {
			t.Errorf("%.1000s\nis not\n%.1000s", row, bad.rows[i])
		}
	}
	return all
}

// hasColumns reports whether a row is of the table of another, and has all of its columns.
func hasColumns(t *testing.T, row, want string) bool {
	t.Helper()
	table, columns, _ := strings.Cut(want, " ")
	var got, wanted map[string]any
	of, whole, _ := strings.Cut(row, " ")
	if err := json.Unmarshal([]byte(whole), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(columns), &wanted); err != nil {
		t.Fatalf("%v in %s", err, columns)
	}
	for name, x := range wanted {
		if y, ok := got[name]; !ok || mustJSON(t, x) != mustJSON(t, y) {
			return false
		}
	}
	return of == table
}

func readRows(t *testing.T, path string) (rows []map[string]any) {
	t.Helper()
	for line := range strings.Lines(string(mustRead(t, path))) {
		row := make(map[string]any)
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// sameAsJSON holds a CSV file to the rows of JSON Lines. Blobs are not in it.
func sameAsJSON(t *testing.T, rows []map[string]any, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) != len(rows)+1 {
		t.Fatalf("%s: %d records for %d rows, %v", path, len(records)-1, len(rows), err)
	}
	for i, row := range rows {
		for j, column := range records[0] {
			if cell := records[i+1][j]; !sameCell(t, column, cell, row[column]) {
				t.Errorf("%s, row %d, %s: %.300q, and in JSON %.300q", path, i, column, cell, fmt.Sprint(row[column]))
			}
		}
	}
}

// inCSV is what numbers that JSON has not are in a cell.
var inCSV = map[string]string{"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}

func sameCell(t *testing.T, column, cell string, x any) bool {
	t.Helper()
	switch x := x.(type) {
	case nil:
		return cell == ""
	case string:
		if column == "bytes" || column == "content" {
			return cell == ""
		}
		if other, ok := inCSV[x]; ok && cell == other {
			return true
		}
		return cell == strings.ReplaceAll(x, "\r\n", "\n")
	case float64:
		y, err := strconv.ParseFloat(cell, 64)
		return err == nil && x == y
	case map[string]any:
		return cell == "" // a picture, or sound
	}
	var y any
	err := json.Unmarshal([]byte(cell), &y)
	return err == nil && mustJSON(t, x) == mustJSON(t, y)
}

// TestBadInputWithoutTables: an export of scalars passes over all of it, and says what there was.
func TestBadInputWithoutTables(t *testing.T) {
	dir := badLogdir(t, badInputs())
	o := call("csv", dir)
	if o.status != statusDone {
		t.Errorf("status %d\n%s", o.status, o.err)
	}
	wantMatch(t, o.err, "not scalars, so not exported: .*images")
}

// value is a value that was made of the generated types.
func value(v *pb.Summary_Value) eventfiletest.Value { return eventfiletest.Encode(v) }

// tensorOf is an encoded tensor with a shape.
func tensorOf(m *pb.TensorProto, dims ...int64) []byte {
	m.TensorShape = new(pb.TensorShapeProto)
	for _, d := range dims {
		m.TensorShape.Dim = append(m.TensorShape.Dim, &pb.TensorShapeProto_Dim{Size: d})
	}
	return eventfiletest.Encode(m)
}

// stringsOf is a tensor of strings; without dims a vector.
func stringsOf(dims []int64, all ...string) []byte {
	m := &pb.TensorProto{Dtype: pb.DataType_DT_STRING}
	for _, s := range all {
		m.StringVal = append(m.StringVal, []byte(s))
	}
	if dims == nil {
		dims = []int64{int64(len(all))}
	}
	return tensorOf(m, dims...)
}

// doublesOf is a tensor of float64.
func doublesOf(dims []int64, all ...float64) []byte {
	return tensorOf(&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: all}, dims...)
}
