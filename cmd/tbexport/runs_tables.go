package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/eventfile"
)

// runsTextRows is the rows of a record of the runs table that becomes text:
// they may be long.
const runsTextRows = 256

// The tables that an export can write.
const (
	tableScalars = "scalars"
	tableHParams = "hparams"
	tableRuns    = "runs"
	tableAll     = "all" // into a directory, from -o DIR/
)

// tableFlags choose what of the logs an export writes.
type tableFlags struct {
	table string
	runsFlags
}

// runsFlags are those of the runs table.
type runsFlags struct {
	noFold    bool
	summaries string
}

func (t *tableFlags) add(f *pflag.FlagSet) {
	f.StringVar(&t.table, "table", "", "scalars: a row a point (the default); hparams: a row an hparam of a run; runs:\na row a run, with its hparams and last metrics, as mlflow.search_runs has them")
	t.runsFlags.add(f)
}

func (r *runsFlags) add(f *pflag.FlagSet) {
	f.StringVar(&r.summaries, "metric-summary", "", "columns for each metric of the runs table beside its last value: a `LIST`\nof min, max, mean, best_step (where it was lowest), max_step")
	f.BoolVar(&r.noFold, "no-fold-hparams", false, "a row for every run in the runs table, also where add_hparams of PyTorch or\nKeras wrote a part of another run")
}

// options reads the flags.
func (r *runsFlags) options() (o table.RunsOptions, err error) {
	o.NoFold = r.noFold
	if r.summaries != "" {
		if o.Summaries, err = table.ParseSummaries(r.summaries); err != nil {
			return o, usagef("--metric-summary: %v", err)
		}
	}
	return o, nil
}

// onlyScalars reports whether the scalars table is the only one to be written.
func (t *tableFlags) onlyScalars() bool { return t.table == "" || t.table == tableScalars }

// narrow reads no more than the table needs.
func (t *tableFlags) narrow(o *eventfile.RunOptions) {
	if t.table == tableHParams {
		o.Tags = func(string) bool { return false }
	}
}

// checkTables settles the tables, and refuses flags that are not for them.
func (f *format) checkTables(e *exportFlags) error {
	t := &e.tables
	if n := len(e.output); n > 0 && os.IsPathSeparator(e.output[n-1]) && t.table == "" && !f.isPartition() {
		t.table = tableAll
	}
	switch t.table {
	case "", tableScalars:
		if t.noFold || t.summaries != "" {
			return usagef("--no-fold-hparams and --metric-summary are of the runs table: give --table runs")
		}
		return nil
	case tableHParams, tableRuns:
		if e.relative || e.time != "seconds" {
			return usagef("--time and --relative-time are of the scalars table")
		}
	case tableAll:
	default:
		return usagef("--table %s: want scalars, hparams or runs", t.table)
	}
	if f.isWide() || f.isPartition() {
		return usagef("--wide and --partition-by are of the scalars table")
	}
	if e.selection.sample > 0 && t.table != tableHParams {
		return usagef("--sample would leave points out that the runs table sums up")
	}
	_, err := t.options()
	return err
}

// tableSink makes the sink of other tables than the scalars alone.
func (f *format) tableSink(c console, e *exportFlags, origin about) (convert.Sink, error) {
	if e.tables.table == tableAll {
		return f.directorySink(e, origin)
	}
	file, err := e.create(c, f.compress)
	if err != nil {
		return nil, err
	}
	var sink convert.Sink
	if e.tables.table == tableHParams {
		sink, err = f.hparamsSink(file, origin)
	} else {
		sink, err = f.runsSink(e, file, origin)
	}
	if err != nil {
		return nil, errors.Join(err, file.Abort())
	}
	return sink, nil
}

func (f *format) hparamsSink(file *output.File, origin about) (*table.HParamsSink, error) {
	encoder, err := f.encode(file, table.HParamsSchema(), origin)
	if err != nil {
		return nil, err
	}
	return table.NewHParamsSink(encoder, file, f.rows), nil
}

func (f *format) runsSink(e *exportFlags, file *output.File, origin about) (*table.RunsSink, error) {
	options, err := e.tables.options()
	if err != nil {
		return nil, err
	}
	encoder := func(s *arrow.Schema) (table.Encoder, error) { return f.encode(file, s, origin) }
	rows := f.rows
	if !f.binary {
		rows = runsTextRows
	}
	return table.NewRunsSink(table.NewRunsBuilder(options), encoder, file, rows), nil
}

// directorySink makes the sink of all tables.
func (f *format) directorySink(e *exportFlags, origin about) (convert.Sink, error) {
	dir, err := e.createDir()
	if err != nil {
		return nil, err
	}
	sink, err := f.sinks(e, dir, origin)
	if err != nil {
		return nil, errors.Join(err, dir.Abort())
	}
	return sink, nil
}

func (f *format) sinks(e *exportFlags, dir *output.Dir, origin about) (convert.Sink, error) {
	var files [3]*output.File
	for i, name := range []string{tableScalars, tableHParams, tableRuns} {
		var err error
		if files[i], err = dir.File(name + f.extension()); err != nil {
			return nil, err
		}
	}
	options := table.ScalarsOptions{Timestamp: e.time == "timestamp", RelativeTime: e.relative}
	encoder, err := f.encode(files[0], table.ScalarsSchema(options), origin)
	if err != nil {
		return nil, err
	}
	scalars := table.NewScalarsSink(table.NewScalarsBuilder(options, f.rows), encoder, files[0])
	hparams, err := f.hparamsSink(files[1], origin)
	if err != nil {
		return nil, err
	}
	runs, err := f.runsSink(e, files[2], origin)
	return table.NewTablesSink(scalars, hparams, runs, dir), err
}

// tablesSummary is what was written beside scalars.
type tablesSummary struct {
	table   string
	hparams int64
	runs    *table.Runs // nil without a runs table
}

// of takes over what a sink knows.
func (t *tablesSummary) of(e *exportFlags, sink convert.Sink) {
	t.table = e.tables.table
	switch s := sink.(type) {
	case *table.HParamsSink:
		t.hparams = s.Rows()
	case *table.RunsSink:
		t.runs = s.Runs()
	case *table.TablesSink:
		t.hparams, t.runs = s.HParams(), s.Runs()
	}
}

// scalars reports whether points were written.
func (t *tablesSummary) scalars() bool { return t.table != tableHParams && t.table != tableRuns }

// written counts the rows of what was written.
func (s *summary) written() string {
	points := counted(s.totals.Written, "point")
	switch s.tables.table {
	case tableHParams:
		return counted(s.tables.hparams, "hparam")
	case tableRuns:
		return counted(int64(s.tables.runs.Len()), "row")
	case tableAll:
		return fmt.Sprintf("%s, %s and %s", points, counted(s.tables.hparams, "hparam"), counted(int64(s.tables.runs.Len()), "row"))
	}
	return points
}

// hparamsNotes are lines about hparams that were not taken over as they stand,
// and about runs that are a part of others.
func (s *summary) hparamsNotes() (lines []string) {
	add := func(n int64, format string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, humanize.Comma(n)))
		}
	}
	h := &s.totals.HParams
	if s.tables.table == "" || s.tables.table == tableScalars {
		add(h.Records, "%s hparams records are not in the scalars table (--table hparams or runs, or -o DIR/ for all tables)")
	}
	add(h.OtherVersions, "%s hparams records have a version other than 0, which is not defined: not read")
	add(h.Misplaced, "%s hparams records are not what their tag says: not used")
	add(h.Disagreeing, "%s hparams records say otherwise than an earlier one of their run: the first is used")
	add(h.EndWithoutStart, "%s runs have the end of a session and no start")
	add(h.RepeatedNames, "%s hparams stand twice in their record: the last is used")
	add(h.Renamed, "%s hparams have a name that is not UTF-8: each bad byte became U+FFFD")
	if s.tables.runs != nil {
		lines = append(lines, foldNotes(s.tables.runs)...)
	}
	return lines
}

// foldNotes tell of the runs that have no row, or might have none.
func foldNotes(runs *table.Runs) (lines []string) {
	torch, keras := 0, 0
	for _, f := range runs.Folded {
		if f.Session {
			keras++
		} else {
			torch++
		}
	}
	if torch > 0 {
		lines = append(lines, fmt.Sprintf("%s named after a time with hparams only: part of the row of the run above (--no-fold-hparams keeps them apart)", counted(int64(torch), "run")))
	}
	if keras > 0 {
		lines = append(lines, fmt.Sprintf("%s below a session: part of its row as metrics.RUN/TAG (--no-fold-hparams keeps them apart)", counted(int64(keras), "run")))
	}
	if runs.Several > 0 {
		lines = append(lines, fmt.Sprintf("%s named after a time with hparams only: kept apart, since the run above has several", counted(int64(runs.Several), "run")))
	}
	return lines
}
