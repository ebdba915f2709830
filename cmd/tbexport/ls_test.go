package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"tbexport/convert"
	"tbexport/internal/peers"
	"tbexport/internal/ui"
)

// hostile are tags and runs that a terminal must not see raw, or that are hard
// to lay out.
func hostile() []string {
	return []string{
		"\x1b[2J\x1b[1;1Howned", "\x1b]0;title\a", "\u009b31m", "a\rb", "\u202eevil", strings.Repeat("very/long/", 40),
		"損失/訓練/" + strings.Repeat("深", 60), strings.Repeat("e\u0301", 90), "🙂🙂🙂", "tab\there", " ",
	}
}

// hostileLog has a run of each hostile name that a path can have, with all of
// them as tags.
func hostileLog(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range hostile() {
		if len(name) < 200 && !strings.Contains(name, "/") {
			mustWriteLog(t, filepath.Join(dir, name, eventFileName), steps(3, hostile()...))
		}
	}
	mustWriteLog(t, filepath.Join(dir, eventFileName), steps(3, hostile()...))
	return dir
}

// TestNothingReachesATerminalRaw: no verb that shows names lets one of them
// control the terminal, and none is wider than the terminal.
func TestNothingReachesATerminalRaw(t *testing.T) {
	dir := hostileLog(t)
	for _, lang := range []string{"C", "C.UTF-8"} {
		t.Setenv("LC_ALL", lang)
		for _, width := range []int{40, 80, 200} {
			for _, args := range [][]string{{"ls"}, {"ls", "-l"}, {"show", "--height", "8"}, {"show", "--together"}} {
				o := mustCall(t, append(args, dir, "--width", fmt.Sprint(width))...)
				for _, line := range strings.Split(o.stdout, "\n") {
					if ui.Visible(line) != line || lang == "C" && ui.VisibleASCII(line) != line {
						t.Fatalf("%s %s: raw: %q", lang, args, line)
					}
					if n := text.StringWidth(line); n > width {
						t.Errorf("%s %s: %d columns instead of %d: %q", lang, args, n, width, line)
					}
				}
				if o.err != ui.Visible(strings.TrimSuffix(o.err, "\n"))+"\n" && o.err != "" {
					t.Errorf("%s: said raw: %q", args, o.err)
				}
			}
		}
	}
	for _, args := range [][]string{{"ls", "--json"}, {"dump"}, {"dump", "--raw-proto"}} {
		o := mustCall(t, append(args, dir)...)
		for _, line := range strings.Split(o.stdout, "\n") {
			if ui.Visible(line) != line {
				t.Fatalf("%s: raw: %q", args, line)
			}
		}
	}
}

// TestLsFits: no line is wider than the terminal, whatever real writers call
// themselves and however ill a run is.
func TestLsFits(t *testing.T) {
	for name, dir := range map[string]func(testing.TB) string{"logs": made("logs"), "damaged": made("damaged"), "corpus": peers.Corpus} {
		t.Run(name, func(t *testing.T) {
			dir := dir(t)
			for _, width := range []int{40, 60, 80, 120} {
				for _, args := range [][]string{{"ls"}, {"ls", "-l"}} {
					for _, line := range strings.Split(call(append(args, dir, "--width", fmt.Sprint(width))...).stdout, "\n") {
						if n := text.StringWidth(line); n > width {
							t.Errorf("%s: %d columns instead of %d: %q", args, n, width, line)
						}
					}
				}
			}
		})
	}
}

// listJSON is what ls --json says.
func listJSON(t *testing.T, args ...string) convert.ListingJSON {
	t.Helper()
	o := call(append([]string{"ls", "--json"}, args...)...)
	var report convert.ListingJSON
	if err := json.Unmarshal([]byte(o.stdout), &report); err != nil {
		t.Fatalf("%v\n%s", err, o.err)
	}
	return report
}

func TestLsJSON(t *testing.T) {
	report := listJSON(t, hostileLog(t))
	if report.Schema != 1 || len(report.Runs) < 5 {
		t.Fatalf("schema %d, %d runs", report.Schema, len(report.Runs))
	}
	for _, run := range report.Runs {
		if len(run.Tags) != len(hostile()) || run.Points != int64(3*len(hostile())) || *run.MinStep != 0 || *run.MaxStep != 2 {
			t.Errorf("%q: %d tags, %d points", run.Run, len(run.Tags), run.Points)
		}
		if *run.Start != firstTime || *run.End <= firstTime || *run.End > firstTime+1 {
			t.Errorf("%q: from %v to %v", run.Run, *run.Start, *run.End)
		}
	}
	names := make(map[string]bool)
	for _, tag := range report.Runs[0].Tags {
		names[tag.Tag] = true
	}
	for _, name := range hostile() {
		if !names[name] {
			t.Errorf("%q is not in the JSON as it is", name)
		}
	}
}

// TestLsAgreesWithExport: ls says of every series what its exported points,
// which TestOracle compares with TensorBoard's classes, come to.
func TestLsAgreesWithExport(t *testing.T) {
	for _, log := range []struct {
		name      string
		dir       func(testing.TB) string
		selection []string
	}{
		{"logs", made("logs"), nil},
		{"damaged", made("damaged"), nil},
		{"corpus", peers.Corpus, nil},
		{"selection", made("logs"), []string{"--tag", "**/loss", "--run", "odd/**"}},
	} {
		t.Run(log.name, func(t *testing.T) { testLsAgreesWithExport(t, append([]string{log.dir(t)}, log.selection...)) })
	}
}

func testLsAgreesWithExport(t *testing.T, args []string) {
	exported := exportedSeries(t, args...)
	n := len(exported)
	for _, run := range listJSON(t, args...).Runs {
		for _, tag := range run.Tags {
			if !tag.Scalar {
				continue
			}
			key := [2]string{run.Run, tag.Tag}
			want := exported[key]
			if want == nil {
				t.Errorf("%q is not exported", key)
				continue
			}
			tag.DType, tag.Kind, tag.Course = "", "", nil
			if got, want := mustJSON(t, tag), mustJSON(t, want); got != want {
				t.Errorf("%q: listed\n%s\nexported\n%s", key, got, want)
			}
			delete(exported, key)
		}
	}
	if len(exported) > 0 || n == 0 {
		t.Errorf("%v: of %d series not listed: %v", args, n, exported)
	}
	t.Logf("%d series of %s", n, filepath.Base(args[0]))
}

// exportedSeries is what the lines of jsonl come to, by run and tag.
func exportedSeries(t *testing.T, args ...string) map[[2]string]*convert.ListedTagJSON {
	t.Helper()
	all := make(map[[2]string]*convert.ListedTagJSON)
	for lines := json.NewDecoder(strings.NewReader(call(append([]string{"jsonl"}, args...)...).stdout)); lines.More(); {
		var row struct {
			Run, Tag string
			Step     int64
			WallTime jsonFloat `json:"wall_time"`
			Value    jsonFloat
		}
		if err := lines.Decode(&row); err != nil {
			t.Fatal(err)
		}
		key := [2]string{row.Run, row.Tag}
		tag := all[key]
		if tag == nil {
			tag = &convert.ListedTagJSON{Tag: row.Tag, Scalar: true, FirstStep: row.Step, MinStep: row.Step, MaxStep: row.Step, FirstTime: row.WallTime,
				ListedSeriesJSON: &convert.ListedSeriesJSON{First: row.Value}}
			all[key] = tag
		}
		tag.Values++
		tag.LastStep, tag.LastTime, tag.Last = row.Step, row.WallTime, row.Value
		tag.MinStep, tag.MaxStep = min(tag.MinStep, row.Step), max(tag.MaxStep, row.Step)
		value := &row.Value
		if x := float64(row.Value); math.IsNaN(x) || math.IsInf(x, 0) {
			tag.NotFinite++
			continue
		}
		if tag.Min == nil || *value < *tag.Min {
			tag.Min = value
		}
		if tag.Max == nil || *value > *tag.Max {
			tag.Max = value
		}
	}
	return all
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestLsThousandRuns: many runs stay a line each.
func TestLsThousandRuns(t *testing.T) {
	dir := t.TempDir()
	for i := range 1000 {
		mustWriteLog(t, filepath.Join(dir, fmt.Sprintf("run-%04d", i), eventFileName), steps(2, "loss"))
	}
	o := mustCall(t, "ls", dir, "--width", "80")
	lines := strings.Split(strings.TrimSpace(o.stdout), "\n")
	if len(lines) != 1001 || !strings.HasPrefix(lines[1000], "run-0999 ") {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// TestLsRecent: a run of which a file was written in the last minutes is said
// to be such.
func TestLsRecent(t *testing.T) {
	dir := t.TempDir()
	for _, run := range []string{"old", "young"} {
		mustWriteLog(t, filepath.Join(dir, run, eventFileName), steps(1, "loss"))
	}
	now := time.Now()
	for run, age := range map[string]time.Duration{"old": 6 * time.Minute, "young": 4 * time.Minute} {
		if err := os.Chtimes(filepath.Join(dir, run, eventFileName), now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if got := run(t.Context(), []string{"ls", dir}, console{out: &out, err: io.Discard, now: func() time.Time { return now }}); got != statusDone {
		t.Fatalf("status %d", got)
	}
	for _, line := range strings.Split(out.String(), "\n")[1:] {
		if recent := strings.Contains(line, "ok, recent"); recent != strings.HasPrefix(line, "young ") {
			t.Errorf("%q", line)
		}
	}
}

// TestLsSeesWhatVerifyDoes: the damage that ls says, values that do not decode included, is verify's.
func TestLsSeesWhatVerifyDoes(t *testing.T) {
	type report struct {
		Runs []struct {
			Run   string
			Files []struct {
				Damage []struct {
					Offset, Bytes int64
					Torn          bool
				}
			}
		}
	}
	for _, logs := range []string{testdata(t, "logs", "kinds"), testdata(t, "logs", "sample"), testdata(t, "damaged")} {
		read := func(args ...string) (r report) {
			if err := json.Unmarshal([]byte(call(append(args, logs, "--json")...).stdout), &r); err != nil {
				t.Fatal(err)
			}
			return r
		}
		want := mustJSON(t, read("verify"))
		if got := mustJSON(t, read("ls")); got != want || len(want) < 100 {
			t.Errorf("%s\nls:     %s\nverify: %s", logs, got, want)
		}
	}
}
