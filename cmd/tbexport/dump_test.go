package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// dumped is the lines of dump, each as what JSON makes of it.
func dumped(t *testing.T, args ...string) (lines []map[string]any) {
	t.Helper()
	o := call(append([]string{"dump"}, args...)...)
	for _, text := range strings.Split(strings.TrimSpace(o.stdout), "\n") {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestDumpCoversFiles: events and damage lie behind each other, without a gap,
// from the beginning of each file to its end.
func TestDumpCoversFiles(t *testing.T) {
	ends := make(map[string]float64)
	for _, dir := range []string{"logs", "damaged"} {
		for _, line := range dumped(t, testdata(t, dir)) {
			file := line["file"].(string)
			if line["error"] != nil || line["damage"] == "undecodable value" {
				continue
			}
			if line["offset"].(float64) != ends[file] {
				t.Errorf("%s: %v follows offset %v", file, line, ends[file])
			}
			ends[file] += line["length"].(float64)
		}
	}
	for file, end := range ends {
		if size := float64(len(mustRead(t, file))); size != end {
			t.Errorf("%s: of %v bytes, %v are accounted for", file, size, end)
		}
	}
	if len(ends) < 100 {
		t.Errorf("%d files only", len(ends))
	}
}

// TestDumpAgreesWithExport: the values of dump are those of the export.
func TestDumpAgreesWithExport(t *testing.T) {
	dir := testdata(t, "logs", "sample", "keras")
	var got, want []string
	for _, line := range dumped(t, dir) {
		values, _ := line["values"].([]any)
		for _, v := range values {
			v := v.(map[string]any)
			if v["value"] != nil {
				got = append(got, fmt.Sprint(v["tag"], line["step"], line["wall_time"], v["value"]))
			}
		}
	}
	for _, text := range strings.Split(strings.TrimSpace(mustCall(t, "jsonl", dir).stdout), "\n") {
		var row map[string]any
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint(row["tag"], row["step"], row["wall_time"], row["value"]))
	}
	seen := make(map[string]int)
	for _, row := range got {
		seen[row]++
	}
	for _, row := range want {
		if seen[row]--; seen[row] < 0 {
			t.Fatalf("dump lacks %s", row)
		}
	}
	if len(got) != len(want) || len(got) == 0 {
		t.Errorf("%d values, exported are %d", len(got), len(want))
	}
}
