package main

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

// manifestOf are the lines of a manifest, without its header, by table.
func manifestOf(t *testing.T, dir string) map[string][][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(string(mustRead(t, filepath.Join(dir, "manifest.csv"))))).ReadAll()
	if err != nil || len(lines) == 0 || strings.Join(lines[0], ",") != "path,run,tag,step,index,sha256" {
		t.Fatal(lines, err)
	}
	all := make(map[string][][]string)
	for _, line := range lines[1:] {
		table, _, _ := strings.Cut(line[0], "/")
		all[table] = append(all[table], line)
	}
	return all
}

// TestExtractSelection: whatever is chosen, the files are those of the rows that a table has, and its counts are the same.
func TestExtractSelection(t *testing.T) {
	logs := t.TempDir()
	for _, name := range []string{"a", "a/hparams", "b"} { // the second is a part of the first
		var events []eventfiletest.Event
		for i, step := range []int64{0, 1, 2, 1, 2, 2, 3} { // goes back once
			at := firstTime + float64(i)
			events = append(events, eventfiletest.Summary(at, step, eventfiletest.Text("t", "x"), eventfiletest.Text("u/t", "y", "z")),
				eventfiletest.Summary(at, step, eventfiletest.Tensor("pictures", "images", nil, stringsOf(nil, "1", "1", pngOf(1, 1), pngOf(2, 1)))))
		}
		file := slices.Concat(eventfiletest.File(append([]eventfiletest.Event{eventfiletest.Version(firstTime)}, events...)...))
		if name == "a/hparams" {
			file = addHParams(.1)
		}
		eventfiletest.Write(t, logs, eventfiletest.Tree{name + "/" + eventFileName: file})
	}
	for _, options := range []string{
		"", "--restarts step", "--restarts session", "--steps 1:2", "--sample 2 --table text,images", "--tag t", "--tag u/*", "--run b", "--since 1700000003", "--table text",
		"--table images,tensors --steps 2:", "--tag t --tag pictures --restarts step --sample 3 --table images,text",
	} {
		t.Run(options, func(t *testing.T) {
			out := t.TempDir()
			files, tables, both := filepath.Join(out, "files"), filepath.Join(out, "tables"), filepath.Join(out, "both")
			args := strings.Fields(options)
			mustCall(t, slices.Concat([]string{"extract", logs, "-o", files, "--report", filepath.Join(out, "files.json")}, args)...)
			if !slices.Contains(args, "--table") {
				args = append(args, "--table", "all")
			}
			mustCall(t, slices.Concat([]string{"jsonl", logs, "-o", tables + "/", "--extract", both, "--report", filepath.Join(out, "tables.json")}, args)...)
			got, rows := manifestOf(t, files), 0
			for _, name := range []string{"text", "images"} {
				if !slices.Contains(entries(t, tables), name+".jsonl") {
					if len(got[name]) > 0 {
						t.Errorf("%d files of a table that has no row: %s", len(got[name]), name)
					}
					continue
				}
				var want [][]string
				for i, row := range readRows(t, filepath.Join(tables, name+".jsonl")) {
					rows++
					line := got[name][min(i, len(got[name])-1)]
					want = append(want, []string{line[0], row["run"].(string), row["tag"].(string), mustJSON(t, row["step"]), mustJSON(t, row["index"]), line[5]})
					if name == "images" && (row["sha256"] != line[5] || row["image"].(map[string]any)["path"] != line[0]) {
						t.Errorf("%v of %v", line, row)
					}
				}
				if mustJSON(t, got[name]) != mustJSON(t, want) {
					t.Errorf("%s\n%v, want\n%v", name, got[name], want)
				}
			}
			if rows == 0 || fingerprint(t, files) != fingerprint(t, both) {
				t.Errorf("%d rows; or an export extracts other files", rows)
			}
			of, beside := readReport(t, filepath.Join(out, "files.json")), readReport(t, filepath.Join(out, "tables.json"))
			if mustJSON(t, of.Files) != mustJSON(t, beside.Files) || of.Files["text"]+of.Files["images"] != int64(rows) {
				t.Errorf("reports: %v and %v files of %d rows", of.Files, beside.Files, rows)
			}
			for _, form := range []string{"text", "images"} {
				for at, a := range of.Totals.Values {
					if b := beside.Totals.Values[at]; string(at) == form && a != b {
						t.Errorf("%s: %+v, and beside a table %+v", form, a, b)
					}
				}
			}
		})
	}
}

// TestExtractGrownLog: what came since is there with --overwrite, and the manifest is whole.
func TestExtractGrownLog(t *testing.T) {
	logs, files := t.TempDir(), filepath.Join(t.TempDir(), "files")
	var events []eventfiletest.Event
	for step := range int64(3) {
		events = append(events, eventfiletest.Summary(firstTime, step, eventfiletest.Text("t", "x")))
		eventfiletest.Write(t, logs, eventfiletest.Tree{"run/" + eventFileName: eventfiletest.File(events...)})
		mustCall(t, "extract", logs, "-o", files, "--overwrite")
		if got := manifestOf(t, files)["text"]; len(got) != int(step)+1 || len(entries(t, filepath.Join(files, "text", "run", "t"))) != int(step)+1 {
			t.Errorf("step %d: %v", step, got)
		}
	}
}
