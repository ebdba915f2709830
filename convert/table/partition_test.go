package table

import (
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/output"
)

// TestPartitionName gives back every name by the rule that readers of hive
// partitions undo, and never one that means something to a file system.
func TestPartitionName(t *testing.T) {
	for run, want := range map[string]string{
		".":                          "run=.",
		"a":                          "run=a",
		"a/b":                        "run=a%2Fb",
		"lr=0.1,b=2":                 "run=lr%3D0.1%2Cb%3D2",
		"with space":                 "run=with%20space",
		"%2F":                        "run=%252F",
		"a+b":                        "run=a%2Bb",
		"-dash_.":                    "run=-dash_.",
		"":                           "run=",
		"ü":                          "run=%C3%BC",
		"a\nb\x00c\\d:e*?":           "run=a%0Ab%00c%5Cd%3Ae%2A%3F",
		"__HIVE_DEFAULT_PARTITION__": "run=__HIVE_DEFAULT_PARTITION__",
	} {
		got, err := PartitionName(run)
		if err != nil || got != want {
			t.Errorf("PartitionName(%q) = %q, %v, not %q", run, got, err, want)
		}
	}
	var all []byte
	for c := range 256 {
		all = append(all, byte(c))
		name, err := PartitionName(string(all[max(0, c-70):]))
		if err != nil {
			t.Fatal(err)
		}
		back, err := url.PathUnescape(strings.TrimPrefix(name, "run="))
		if err != nil || back != string(all[max(0, c-70):]) {
			t.Fatalf("%q comes back as %q, %v", name, back, err)
		}
		if strings.ContainsAny(name[4:], `/\:*?"<>|=%`+"\x00") != strings.Contains(name, "%") {
			t.Errorf("%q is not safe", name)
		}
	}
}

func TestPartitionNameTooLong(t *testing.T) {
	if name, err := PartitionName(strings.Repeat("a", 251)); err != nil || len(name) != 255 {
		t.Errorf("%d bytes, %v", len(name), err)
	}
	for _, c := range []struct {
		run  string
		want string
	}{
		{strings.Repeat("a", 252), "256 bytes"}, {strings.Repeat("ü", 42), "256 bytes"},
	} {
		_, err := PartitionName(c.run)
		if err == nil || !strings.Contains(err.Error(), "its name is too long for a directory ("+c.want+", at most 255)") {
			t.Errorf("%q: %v", c.run, err)
		}
	}
}

func TestPartitionSink(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d, err := output.CreateDir(dir, output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	runs := twoRuns()
	runs["c/d"] = nil // no points: a file of no rows
	table := NewScalars(Options{MaxRows: 100, Scalars: ScalarsOptions{NoRun: true}})
	made := make(map[Part]*lines)
	s := NewPartitionSink(d, table, "part-0", openLines(made))
	report, err := convert.Export(t.Context(), logdir(t, runs), s, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Result.Rows["scalars"]; n != 5 {
		t.Errorf("%d rows", n)
	}
	if got := entries(t, dir); !slices.Equal(got, []string{".tbexport.json", "run=a/part-0", "run=b/part-0", "run=c%2Fd/part-0"}) {
		t.Errorf("%q", got)
	}
	for _, run := range []string{"a", "b", "c/d"} {
		if e := made[Part{"scalars", run}]; e == nil || e.closed != 1 || len(made) != 3 {
			t.Errorf("%s: encoders made, and how often they were closed: %+v", run, made)
		}
	}
	sameText(t, filepath.Join(dir, "run=a", "part-0"), `
tag step wall_time value
-
acc 1 1001 0.25
loss 1 1000 0.5
loss 2 1002 0.75
loss 1 1003 1.5
end
`)
	sameText(t, filepath.Join(dir, "run=b", "part-0"), "tag step wall_time value\n-\nloss 7 1000 8\nend\n")
	sameText(t, filepath.Join(dir, "run=c%2Fd", "part-0"), "tag step wall_time value\nend\n")
}

// TestPartitionSinkFails leaves nothing of the partitions that were written.
func TestPartitionSinkFails(t *testing.T) {
	long := strings.Repeat("ü", 100)
	for name, c := range map[string]struct {
		run  string
		want string
	}{
		"no encoder":         {"b", errEncoder.Error()},
		"a name that is too": {long, "too long for a directory"},
	} {
		parent := t.TempDir()
		d, err := output.CreateDir(filepath.Join(parent, "out"), output.DirOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s := NewPartitionSink(d, NewScalars(Options{}), "part", func(w io.Writer, _ *arrow.Schema, of Part) (Encoder, error) {
			if of.Run == "b" {
				return nil, errEncoder
			}
			return &lines{to: w}, nil
		})
		_, err = convert.Export(t.Context(), logdir(t, map[string][]point{"a": {{"loss", 1, 1, 0}}, c.run: nil}), s, convert.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || name == "no encoder" && !errors.Is(err, errEncoder) {
			t.Errorf("%s: %v", name, err)
		}
		if left := entries(t, parent); len(left) > 0 {
			t.Errorf("%s: left behind: %q", name, left)
		}
	}
}
