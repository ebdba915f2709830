package trackio

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/plan"
	"tbexport/eventfile/eventfiletest"
	"tbexport/internal/peers"
)

// rename does to a run what Trackio 0.43 does: its rows are written anew, without
// log_ids.
func rename(t *testing.T, o Options, id, name string) {
	t.Helper()
	query(t, o, fmt.Sprintf(`CREATE TEMP TABLE renamed AS SELECT run_id, timestamp, step, metrics FROM metrics WHERE run_id = '%[1]s';
DELETE FROM metrics WHERE run_id = '%[1]s';
INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) SELECT run_id, timestamp, '%[2]s', step, metrics FROM renamed;
UPDATE configs SET run_name = '%[2]s' WHERE run_id = '%[1]s'`, id, name))
}

const names = "SELECT run_name, count(*), count(DISTINCT log_id) FROM metrics GROUP BY 1 ORDER BY 1"

// A run that somebody renamed keeps that name: nothing is written twice, what is new
// in the logs goes there, and verify lists the name.
func TestRenamed(t *testing.T) {
	logdir := t.TempDir()
	grow := func(losses, accuracies int) *plan.Plan {
		eventfiletest.Write(t, logdir, eventfiletest.Tree{
			"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", losses), "a/events.out.tfevents.2.h": eventfiletest.Curve("acc", accuracies),
			"b/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3)})
		return planOf(t, logdir)
	}
	for _, c := range []struct {
		name              string
		again, losses, ac int // again: points before the rename; then those of the grown logs
	}{{"same logs", 3, 3, 1}, {"grown", 3, 5, 1}, {"rows that get another tag", 3, 5, 4}} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), Project: "p"}
			p := grow(c.again, 1)
			write(t, p, o, plan.Created)
			rename(t, o, RunID(p.Runs[0]), "my best")
			query(t, o, fmt.Sprintf(`INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('%s', 'x', 'my best', 1, '{"f1":0.5}'),
('%[1]s', 'x', 'my best', 1, '{"loss":"as text"}')`, RunID(p.Runs[0])))
			for range 2 {
				listsName(t, p, o)
				p = grow(c.losses, c.ac)
				if result, err := Write(t.Context(), p, o); err != nil || !result.Good() {
					t.Fatalf("%+v, %v", result, err)
				}
				want := fmt.Sprintf("b|3|3 my best|%d|%d", c.losses+2, c.losses)
				if got := strings.Join(query(t, o, names), " "); got != want {
					t.Errorf("rows %q, want %q", got, want)
				}
			}
			listsName(t, p, o)
			write(t, p, o, plan.Skipped)
		})
	}
}

// listsName fails unless verify lists the new name and the metric as additions, and
// nothing else.
func listsName(t *testing.T, p *plan.Plan, o Options) {
	t.Helper()
	result, err := Verify(t.Context(), p, o)
	if err != nil || !result.Good() || result.Runs[0].Outcome != plan.Verified {
		t.Fatalf("%+v, %v", result.Runs[0], err)
	}
	var all []string
	for _, d := range result.Runs[0].Theirs {
		all = append(all, d.Added())
	}
	if got := strings.Join(all, "; "); got != `name was changed: my best; metric "f1": step 1, value 0.5 was added` {
		t.Errorf("additions: %s", got)
	}
}

// What people add in Trackio is listed, at steps that the logs have as well, and when
// these grow.
func TestAdditions(t *testing.T) {
	logdir := t.TempDir()
	grow := func(points int) *plan.Plan {
		eventfiletest.Write(t, logdir, eventfiletest.Tree{"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", points)})
		return planOf(t, logdir)
	}
	o := Options{Dir: t.TempDir(), Project: "p"}
	p := grow(3)
	write(t, p, o, plan.Created)
	for _, step := range []int{1, 4} {
		query(t, o, fmt.Sprintf(`INSERT INTO metrics (run_id, timestamp, run_name, step, metrics, log_id) VALUES ('%s', 'x', 'a', %d, '{"f1":0.5}', 'l%[2]d')`,
			RunID(p.Runs[0]), step))
	}
	for _, points := range []int{3, 6} {
		p = grow(points)
		if _, err := Write(t.Context(), p, o); err != nil {
			t.Fatal(err)
		}
		result, err := Verify(t.Context(), p, o)
		if err != nil || !result.Good() || len(result.Runs[0].Theirs) != 1 ||
			result.Runs[0].Theirs[0].Added() != `metric "f1": step 1, value 0.5 and 1 more were added` {
			t.Errorf("%d points: %+v, %v", points, result.Runs[0], err)
		}
	}
}

// Trackio replaces the config of a run that somebody resumes. Its params are those of
// the logs again, and theirs stay.
func TestResumed(t *testing.T) {
	p := planOf(t, logs+"/hparams/torch")
	o := Options{Dir: t.TempDir(), Project: "p"}
	write(t, p, o, plan.Created)
	id := RunID(p.Runs[0])
	query(t, o, `UPDATE configs SET config = CAST('{"note":[1,"x"],"lr":7,"_Username":null}' AS BLOB) WHERE run_id = '`+id+`'`)
	for range 2 { // the second time over what was kept
		result, err := Write(t.Context(), p, o)
		if err != nil || result.Runs[0].Outcome != plan.Grown {
			t.Fatalf("%+v, %v", result.Runs[0], err)
		}
		if result, err = Verify(t.Context(), p, o); err != nil || !result.Good() || len(result.Runs[0].Theirs) != 1 ||
			result.Runs[0].Theirs[0].Added() != `param "note": [1,"x"] was added` {
			t.Errorf("%+v, %v", result.Runs[0], err)
		}
		o.User = "another" // so that the config is written again
	}
	if got := query(t, o, "SELECT json_extract(config, '$.lr') FROM configs WHERE run_id = '"+id+"'"); got[0] == "7" {
		t.Error("a param of the logs is that of the resumed run")
	}
}

// TestRenamedPeers: what Trackio itself renames, with pictures and all kinds of
// values, is neither doubled nor another.
func TestRenamedPeers(t *testing.T) {
	python := peers.Python(t, peers.Trackio)
	for _, name := range []string{"my best", "a/b", "odd: 100%"} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, logs+"/kinds")
			o := Options{Dir: t.TempDir(), Project: "p", User: "me"}
			write(t, p, o, plan.Created)
			before := query(t, o, "SELECT count(*) FROM metrics")
			cmd := exec.Command(python, "-P", filepath.Join(peers.Root(t), "testdata", "peers", "trackio_edit.py"), "p", name, "1")
			cmd.Env = append(os.Environ(), "TRACKIO_DIR="+o.Dir, "HF_HOME="+t.TempDir())
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for range 2 {
				if _, err := Write(t.Context(), p, o); err != nil {
					t.Fatal(err)
				}
			}
			result, err := Verify(t.Context(), p, o)
			if err != nil || !result.Good() {
				t.Errorf("%+v, %v", result, err)
			}
			for _, r := range result.Runs {
				if len(r.Theirs) != 2 || r.Theirs[0].Got != name+r.Run.Name || r.Theirs[1].Key != "f1" {
					t.Errorf("%s: additions %+v", r.Run.Path, r.Theirs)
				}
			}
			if after := query(t, o, fmt.Sprintf("SELECT count(*) - %d FROM metrics", len(p.Runs))); after[0] != before[0] {
				t.Errorf("%s rows, and %s before", after, before)
			}
		})
	}
}
