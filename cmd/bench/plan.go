package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A plan is what is to be measured.
type plan struct {
	workshop    *workshop
	comparisons []comparison
	memory      []memoryCheck
	growth      []growth
}

// A comparison sets tbexport beside another program.
type comparison struct {
	name, what  string
	logdirs     []logdir
	ours, other program
	// faster says that the bar is how many times as fast as the other tbexport
	// is at least; else it is how much of the other's time it takes at most.
	faster   bool
	bar, aim float64 // 0: none
	peers    bool    // the other comes from PyPI
}

// A memoryCheck bounds what an export to Parquet takes.
type memoryCheck struct {
	name   string
	logdir logdir
	limit  int64 // MiB
}

// newPlan has everything that names name; all, if there are none.
func newPlan(l logdirs, w *workshop, names []string) (*plan, error) {
	p := &plan{workshop: w, comparisons: comparisons(l, w), memory: []memoryCheck{
		{"memory-B", l.b, 256},
		{"memory-F", l.f, 512},
		{"memory-G", l.g, 512},
	}, growth: growths(l.a)}
	if len(names) == 0 {
		return p, nil
	}
	known := p.names()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no measurement is named %s; there are %s", name, strings.Join(known, ", "))
		}
	}
	unwanted := func(name string) bool { return !slices.Contains(names, name) }
	p.comparisons = slices.DeleteFunc(p.comparisons, func(c comparison) bool { return unwanted(c.name) })
	p.memory = slices.DeleteFunc(p.memory, func(m memoryCheck) bool { return unwanted(m.name) })
	p.growth = slices.DeleteFunc(p.growth, func(g growth) bool { return unwanted(g.name) })
	return p, nil
}

// comparisons are those of the project's speed goals.
func comparisons(l logdirs, w *workshop) []comparison {
	return []comparison{
		{
			name: "decode", what: "B to nowhere, against the limit program", logdirs: []logdir{l.b},
			ours: command("bench nowhere", nil, w.self, "nowhere", l.b.path(w.dir)), other: w.limit(l.b),
			bar: 4, aim: 3,
		}, {
			name: "verify", what: "verify B, against the limit program", logdirs: []logdir{l.b},
			ours: w.verify(l.b), other: w.limit(l.b),
			bar: 2,
		}, {
			name: "ls", what: "ls B, against verify B", logdirs: []logdir{l.b},
			ours: command("tbexport ls", nil, w.tbexport, "ls", l.b.path(w.dir)), other: w.verify(l.b),
			bar: 1,
		}, {
			name: "parquet", what: "B to Parquet, against the limit program", logdirs: []logdir{l.b},
			ours: w.parquet(l.b), other: w.limit(l.b),
			bar: 8, aim: 5,
		}, {
			name: "server", what: "B to Parquet, against the data server's load cycle", logdirs: []logdir{l.b},
			ours: w.parquet(l.b), other: w.dataServer(l.b),
			faster: true, bar: 4, aim: 8, peers: true,
		}, {
			name: "tblike", what: "A to Parquet, against tb-like", logdirs: []logdir{l.a},
			ours: w.parquet(l.a), other: w.tblike(l.a),
			faster: true, bar: 30, aim: 50, peers: true,
		}, {
			name: "tbparse", what: "A to Parquet, against tbparse", logdirs: []logdir{l.a},
			ours: w.parquet(l.a), other: command("tbparse", nil,
				w.script("tbparse_parquet.py", l.a.path(w.dir), w.out("tbparse.parquet"))...),
			faster: true, bar: 150, aim: 250, peers: true,
		}, {
			name: "accumulator", what: "A to Parquet, against TensorBoard's EventAccumulator", logdirs: []logdir{l.a},
			ours:   w.parquet(l.a),
			other:  command("EventAccumulator", nil, w.script("accumulator.py", l.a.path(w.dir))...),
			faster: true, peers: true,
		}, {
			name: "trackio", what: "A into Trackio, against its own importer, which is to take at least 50x the " +
				"processor time", logdirs: []logdir{l.a},
			ours: w.trackio(l.a), other: command("trackio.import_tf_events", w.removeOut("trackio-import"),
				w.script("trackio_import.py", l.a.path(w.dir), w.out("trackio-import"))...),
			faster: true, peers: true,
		}, {
			name: "csv", what: "B to CSV, against pandas' to_csv alone", logdirs: []logdir{l.b},
			ours: w.export("csv", l.b), other: w.pandasCSV(l.b),
			faster: true, bar: 10, aim: 20, peers: true,
		}, {
			name: "tensors", what: "C to Parquet, against A to Parquet", logdirs: []logdir{l.c, l.a},
			ours: w.parquet(l.c), other: w.parquet(l.a),
			bar: 1.5,
		}, {
			name: "images", what: "D to Parquet, against the limit program", logdirs: []logdir{l.d},
			ours: w.parquet(l.d), other: w.limit(l.d),
			bar: 1.3,
		}, {
			name: "pictures", what: "the images of H to Parquet, against copying H with its CRCs checked",
			logdirs: []logdir{l.h},
			ours:    w.parquet(l.h, "--table", "images"), other: w.copy(l.h),
			bar: 2,
		}, {
			name: "runs", what: "E to Parquet, against the limit program", logdirs: []logdir{l.e},
			ours: w.parquet(l.e), other: w.limit(l.e),
			bar: 4,
		},
	}
}

func (w *workshop) limit(l logdir) program {
	return command("limit", nil, w.self, "limit", l.path(w.dir))
}

// copy writes a new file, as an export does.
func (w *workshop) copy(l logdir) program {
	return command("copy", w.removeOut("copy"), w.self, "copy", l.path(w.dir), w.out("copy"))
}

func (w *workshop) verify(l logdir) program {
	return command("tbexport verify", nil, w.tbexport, "verify", l.path(w.dir))
}

func (w *workshop) parquet(l logdir, args ...string) program { return w.export("parquet", l, args...) }

// export is tbexport writing a new file.
func (w *workshop) export(verb string, l logdir, args ...string) program {
	out := l.letter + "." + verb
	argv := []string{w.tbexport, verb, l.path(w.dir), "-o", w.out(out), "--quiet"}
	return command("tbexport "+verb, w.removeOut(out), append(argv, args...)...)
}

// trackio is tbexport making a new project.
func (w *workshop) trackio(l logdir) program {
	return command("tbexport trackio", w.removeOut("trackio"), w.tbexport, "trackio", l.path(w.dir),
		"--trackio-dir", w.out("trackio"), "--project", "p", "--quiet")
}

// dataServer loads everything, like tbexport: all samples, checking CRCs.
func (w *workshop) dataServer(l logdir) program {
	return program{"data server", func(ctx context.Context) (outcome, error) {
		_, path, err := execute(ctx,
			[]string{w.python(), "-c", "import tensorboard_data_server as s; print(s.server_binary())"})
		if err != nil {
			return outcome{}, err
		}
		return untilLine("data server", "Finished load cycle", strings.TrimSpace(path),
			"--logdir", l.path(w.dir), "--checksum", "--samples-per-plugin", "scalars=all",
			"--reload", "once", "--verbose", "--port", "0").run(ctx)
	}}
}

// tblike is tb-like's pass over a folder of runs.
func (w *workshop) tblike(l logdir) program {
	return command("tb-like", w.removeOut("tblike"), w.script("tblike_convert.py", l.path(w.dir), w.out("tblike"))...)
}

// pandasCSV writes what tbexport exported before, and times to_csv without the
// reading and without Python's start.
func (w *workshop) pandasCSV(l logdir) program {
	return program{"pandas to_csv", func(ctx context.Context) (outcome, error) {
		rows := w.out("pandas.parquet")
		if _, _, err := execute(ctx,
			[]string{w.tbexport, "parquet", l.path(w.dir), "-o", rows, "--overwrite", "--quiet"}); err != nil {
			return outcome{}, err
		}
		o, printed, err := execute(ctx, w.script("pandas_csv.py", rows, w.out("pandas.csv")))
		if err != nil {
			return outcome{}, err
		}
		o.seconds, err = strconv.ParseFloat(strings.TrimSpace(printed), 64)
		return o, err
	}}
}

// script is the command line of one of the scripts in peers.
func (w *workshop) script(name string, args ...string) []string {
	return append([]string{w.python(), filepath.Join(w.dir, "peers", name)}, args...)
}

func (p *plan) names() (names []string) {
	for _, c := range p.comparisons {
		names = append(names, c.name)
	}
	for _, m := range p.memory {
		names = append(names, m.name)
	}
	for _, g := range p.growth {
		names = append(names, g.name)
	}
	return names
}

// prepare makes everything that the plan needs, and reads every file once.
func (p *plan) prepare(ctx context.Context) error {
	w := p.workshop
	var dirs []logdir
	peers := false
	for _, c := range p.comparisons {
		dirs = append(dirs, c.logdirs...)
		peers = peers || c.peers
	}
	for _, m := range p.memory {
		dirs = append(dirs, m.logdir)
	}
	for _, g := range p.growth {
		dirs = append(dirs, g.logdirs...)
	}
	if err := w.makeLogdirs(dirs); err != nil {
		return err
	}
	if err := w.build(ctx); err != nil {
		return err
	}
	if peers {
		if err := w.install(ctx); err != nil {
			return err
		}
	}
	for _, l := range dirs {
		if _, err := w.limit(l).run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// run measures, and prints each table when it is complete.
func (p *plan) run(ctx context.Context, out io.Writer, rounds int) error {
	if len(p.comparisons) > 0 {
		if err := compare(ctx, out, p.comparisons, rounds); err != nil {
			return err
		}
	}
	if len(p.memory) > 0 {
		if err := checkMemory(ctx, out, p.workshop, p.memory); err != nil {
			return err
		}
	}
	for _, g := range p.growth {
		if err := g.measure(ctx, out, p.workshop, rounds); err != nil {
			return err
		}
	}
	return nil
}
