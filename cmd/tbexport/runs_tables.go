package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/convert/table"
	"tbexport/internal/match"
	"tbexport/internal/ui"
)

// The tables that an export can write.
const (
	tableScalars = "scalars"
	tableHParams = "hparams"
	tableRuns    = "runs"
	tableAll     = "all"
)

// The columns of --wide.
const (
	wideTags   = "tag"     // one a tag
	wideCurves = "run/tag" // one a run and tag
)

func addWide(f *pflag.FlagSet, columns *string) {
	f.StringVar(columns, "wide", "", "a row for each run and step, and a column for each tag; as --wide=run/tag, a "+
		"row for each step and a column for each run and tag: these are the `COLUMNS`")
	f.Lookup("wide").NoOptDefVal = wideTags
}

// unitPoint is what is counted of tables of points.
const unitPoint = "point"

// tableFlags choose what of the logs an export writes.
type tableFlags struct {
	table string // names, with commas
	specs []table.Spec
	// silent are tables that are not written, but their files are.
	silent []table.Spec
	files  bool // a file a table, in a directory
	runsFlags
	query queryFlags
	notes []string // lines about columns that were asked for
}

// runsFlags are those of the runs table.
type runsFlags struct {
	noFold    bool
	summaries string
}

func (t *tableFlags) add(f *pflag.FlagSet) {
	f.StringVar(&t.table, "table", "", "one of these `TABLES`; with -o DIR/ several, with commas, or all that have "+
		"a\nrow. scalars: a row a point (the default); hparams: a row an hparam of a run;\n"+
		"runs: a row a run, with its hparams and last metrics, as mlflow.search_runs\n"+
		"has them; text, histograms, images, audio, pr_curves, meshes, tensors,\n"+
		"graphs, layouts: a row an item of a value; tags; events: what no other has")
	t.runsFlags.add(f)
	t.query.add(f, " of the runs table")
}

func (r *runsFlags) add(f *pflag.FlagSet) {
	f.StringVar(&r.summaries, "metric-summary", "", "columns for each metric of the runs table beside its last "+
		"value: a `LIST`\nof min, max, mean, best_step (where it was lowest), max_step")
	f.BoolVar(&r.noFold, "no-fold-hparams", false, "a row for every run in the runs table, also where add_hparams of "+
		"PyTorch or\nKeras wrote a part of another run")
}

// options reads the flags.
func (r *runsFlags) options() (o table.RunsOptions, err error) {
	o.NoFold = r.noFold
	if r.summaries != "" {
		if o.Summaries, err = table.ParseSummaries(r.summaries); err != nil {
			return o, usagef("--metric-summary %v", err)
		}
	}
	return o, nil
}

// checkTables settles the tables, and refuses flags that are not for them.
func (v *exportVerb) checkTables(e *exportFlags) error {
	t := &e.tables
	n := len(e.output)
	t.files = n > 0 && os.IsPathSeparator(e.output[n-1]) && !v.isPartition()
	if err := t.read(v.wideTable()); err != nil {
		return err
	}
	if (v.isWide() || v.isPartition()) && t.table != "" && t.table != tableScalars {
		return usagef("--wide and --partition-by are of the scalars table")
	}
	if len(t.specs) > 1 && !t.files {
		return usagef("--table %s: several tables go to a file each: give -o DIR/", t.table)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(t.specs, func(s table.Spec) bool { return s.Name == name })
	}
	switch {
	case t.noFold && !has(tableRuns) && !has(tableHParams):
		return usagef("--no-fold-hparams is of the runs and hparams tables: give --table runs or hparams")
	case t.summaries != "" && !has(tableRuns):
		return usagef("--metric-summary is of the runs table: give --table runs")
	case !has(tableRuns) && t.query.given():
		return usagef("--filter, --sort, --columns and --limit are of the runs table: give --table runs")
	case e.relative && !has(tableScalars):
		return usagef("--relative-time is of the scalars table")
	case e.time != "seconds" && len(t.specs) == 1 && (has(tableHParams) || has(tableRuns)):
		return usagef("--time is of tables that have steps")
	case e.selection.sample > 0 && has(tableRuns):
		return usagef("--sample would leave points out that the runs table sums up")
	}
	_, err := t.options()
	if err == nil {
		_, err = t.query.read()
	}
	return err
}

// wideTable is the table that --wide asks for; nil without it.
func (v *exportVerb) wideTable() []table.Spec {
	switch {
	case !v.isWide():
		return nil
	case *v.wide == wideCurves:
		return one(table.Curves(), true)
	}
	return one(table.Wide(), true)
}

// read settles which tables are meant.
func (t *tableFlags) read(wide []table.Spec) error {
	switch {
	case wide != nil:
		t.specs = wide
	case t.table == tableAll:
		t.specs = table.All()
	case t.table == "" && t.files:
		t.specs = table.Usual()
	case t.table == "":
		t.specs = one(table.Find(tableScalars))
	default:
		t.specs = nil
		for _, name := range strings.Split(t.table, ",") {
			spec, ok := table.Find(strings.TrimSpace(name))
			if !ok {
				return noTable(name, tableNames())
			}
			if !slices.ContainsFunc(t.specs, func(s table.Spec) bool { return s.Name == spec.Name }) {
				t.specs = append(t.specs, spec)
			}
		}
	}
	return nil
}

// reads are the tables that something is written of.
func (v *exportVerb) reads(e *exportFlags) []table.Spec {
	return slices.Concat(e.tables.specs, e.tables.silent)
}

// tables are those that are written.
func (v *exportVerb) tables(e *exportFlags) []table.Spec { return e.tables.specs }

// hasKinds reports whether there is a table of what is no scalar.
func (v *exportVerb) hasKinds(e *exportFlags) bool {
	return slices.ContainsFunc(v.reads(e), func(t table.Spec) bool {
		return t.Name != table.Wide().Name &&
			!slices.ContainsFunc(table.Usual(), func(u table.Spec) bool { return u.Name == t.Name })
	})
}

func one(t table.Spec, _ bool) []table.Spec { return []table.Spec{t} }

// noTable refuses the name of a table that is none of those that are wanted.
func noTable(name string, names []string) error {
	want := oneOf(append(slices.Clone(names), tableAll))
	if nearest := match.Nearest(name, names, 1); len(nearest) > 0 {
		return usagef("--table %s: want %s; did you mean %s?", name, want, nearest[0])
	}
	return usagef("--table %s: want %s", name, want)
}

// tableNames are the names of all tables.
func tableNames() []string { return namesOf(table.All()) }

func namesOf(tables []table.Spec) (names []string) {
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return names
}

// sink makes the sink of the tables.
func (v *exportVerb) sink(ctx context.Context, c console, e *exportFlags, args []string,
	from table.Source) (convert.Sink, error) {
	return v.filesSink(ctx, e, from, func(files *extract.Dir) (convert.Sink, error) {
		return v.tablesSink(ctx, c, e, args, from, files)
	})
}

// tablesSink makes that of the tables, whose files go to a directory; nil: to none.
func (v *exportVerb) tablesSink(ctx context.Context, c console, e *exportFlags, args []string, from table.Source,
	files *extract.Dir) (convert.Sink, error) {
	open, err := v.open(e, args)
	if err != nil {
		return nil, err
	}
	o, err := v.tableOptions(e)
	if err != nil {
		return nil, err
	}
	o.Extract = files
	var tables []table.Table
	for _, spec := range v.tables(e) {
		t, err := spec.New(ctx, from, o)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	switch {
	case v.isPartition():
		dir, err := e.createDir()
		if err != nil {
			return nil, err
		}
		return table.NewPartitionSink(dir, tables[0], "part-0"+v.format().Extension(), open), nil
	case e.tables.files:
		dir, err := e.createDir()
		if err != nil {
			return nil, err
		}
		return table.NewDirSink(dir, tables, v.format().Extension(), open)
	}
	file, err := v.create(c, e)
	if err != nil {
		return nil, err
	}
	return table.NewFileSink(tables[0], file, open), nil
}

// tableOptions are what the flags say of tables.
func (v *exportVerb) tableOptions(e *exportFlags) (o table.Options, err error) {
	o.MaxRows, o.MaxLongRows = v.format().Rows(), v.format().LongRows()
	o.Scalars = table.ScalarsOptions{Timestamp: e.time == "timestamp", RelativeTime: e.relative, NoRun: v.isPartition()}
	if o.Runs, err = e.tables.options(); err != nil || !e.tables.query.given() {
		return o, err
	}
	query, err := e.tables.query.read()
	o.ChooseRuns = func(runs *table.Runs) (rows, columns []int, err error) {
		rows, columns, err = query.choose(runs)
		e.tables.notes = query.notes
		return rows, columns, err
	}
	return o, err
}

// only reports whether no table but this one was written.
func (s *summary) only(name string) bool { return len(s.tables) == 1 && s.tables[0].Name == name }

// count is how many there are in a table of what people count.
func (s *summary) count(t table.Spec) int64 {
	if t.Unit == unitPoint && t.Name != tableScalars {
		return s.totals.Written
	}
	return s.report.Result.Rows[t.Name]
}

// written counts what is in the tables.
func (s *summary) written() string {
	var words []string
	for _, t := range s.tables {
		if n := s.count(t); n > 0 || len(s.tables) == 1 || !table.IsOfKinds(t) {
			words = append(words, ui.Counted(n, t.Unit))
		}
	}
	last := len(words) - 1
	switch {
	case last < 0:
		return "nothing"
	case last == 0:
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// hasPoints reports whether points are in the tables.
func (s *summary) hasPoints() bool {
	return slices.ContainsFunc(s.tables, func(t table.Spec) bool { return t.Unit == unitPoint })
}

// hparamsNotes are lines about hparams that were not taken over as they stand,
// and about runs that are a part of others.
func (s *summary) hparamsNotes() []string {
	var l noteLines
	h := &s.totals.HParams
	if len(s.tables) == 0 || s.only(tableScalars) || s.only(table.Wide().Name) {
		const advice = " not in the scalars table (--table hparams or runs, or -o DIR/ for all tables)"
		l.add(h.Records, "1 hparams record is"+advice, "%s hparams records are"+advice)
	}
	const version = " a version other than 0, which is not defined: not read"
	l.add(h.OtherVersions, "1 hparams record has"+version, "%s hparams records have"+version)
	l.add(h.Misplaced, "1 hparams record is not what its tag says: not used",
		"%s hparams records are not what their tag says: not used")
	l = append(l, changeNotes(s.report.Runs, s.hparams)...)
	l.add(h.EndWithoutStart, "1 run has the end of a session and no start",
		"%s runs have the end of a session and no start")
	l.add(h.RepeatedNames, "1 hparam stands twice in its record: the last is used",
		"%s hparams stand twice in their record: the last is used")
	l.add(h.Renamed, "1 hparam has a name that is not UTF-8: each bad byte became U+FFFD",
		"%s hparams have a name that is not UTF-8: each bad byte became U+FFFD")
	return append(l, foldNotes(&s.report.Result)...)
}

// foldNotes tell of the runs that have no row, or might have none.
func foldNotes(r *convert.Result) (lines []string) {
	torch, keras := 0, 0
	for _, f := range r.Folded {
		if f.Session {
			keras++
		} else {
			torch++
		}
	}
	if torch > 0 {
		lines = append(lines, fmt.Sprintf("%s written by add_hparams: part of the run above (--no-fold-hparams keeps "+
			"them apart)", ui.Counted(int64(torch), "run")))
	}
	if keras > 0 {
		lines = append(lines, fmt.Sprintf("%s below a session: part of its row as metrics.RUN/TAG (--no-fold-hparams "+
			"keeps them apart)", ui.Counted(int64(keras), "run")))
	}
	if r.NotFolded > 0 {
		lines = append(lines, fmt.Sprintf("%s named after a time with hparams only: kept apart, since the run above "+
			"has several", ui.Counted(int64(r.NotFolded), "run")))
	}
	return lines
}
