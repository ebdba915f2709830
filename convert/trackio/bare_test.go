package trackio

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
	"tbexport/eventfile/eventfiletest"
)

// contents are the rows, configs and indexes of a file.
func contents(t testing.TB, o Options) string {
	t.Helper()
	var all []string
	for _, text := range []string{everything, "SELECT run_id, run_name, config, created_at FROM configs ORDER BY run_id",
		"SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
		"SELECT log_id FROM metrics INDEXED BY idx_metrics_log_id WHERE log_id IS NOT NULL ORDER BY log_id",
		"PRAGMA integrity_check"} {
		all = append(all, query(t, o, text)...)
	}
	return strings.Join(all, "\n")
}

// held is planOf with points that are not read again.
func held(t testing.TB, logdir string, most int64) *plan.Plan {
	t.Helper()
	return plantest.Plan(t, plantest.Runs(t, logdir), Rules(), plan.Options{Fold: true, Media: rows.MediaForms(), Hold: most})
}

// A new file, whose indexes are made when all rows are in it, of points that were held
// holds what one holds that has them from the start, of points that were read again.
func TestBareFile(t *testing.T) {
	for _, logdir := range []string{logs, logs + "/sample"} {
		bare, indexed := Options{Dir: t.TempDir(), Project: "p"}, Options{Dir: t.TempDir(), Project: "p"}
		query(t, indexed, schema+indexes)
		write(t, held(t, logdir, 1<<20), bare, plan.Created)
		write(t, planOf(t, logdir), indexed, plan.Created)
		if got, want := contents(t, bare), contents(t, indexed); got != want {
			t.Errorf("%s: %d bytes of contents, want %d", logdir, len(got), len(want))
		}
	}
}

// Others write to a file that has no indexes yet: it gets them, and nothing of
// theirs is lost or doubled. So does one that a killed process left without.
func TestBareFileOfOthers(t *testing.T) {
	logdir := t.TempDir()
	eventfiletest.Write(t, logdir, eventfiletest.Tree{"a/events.out.tfevents.1.h": eventfiletest.Curve("loss", 3),
		"b/events.out.tfevents.1.h": eventfiletest.Curve("loss", 5)})
	p := planOf(t, logdir)
	const theirs = "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('other', 'x', 'other', 1, '{}')"
	first := *p
	first.Runs = p.Runs[:1]
	for name, between := range map[string]func(Options, *database){
		"a row":       func(o Options, d *database) { query(t, o, theirs) },
		"the other":   func(o Options, d *database) { write(t, &first, o, plan.Created) },
		"both":        func(o Options, d *database) { write(t, p, o, plan.Created) },
		"the indexes": func(o Options, d *database) { query(t, o, indexes) },
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), Project: "p"}
			d, err := open(t.Context(), o.Dir, o.Project, toWrite)
			if err != nil || !d.bare {
				t.Fatalf("bare %v, %v", d.bare, err)
			}
			between(o, d)
			w := &writer{plan: p, options: o, database: d}
			for _, r := range p.Runs {
				if err := w.run(t.Context(), &plan.RunResult{Run: r}); err != nil {
					t.Fatal(err)
				}
			}
			if d.bare {
				t.Error("still without indexes")
			}
			if err := d.close(toWrite); err != nil {
				t.Fatal(err)
			}
			verify(t, p, o)
			if got := query(t, o, "SELECT count(*) FROM metrics WHERE run_id <> 'other'"); got[0] != "8" {
				t.Errorf("%s rows", got)
			}
			contents(t, o)
		})
	}
	t.Run("killed", func(t *testing.T) {
		o := Options{Dir: t.TempDir(), Project: "p"}
		query(t, o, schema)
		result, err := Write(t.Context(), &first, o)
		if err != nil || !result.Good() {
			t.Fatalf("%+v, %v", result, err)
		}
		write(t, &first, o, plan.Skipped)
		contents(t, o)
	})
}

// FuzzClock: a clock shows a time as timestamp does, whatever it showed before.
func FuzzClock(f *testing.F) {
	for _, seconds := range []float64{0, 1.7e9, -1.25, 1e300, -1e300, math.Inf(1), math.NaN(), 253_402_300_799.9999999, -62_135_596_800, 1e-7, 86399.9999996} {
		f.Add(seconds, 1.5)
	}
	f.Fuzz(func(t *testing.T, seconds, more float64) {
		var c clock
		for _, s := range []float64{seconds, seconds + more, seconds} {
			want, moved := timestamp(s)
			if got, m := c.append([]byte("x"), s); string(got) != "x"+want || m != moved {
				t.Errorf("%v: %s %v, want %s %v", s, got, m, want, moved)
			}
		}
	})
}

// BenchmarkWrite: 200,000 points in ten runs, with the reading of the logs: into a new
// file, with points that are held or read again, and into one that has its indexes; of
// ten tags a row, and of one.
func BenchmarkWrite(b *testing.B) {
	for _, tags := range []int{10, 1} {
		logdir := benchLogs(b, 10, tags, 20_000/tags)
		for _, c := range []struct {
			name, made string
			hold       int64
		}{{"held", "", 1 << 20}, {"again", "", 0}, {"indexed", schema + indexes, 0}} {
			b.Run(fmt.Sprintf("%d-tags/%s", tags, c.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					o := Options{Dir: b.TempDir(), Project: "p"}
					if c.made != "" {
						query(b, o, c.made)
					}
					write(b, held(b, logdir, c.hold), o, plan.Created)
				}
				b.ReportMetric(float64(b.N)*200_000/b.Elapsed().Seconds(), "points/s")
			})
		}
	}
}

// benchLogs makes runs of noisy curves.
func benchLogs(b *testing.B, runs, tags, steps int) string {
	b.Helper()
	random, dir, tree := rand.New(rand.NewPCG(1, 1)), b.TempDir(), make(eventfiletest.Tree)
	for run := range runs {
		events := []eventfiletest.Event{eventfiletest.Version(1.7e9)}
		for step := range steps {
			for tag := range tags {
				value := eventfiletest.Scalar(fmt.Sprintf("train/metric_%d", tag), random.Float32())
				events = append(events, eventfiletest.Summary(1.7e9+float64(step)/10, int64(step), value))
			}
		}
		tree[fmt.Sprintf("run_%d/events.out.tfevents.1.h", run)] = eventfiletest.File(events...)
	}
	eventfiletest.Write(b, dir, tree)
	return dir
}
