// Package sqlmodeltest holds databases to what package sqlmodel promises.
package sqlmodeltest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/sinktest"
	"tbexport/convert/sqlmodel"
	"tbexport/eventfile"
	"tbexport/eventfile/eventfiletest"
)

// Open opens a place for tables by its name, and makes it where there is none.
// The database is closed with the test.
type Open func(t testing.TB, name string) sqlmodel.Database

// Logs are the logdir of the repository's own logs, from a package below convert.
const Logs = "../../testdata/logs"

// Plan plans the runs of a logdir.
func Plan(t testing.TB, logdir string) *plan.Plan {
	t.Helper()
	return plantest.Plan(t, plantest.Runs(t, logdir), sqlmodel.Rules(), plan.Options{Fold: true})
}

// Write writes all runs, and fails unless each has the outcome.
func Write(t testing.TB, d sqlmodel.Database, p *plan.Plan, want plan.Outcome) {
	t.Helper()
	result, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{})
	plantest.Written(t, result, err, want)
}

// Verify fails unless everything is there as in the logs.
func Verify(t testing.TB, d sqlmodel.Database, p *plan.Plan) {
	t.Helper()
	result, err := sqlmodel.Verify(t.Context(), d, p, sqlmodel.Options{})
	plantest.Verified(t, p, result, err)
}

// Read gives the points by run and tag, as the view scalars has them.
func Read(t testing.TB, d sqlmodel.Database) map[string]map[string][]plantest.Point {
	t.Helper()
	all := make(map[string]map[string][]plantest.Point)
	err := d.Transaction(t.Context(), "", func(tx sqlmodel.Tx) error {
		return tx.Query(t.Context(), func(scan func(...any) error) error {
			var run, tag string
			var p plantest.Point
			var wall, value *float64
			if err := scan(&run, &tag, &p.Step, &wall, &value); err != nil {
				return err
			}
			p.WallTime, p.Value = orNaN(wall), orNaN(value)
			if all[run] == nil {
				all[run] = make(map[string][]plantest.Point)
			}
			all[run][tag] = append(all[run][tag], p)
			return nil
		}, "SELECT run, tag, step, wall_time, value FROM scalars ORDER BY run_id, tag, seq")
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// Count gives the number that a query has.
func Count(t testing.TB, d sqlmodel.Database, query string) (n int64) {
	t.Helper()
	err := d.Transaction(t.Context(), "", func(tx sqlmodel.Tx) error {
		return tx.Query(t.Context(), func(scan func(...any) error) error { return scan(&n) }, query)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Exec runs a statement.
func Exec(t testing.TB, d sqlmodel.Database, statement string) {
	t.Helper()
	err := d.Transaction(t.Context(), "", func(tx sqlmodel.Tx) error { return tx.Exec(t.Context(), statement) })
	if err != nil {
		t.Fatal(err)
	}
}

// Run holds a database to all of it.
func Run(t *testing.T, open Open) {
	t.Run("logs", func(t *testing.T) { logs(t, open(t, "logs"), plantest.Runs(t, Logs)) })
	t.Run("odd names", func(t *testing.T) {
		p := plantest.Plan(t, sinktest.Logdir(t), sqlmodel.Rules(), plan.Options{Fold: true})
		d := open(t, "names")
		Write(t, d, p, plan.Created)
		Verify(t, d, p)
	})
	t.Run("edges", func(t *testing.T) { edges(t, open(t, "edges")) })
	t.Run("grown", func(t *testing.T) { grown(t, open(t, "grown")) })
	t.Run("two at once", func(t *testing.T) { twoAtOnce(t, open) })
	t.Run("ended", func(t *testing.T) { ended(t, open) })
	t.Run("verify", func(t *testing.T) { sees(t, open(t, "sees")) })
	t.Run("files", func(t *testing.T) { files(t, open(t, "files")) })
}

// files: rows get the paths of the files that images were extracted to, a run that has these already is skipped, and one
// that has others, or none, is written again.
func files(t *testing.T, d sqlmodel.Database) {
	dir := t.TempDir()
	image := []byte("no picture")
	eventfiletest.Write(t, dir, eventfiletest.Tree{"run/events.out.tfevents.1.h": eventfiletest.File(
		eventfiletest.Summary(1, 0, eventfiletest.Image("a", slices.Concat([]byte("\x22\x0a"), image))))})
	p := Plan(t, dir)
	Write(t, d, p, plan.Created)
	sum := sha256.Sum256(image)
	of := sqlmodel.FileOf{Form: convert.FormImages, Run: "run", Tag: "a"}
	extracted := t.TempDir()
	eventfiletest.Write(t, extracted, eventfiletest.Tree{"one": image, "other": image})
	for _, step := range []struct {
		name string
		want plan.Outcome
	}{{"one", plan.Grown}, {"one", plan.Skipped}, {"other", plan.Grown}, {"other", plan.Skipped}} {
		path := filepath.Join(extracted, step.name)
		files := sqlmodel.Files{of: {{Path: path, SHA256: hex.EncodeToString(sum[:])}}}
		result, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{Files: files})
		plantest.Written(t, result, err, step.want)
		if n := Count(t, d, "SELECT count(*) FROM media WHERE path = '"+path+"'"); n != 1 {
			t.Errorf("%s: %d rows", path, n)
		}
	}
	Write(t, d, p, plan.Skipped) // without files what is there stays
	Verify(t, d, p)
	for want, planned := range map[int]*plan.Plan{0: p, 1: new(plan.Plan)} {
		if others, err := sqlmodel.OtherFiles(t.Context(), d, planned); err != nil || len(others) != want {
			t.Errorf("others: %q, %v, want %d", others, err, want)
		}
	}
	if err := os.Remove(filepath.Join(extracted, "other")); err != nil {
		t.Fatal(err)
	}
	result, err := sqlmodel.Verify(t.Context(), d, p, sqlmodel.Options{})
	if err != nil || len(result.Runs[0].Differences) != 1 || result.Runs[0].Differences[0].What != "file" {
		t.Errorf("without its file: %+v, %v", result.Runs[0], err)
	}
}

// logs: every point of the logs is in the view as the reader gives it, and the
// second time changes nothing.
func logs(t *testing.T, d sqlmodel.Database, runs []eventfile.Run) {
	p := plantest.Plan(t, runs, sqlmodel.Rules(), plan.Options{})
	Write(t, d, p, plan.Created)
	Verify(t, d, p)
	got, points := Read(t, d), 0
	for run, tags := range plantest.Points(t, runs) {
		for tag, want := range tags {
			key := tag
			for _, c := range p.Changed {
				if c.From == tag && !c.Param {
					key = c.To
				}
			}
			there := got[run][key]
			if len(there) != len(want) {
				t.Errorf("%s %q: %d points, want %d", run, tag, len(there), len(want))
				continue
			}
			for i := range want {
				if fmt.Sprint(there[i]) != strings.ReplaceAll(fmt.Sprint(want[i]), " -0}", " 0}") &&
					fmt.Sprint(there[i]) != fmt.Sprint(want[i]) {
					t.Errorf("%s %q: %v, want %v", run, tag, there[i], want[i])
				}
			}
			points += len(want)
		}
	}
	if n := Count(t, d, "SELECT count(*) FROM point"); n != int64(points) || n < 5000 {
		t.Errorf("%d points there, want %d", n, points)
	}
	for _, table := range []string{"text", "histogram", "source_file", "param"} {
		if Count(t, d, "SELECT count(*) FROM "+table) == 0 {
			t.Errorf("nothing in %s", table)
		}
	}
	if n := Count(t, d, "SELECT count(*) FROM runs"); n != int64(len(p.Runs)) {
		t.Errorf("%d rows in runs, want %d", n, len(p.Runs))
	}
	Write(t, d, p, plan.Skipped)
	Verify(t, d, p)
}

// edges: what is there seldom.
func edges(t *testing.T, d sqlmodel.Database) {
	var many []eventfiletest.Event
	for i := range 2000 {
		many = append(many, eventfiletest.Summary(1, int64(i), eventfiletest.Scalar(fmt.Sprintf("m%d", i), float32(i))))
	}
	steps := []eventfiletest.Event{eventfiletest.Summary(0.1, 0, eventfiletest.Text("note", "a\x00b")),
		eventfiletest.Summary(0.2, 1, eventfiletest.Text("note\x00", "b"), eventfiletest.Text("sound", "c"),
			eventfiletest.Double("nan", math.NaN()))}
	for i, step := range []int64{5, 5, 3, -7, math.MaxInt64, math.MinInt64} {
		value := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1}[i]
		steps = append(steps, eventfiletest.Summary(1.1, step, eventfiletest.Double("Loss", value),
			eventfiletest.Double("loss", 1), eventfiletest.Double("nul\x00", 2)))
	}
	long := strings.Repeat("long/", 79) + "names" // 400
	p := Plan(t, eventfiletest.Logdir(t, eventfiletest.Tree{
		"many/events.out.tfevents.1.host.7.v2":            eventfiletest.File(many...),
		"steps/events.out.tfevents.1.a.b.7.0":             eventfiletest.File(steps...),
		long + "/events.out.tfevents.1.h":                 eventfiletest.Curve("loss", 2),
		"long tag/events.out.tfevents.1.h":                eventfiletest.Curve(incompressible(9000), 1),
		"many/more/events.out.tfevents.1700000000.host-2": eventfiletest.Curve("x", 1),
	}))
	measured, err := sqlmodel.Measure(t.Context(), p, 1, convert.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range result.Runs {
		said := measured.Runs[i]
		if wantNULs := map[string]int64{"steps": 2}[r.Run.Path]; r.NULs != wantNULs || said.NULs != wantNULs ||
			!maps.Equal(r.OtherRows, said.OtherRows) ||
			r.OtherRows["text"] != map[string]int64{"steps": 3}[r.Run.Path] {
			t.Errorf("%s: %+v, measured %+v", r.Run.Path, r, said)
		}
	}
	Verify(t, d, p)
	for query, want := range map[string]int64{
		"SELECT count(*) FROM metric WHERE name = 'Loss' AND last_step = 9223372036854775807 AND last_value < 1":       1,
		"SELECT count(*) FROM metric WHERE name = 'Loss' AND min_value < -1e308 AND max_value > 1e308":                 1,
		"SELECT count(*) FROM metric WHERE name = 'nan' AND last_step = 1 AND min_value IS NULL AND max_value IS NULL": 1,
		"SELECT count(*) FROM runs WHERE run = 'steps' AND last_step = 9223372036854775807":                            1,
		"SELECT count(*) FROM metric m JOIN run USING (run_id) WHERE path = 'many'":                                    2000,
		"SELECT count(*) FROM scalars WHERE run = 'steps' AND tag = 'Loss'":                                            6,
		"SELECT count(*) FROM run WHERE length(name) = 400":                                                            1,
		"SELECT count(*) FROM source_file WHERE host IN ('host', 'a.b', 'h', 'host-2')":                                5,
		"SELECT count(*) FROM text WHERE value = 'ab'":                                                                 1,
	} {
		if n := Count(t, d, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
}

// grown: a run keeps its id, and has what is in the logs, no more.
func grown(t *testing.T, d sqlmodel.Database) {
	logdir := t.TempDir()
	grow := func(losses int) *plan.Plan {
		eventfiletest.Write(t, logdir, eventfiletest.Tree{
			"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", losses),
			"b/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3)})
		return Plan(t, logdir)
	}
	Write(t, d, grow(3), plan.Created)
	id := Count(t, d, "SELECT run_id FROM run WHERE name = 'a'")
	for _, n := range []int{5, 2} {
		p := grow(n)
		result, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{})
		if err != nil || result.Runs[0].Outcome != plan.Grown || result.Runs[1].Outcome != plan.Skipped {
			t.Fatalf("%+v, %v", result.Runs, err)
		}
		Verify(t, d, p)
		if got := Count(t, d, "SELECT run_id FROM run WHERE name = 'a'"); got != id {
			t.Errorf("run_id %d, was %d", got, id)
		}
		if got := Count(t, d, "SELECT count(*) FROM point"); got != int64(n+3) {
			t.Errorf("%d points, want %d", got, n+3)
		}
	}
	p := grow(2)
	var exists *sqlmodel.ExistsError
	if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{Existing: sqlmodel.Fail}); !errors.As(err,
		&exists) || exists.ID != id {
		t.Errorf("fail: %v", err)
	}
	if r, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{Existing: sqlmodel.Replace}); err != nil ||
		r.Runs[1].Outcome != plan.Grown {
		t.Errorf("replace: %v", err)
	}
	Verify(t, d, p)
	Exec(t, d, "DELETE FROM run")
	if n := Count(t, d, "SELECT (SELECT count(*) FROM point) + (SELECT count(*) FROM metric)"); n != 0 {
		t.Errorf("%d rows of no run", n)
	}
}

func twoAtOnce(t *testing.T, open Open) {
	p := Plan(t, Logs)
	var all sync.WaitGroup
	var errs [2]error
	for i := range errs {
		d, own := open(t, "two"), Plan(t, Logs)
		all.Go(func() { _, errs[i] = sqlmodel.Write(t.Context(), d, own, sqlmodel.Options{}) })
	}
	all.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	d := open(t, "two")
	Verify(t, d, p)
	if n := Count(t, d, "SELECT count(*) FROM point"); n != p.Totals().Points {
		t.Errorf("%d points, want %d", n, p.Totals().Points)
	}
}

// ended: a writing that ends at any moment leaves whole runs, and the next one
// completes them.
func ended(t *testing.T, open Open) {
	p := Plan(t, Logs)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(60*time.Millisecond))))
		_, err := sqlmodel.Write(ctx, open(t, "ended"), p, sqlmodel.Options{})
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
	d := open(t, "ended")
	if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{}); err != nil {
		t.Fatal(err)
	}
	Verify(t, d, p)
	if n := Count(t, d, "SELECT count(*) FROM point"); n != p.Totals().Points {
		t.Errorf("%d points, want %d", n, p.Totals().Points)
	}
}

// sees: Verify finds what is other, missing or too much.
func sees(t *testing.T, d sqlmodel.Database) {
	p := Plan(t, Logs+"/hparams/keras-callback")
	result, err := sqlmodel.Verify(t.Context(), d, p, sqlmodel.Options{})
	if err != nil || result.Good() || result.Runs[0].Outcome != plan.Missing {
		t.Errorf("empty: %+v, %v", result.Runs[0], err)
	}
	Write(t, d, p, plan.Created)
	countsPoints(t, d, p)
	for change, want := range map[string]string{
		"UPDATE point SET step = step + 1000000 WHERE seq = 0":                          "metric",
		"UPDATE point SET value = value + 1 WHERE seq = 1":                              "metric",
		"DELETE FROM point WHERE seq = 1":                                               "metric",
		"INSERT INTO point SELECT metric_id, seq + 1000, step, wall_time, 1 FROM point": "metric",
		"UPDATE run SET name = 'other'":                                                 "name",
		"UPDATE param SET name = 'other' || name":                                       "param",
		"UPDATE run SET experiment = 'other'":                                           "experiment",
		"UPDATE run SET group_name = 'other'":                                           "group",
		"UPDATE metric SET last_value = last_value + 1":                                 "metric",
		"UPDATE metric SET min_value = NULL":                                            "metric",
		"UPDATE source_file SET bytes = 1":                                              "source files",
	} {
		Exec(t, d, change)
		result, err := sqlmodel.Verify(t.Context(), d, p, sqlmodel.Options{})
		if err != nil || result.Good() || len(result.Runs[0].Differences) == 0 ||
			result.Runs[0].Differences[0].What != want {
			t.Errorf("%s: %+v, %v", change, result.Runs[0], err)
		}
		if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{Existing: sqlmodel.Replace}); err != nil {
			t.Fatal(err)
		}
		Verify(t, d, p)
	}
}

// countsPoints: Verify says how many points of a metric are missing or there only,
// wherever they stand.
func countsPoints(t *testing.T, d sqlmodel.Database, p *plan.Plan) {
	const first = " WHERE metric_id = (SELECT min(metric_id) FROM metric)"
	for _, c := range []struct {
		change            string
		notThere, notHere int64
	}{
		{"DELETE FROM point" + first + " AND seq = 0", 1, 0},
		{"INSERT INTO point SELECT metric_id, -1, step, wall_time, 7 FROM point" + first + " AND seq = 1", 0, 1},
		{"UPDATE point SET value = 7" + first + " AND seq = 1", 1, 1},
		{"UPDATE point SET seq = seq + 1000" + first + " AND seq = 1", 0, 0},
		{"DELETE FROM point" + first, 2, 0},
	} {
		Exec(t, d, c.change)
		result, err := sqlmodel.Verify(t.Context(), d, p, sqlmodel.Options{})
		var all []plan.Difference
		for _, r := range result.Runs {
			all = append(all, r.Differences...)
		}
		if err != nil || len(all) != 1 || all[0].NotThere != c.notThere || all[0].NotHere != c.notHere ||
			(all[0].Expected == "") != (c.notThere == 0 && c.notHere > 0) ||
			(all[0].Got == "") != (c.notHere == 0 && c.notThere > 0) {
			t.Errorf("%s: %v, %v", c.change, all, err)
		}
		if _, err := sqlmodel.Write(t.Context(), d, p, sqlmodel.Options{Existing: sqlmodel.Replace}); err != nil {
			t.Fatal(err)
		}
	}
}

// incompressible is a text that no database makes shorter.
func incompressible(n int) string {
	r, b := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
	for i := range b {
		b[i] = byte('!' + r.IntN(94))
	}
	return string(b)
}
