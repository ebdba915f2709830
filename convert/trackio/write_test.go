package trackio

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
	"tbexport/convert/sinktest"
	"tbexport/eventfile/eventfiletest"
)

const logs = "../../testdata/logs"

func planOf(t testing.TB, logdir string) *plan.Plan {
	t.Helper()
	return plantest.Plan(t, plantest.Runs(t, logdir), Rules(), plan.Options{Fold: true, Media: rows.MediaForms()})
}

// write writes all runs, and fails unless each has the outcome.
func write(t testing.TB, p *plan.Plan, o Options, want plan.Outcome) *plan.Result {
	t.Helper()
	result, err := Write(t.Context(), p, o)
	plantest.Written(t, result, err, want)
	return result
}

func verify(t testing.TB, p *plan.Plan, o Options) {
	t.Helper()
	result, err := Verify(t.Context(), p, o)
	plantest.Verified(t, p, result, err)
}

// query gives the rows of a query as text.
func query(t testing.TB, o Options, text string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", o.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	columns, err := all.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for all.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := all.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			line = append(line, fmt.Sprint(*v.(*any)))
		}
		rows = append(rows, strings.Join(line, "|"))
	}
	if err := all.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

const everything = "SELECT * FROM metrics ORDER BY id"

// Everything of every run is there, and the second time changes nothing.
func TestWrite(t *testing.T) {
	for name, p := range map[string]*plan.Plan{
		"testdata": planOf(t, logs),
		"odd":      plantest.Plan(t, sinktest.Logdir(t), Rules(), plan.Options{Fold: true, Media: rows.MediaForms()}),
		"few runs": planOf(t, logs+"/sample"),
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: filepath.Join(t.TempDir(), "not", "there"), Project: "p", User: "me", Version: "test", Logdir: "logs"}
			result := write(t, p, o, plan.Created)
			measured, err := Measure(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range measured.Runs {
				if got := result.Runs[i]; got.Points != r.Points || got.Moved != r.Moved || got.BadTimes != r.BadTimes || got.Rows != r.Rows {
					t.Errorf("measured %+v\nwritten %+v", r, got)
				}
			}
			verify(t, p, o)
			before := query(t, o, everything)
			write(t, p, o, plan.Skipped)
			if after := query(t, o, everything); strings.Join(after, "\n") != strings.Join(before, "\n") {
				t.Error("the second time changed rows")
			}
			if got := query(t, o, "PRAGMA user_version"); got[0] != "2" {
				t.Errorf("version %s", got)
			}
			if got := query(t, o, "PRAGMA integrity_check"); got[0] != "ok" {
				t.Errorf("integrity: %s", got)
			}
			entries, err := os.ReadDir(o.Dir)
			entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == mediaDir })
			if err != nil || len(entries) != 2 {
				t.Errorf("left: %v, %v", entries, err)
			}
		})
	}
}

// Logs that grow: rows that are there stay what they are, what is new is added,
// and a row that gets another tag is mended. Of fewer points fewer rows are left,
// and those that others wrote stay.
func TestGrown(t *testing.T) {
	logdir := t.TempDir()
	o := Options{Dir: t.TempDir(), Project: "p"}
	grow := func(losses, accuracies int) *plan.Plan {
		eventfiletest.Write(t, logdir, eventfiletest.Tree{
			"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", losses), "a/events.out.tfevents.2.h": eventfiletest.Curve("acc", accuracies),
			"b/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3)})
		return planOf(t, logdir)
	}
	write(t, grow(3, 1), o, plan.Created)
	before := query(t, o, "SELECT id, log_id FROM metrics WHERE run_name = 'a' ORDER BY id")
	p := grow(5, 2)
	result, err := Write(t.Context(), p, o)
	if err != nil || result.Runs[0].Outcome != plan.Grown || result.Runs[1].Outcome != plan.Skipped {
		t.Fatalf("%+v, %+v, %v", result.Runs[0], result.Runs[1], err)
	}
	verify(t, p, o)
	after := query(t, o, "SELECT id, log_id FROM metrics WHERE run_name = 'a' ORDER BY id")
	if len(before) != 3 || len(after) != 5 || strings.Join(after[:3], ",") != strings.Join(before, ",") {
		t.Errorf("rows %q\nbefore %q", after, before)
	}
	query(t, o, "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('other', 'x', 'other', 1, '{}')")
	p = grow(2, 1)
	if result, err = Write(t.Context(), p, o); err != nil || result.Runs[0].Outcome != plan.Grown || result.Runs[0].Rows != 2 {
		t.Fatalf("%+v, %v", result.Runs[0], err)
	}
	verify(t, p, o)
	if got := query(t, o, "SELECT run_name, count(*) FROM metrics GROUP BY run_name ORDER BY 1"); strings.Join(got, " ") != "a|2 b|3 other|1" {
		t.Errorf("rows %q", got)
	}
	// A row that somebody took away is there again.
	query(t, o, "DELETE FROM metrics WHERE run_name = 'b' AND step = 1")
	if _, err := Write(t.Context(), p, o); err != nil {
		t.Fatal(err)
	}
	verify(t, p, o)
}

// A file of a schema that is not known, or of something else, is refused and
// left as it is.
func TestOtherFiles(t *testing.T) {
	p := planOf(t, logs+"/sample")
	for name, c := range map[string]struct{ sql, bytes, want string }{
		"version":     {sql: "CREATE TABLE metrics(a); PRAGMA user_version = 3", want: "its schema is version 3, and Trackio's version 2 is the one that is known"},
		"old":         {sql: "CREATE TABLE metrics(a)", want: "its schema is version 0"},
		"other":       {sql: "CREATE TABLE t(a); PRAGMA user_version = 2", want: "is no project of Trackio"},
		"no database": {bytes: strings.Repeat("no database at all", 100), want: "file is not a database"},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), Project: "p"}
			if c.sql != "" {
				query(t, o, c.sql)
			} else if err := os.WriteFile(o.Path(), []byte(c.bytes), 0o666); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(o.Path())
			if err != nil {
				t.Fatal(err)
			}
			for what, f := range map[string]func(context.Context, *plan.Plan, Options) (*plan.Result, error){"write": Write, "verify": Verify} {
				if _, err := f(t.Context(), p, o); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), o.Path()) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if after, err := os.ReadFile(o.Path()); err != nil || string(after) != string(before) {
				t.Errorf("the file was changed, %v", err)
			}
		})
	}
}

// Verify sees what is another, what is missing and what is too much.
func TestVerify(t *testing.T) {
	p := planOf(t, logs+"/sample")
	o := Options{Dir: t.TempDir(), Project: "p"}
	if _, err := Verify(t.Context(), p, o); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "no such project: p") {
		t.Errorf("without a file: %v", err)
	}
	write(t, p, o, plan.Created)
	id := RunID(p.Runs[0])
	for change, want := range map[string]string{
		"UPDATE metrics SET step = step + 1000000 WHERE id = (SELECT min(id) FROM metrics WHERE run_id = '" + id + "')":    "metric",
		"UPDATE metrics SET timestamp = '2000-01-01T00:00:00.000000+00:00' WHERE run_id = '" + id + "'":                    "time",
		"DELETE FROM metrics WHERE id = (SELECT max(id) FROM metrics WHERE run_id = '" + id + "')":                         "metric",
		"UPDATE configs SET config = '{' WHERE run_id = '" + id + "'":                                                      "config",
		"UPDATE metrics SET metrics = '{\"new\": 1}' WHERE id = (SELECT min(id) FROM metrics WHERE run_id = '" + id + "')": "metric",
	} {
		dir := t.TempDir()
		b, err := os.ReadFile(o.Path())
		if err != nil {
			t.Fatal(err)
		}
		changed := Options{Dir: dir, Project: "p"}
		if err := os.WriteFile(changed.Path(), b, 0o666); err != nil {
			t.Fatal(err)
		}
		query(t, changed, change)
		result, err := Verify(t.Context(), p, changed)
		if err != nil || result.Good() || len(result.Runs[0].Differences) == 0 || result.Runs[0].Differences[0].What != want {
			t.Errorf("%s: %+v, %v", change, result.Runs[0], err)
		}
	}
}

// Media are in rows and files; verify sees what is missing or other of them, and
// written again they are mended.
func TestMedia(t *testing.T) {
	p := planOf(t, logs+"/kinds")
	o := Options{Dir: t.TempDir(), Project: "p"}
	result := write(t, p, o, plan.Created)
	media := p.TotalsDocument(result).Media
	types := query(t, o, `SELECT json_extract(value, '$._type'), count(*) FROM metrics, json_each(metrics) WHERE json_each.type = 'object' GROUP BY 1 ORDER BY 1`)
	if len(types) != 3 || media.Files == 0 || media.LeftOut == 0 {
		t.Errorf("types %q, %+v", types, media)
	}
	paths := query(t, o, `SELECT json_extract(value, '$.file_path') FROM metrics, json_each(metrics) WHERE json_extract(value, '$._type') = 'trackio.image'`)
	if err := os.Remove(filepath.Join(o.Dir, mediaDir, paths[0])); err != nil {
		t.Fatal(err)
	}
	leftover := filepath.Join(o.Dir, mediaDir, filepath.Dir(paths[0]), temporaryPrefix+"1")
	if err := os.WriteFile(leftover, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), p, o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(o.Dir, mediaDir, paths[0])); err != nil {
		t.Errorf("written again: %v", err)
	}
	if _, err := os.Stat(leftover); err == nil {
		t.Errorf("%s is still there", leftover)
	}
	if err := os.Remove(filepath.Join(o.Dir, mediaDir, paths[0])); err != nil {
		t.Fatal(err)
	}
	query(t, o, `UPDATE metrics SET metrics = replace(metrics, 'trackio.histogram', 'trackio.other')`)
	checked, err := Verify(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for _, r := range checked.Runs {
		for _, d := range r.Differences {
			seen[d.What]++
		}
	}
	if seen["file"] == 0 || seen["media"] == 0 || len(seen) != 2 {
		t.Errorf("differences %v", seen)
	}
}

// Two at once: one writes, the other finds it there.
func TestTwoAtOnce(t *testing.T) {
	p := planOf(t, logs)
	o := Options{Dir: t.TempDir(), Project: "p"}
	var all sync.WaitGroup
	var errs [2]error
	for i := range errs {
		all.Go(func() { _, errs[i] = Write(t.Context(), planOf(t, logs), o) })
	}
	all.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	verify(t, p, o)
}

// A lock that somebody holds, and the end of the context.
func TestLocked(t *testing.T) {
	o := Options{Dir: t.TempDir(), Project: "p"}
	release, err := lock(t.Context(), filepath.Join(o.Dir, "p.lock"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(ctx, planOf(t, logs+"/sample"), o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestProjects(t *testing.T) {
	for name, want := range map[string]string{
		"mine": "", "a-b_c1": "", "über": "", "my.model": "would call it \"mymodel\"", "": "no name", "...": "there is none", "a b": "\"ab\"",
		"registry-x": "begin with", "x_system": "end with \"_system\"", "_system": "", "x_artifacts": "end with",
	} {
		err := CheckProject(name)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for want, env := range map[string]map[string]string{
		"/t": {"TRACKIO_DIR": "/t", "HF_HOME": "/h"}, "/h/trackio": {"HF_HOME": "/h"}, "/x/huggingface/trackio": {"XDG_CACHE_HOME": "/x"}, "/home/.cache/huggingface/trackio": nil,
	} {
		if got := filepath.ToSlash(Dir(func(name string) string { return env[name] }, "/home")); got != want {
			t.Errorf("%v: %s", env, got)
		}
	}
}

func TestTimestamps(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "1970-01-01T00:00:00.000000+00:00 false", 1700000000.5: "2023-11-14T22:13:20.500000+00:00 false", -1.25: "1969-12-31T23:59:58.750000+00:00 false",
		1e300: "9999-12-31T23:59:59.000000+00:00 true", math.Inf(-1): "0001-01-01T00:00:00.000000+00:00 true", math.Inf(1): "9999-12-31T23:59:59.000000+00:00 true",
	} {
		if text, moved := timestamp(seconds); fmt.Sprint(text, " ", moved) != want {
			t.Errorf("%v: %s %v, want %s", seconds, text, moved, want)
		}
	}
	if text, moved := timestamp(math.NaN()); text != "1970-01-01T00:00:00.000000+00:00" || !moved {
		t.Errorf("NaN: %s %v", text, moved)
	}
}

// TestHotJournal: what a killed writer left is said by a reader, and mended by the next writer.
func TestHotJournal(t *testing.T) {
	p, killed := planOf(t, logs+"/sample/tf1"), Options{Dir: t.TempDir(), Project: "p"}
	write(t, p, killed, plan.Created)
	query(t, killed, "PRAGMA journal_mode = DELETE")
	db, err := sql.Open("sqlite", killed.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA cache_size = 1", "BEGIN", "UPDATE metrics SET metrics = metrics || ' '"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	// The files as they are in the middle of it are those of one that was killed then.
	o := Options{Dir: t.TempDir(), Project: "p"}
	for _, suffix := range []string{"", "-journal"} {
		text, err := os.ReadFile(killed.Path() + suffix)
		if err == nil {
			err = os.WriteFile(o.Path()+suffix, text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Verify(t.Context(), p, o); err == nil || !strings.Contains(err.Error(), "writer was killed") {
		t.Errorf("got %v", err)
	}
	write(t, p, o, plan.Skipped)
	verify(t, p, o)
}
