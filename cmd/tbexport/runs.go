package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tbexport/convert"
	"tbexport/convert/format"
	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/eventfile/series"
	"tbexport/internal/ui"
)

// runsVerb are the flags of runs.
type runsVerb struct {
	runs     runFlags
	tags     []string
	tagExpr  []string
	restarts string
	table    runsFlags
	hparams  hparamsFlag
	query    queryFlags
	json     bool
	csv      bool
	jobs     int
	verbose  bool
	quiet    bool
	look     lookFlags
}

func newRuns(c console) *cobra.Command {
	var r runsVerb
	cmd := &cobra.Command{
		Use:     "runs LOGDIR...",
		GroupID: groupLook,
		Short:   "Search the runs by their hparams, status and metrics",
		Long: `Show a row a run: status, hparams, the last value of each metric, times and
sizes. It is the table that the exports write with --table runs; columns that
tell runs apart come first, and those that a narrow terminal has no room for are
left out.

A filter is in the grammar of MLflow's search_runs: comparisons joined by "and",
of params.NAME, metrics.TAG, run, experiment, group, status (FINISHED, FAILED,
RUNNING), start_time, end_time, duration, files, points and last_step, by =, !=,
<, <=, >, >=, LIKE, ILIKE, [NOT] IN (...) or IS [NOT] NULL. Text is put in
quotes; a name with spaces or quotes in backticks, as in metrics.` + "`top 5`" + `.
What a run does not have matches nothing but IS NULL.

` + exitHelp("done (also where files end inside a record, as a live writer leaves them)",
			"failed: nothing was shown", lostHelp, "interrupted: nothing was shown"),
		Example: `  tbexport runs logs
  tbexport runs logs --filter 'params.lr < 0.01 and metrics.loss < 0.3'
  tbexport runs logs --sort 'metrics.accuracy desc' --limit 5
  tbexport runs logs --columns 'run,params.*,metrics.val_*' --csv > runs.csv`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	r.query.add(f, "")
	r.table.add(f)
	r.hparams.add(f)
	f.BoolVar(&r.json, "json", false, "print a JSON array with an object a row")
	f.BoolVar(&r.csv, "csv", false, "print CSV")
	r.runs.add(f)
	addTagFlags(f, &r.tags, &r.tagExpr)
	f.StringVar(&r.restarts, "restarts", "keep",
		"points that a restart wrote again: keep, step or session, as in the exports")
	f.IntVarP(&r.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	r.look.add(f)
	addVerbose(f, &r.verbose)
	f.BoolVarP(&r.quiet, "quiet", "q", false, "print nothing but the rows")
	return cmd
}

// query is what the flags ask for.
type query struct {
	runsQuery
	options table.RunsOptions
	wanted  chosen
}

func (r *runsVerb) run(ctx context.Context, c console, args []string) error {
	begin := time.Now()
	screen, err := r.look.screen(c)
	if err != nil {
		return err
	}
	o := convert.Options{Jobs: r.jobs}
	q, err := r.read(&o.Read)
	if err != nil {
		return err
	}
	found, err := findLogs(ctx, args, q.wanted.runs)
	if err != nil {
		return err
	}
	bar := newProgress(c, r.quiet, found.bytes(ctx), 1)
	o.Read.Progress = bar.Add
	builder := table.NewRunsBuilder(q.options)
	all := found.runs
	if !q.options.NoFold {
		all = found.withParts(&o)
	}
	report, err := q.wanted.tags.each(ctx, all, o,
		func(_ context.Context, in *convert.Input) error { return builder.Add(in) })
	bar.Stop()
	if err != nil {
		return err
	}
	runs := builder.Runs()
	report.Result = runs.Result()
	report.LeaveOut(o.Parts)
	closing := summary{report: report, totals: report.Totals(), problems: found.problems, restarts: o.Read.Restarts,
		tables: one(table.Find(tableRuns)), verbose: r.verbose, chosen: q.wanted, hparams: o.Read.HParams}
	out, err := r.show(c, screen, q, runs)
	if err != nil {
		return err
	}
	if !r.quiet {
		r.say(c, &closing, out, time.Since(begin))
	}
	if closing.lost() {
		return errLost
	}
	return nil
}

// read checks the flags and fills o.
func (r *runsVerb) read(o *convert.ReadOptions) (q query, err error) {
	switch {
	case r.jobs < 0:
		return q, usagef("--jobs %d: not a number of workers", r.jobs)
	case r.json && r.csv:
		return q, usagef("--json and --csv: which one?")
	}
	if q.options, err = r.table.options(); err != nil {
		return q, err
	}
	o.SkipDataCRC = r.runs.ignoreCRC
	if o.HParams, err = r.hparams.read(); err != nil {
		return q, err
	}
	if o.Restarts, err = series.ParseRestarts(r.restarts); err != nil {
		return q, usagef("--restarts %v", err)
	}
	if q.runsQuery, err = r.query.read(); err != nil {
		return q, err
	}
	q.wanted, err = selectNames(&r.runs, r.tags, r.tagExpr, o)
	return q, err
}

// shown is what became of the table on its way out.
type shown struct {
	rows   int      // of how many there are
	hidden int      // columns that there was no room for
	notes  []string // lines about columns that were asked for
}

// show prints the rows that the query asks for.
func (r *runsVerb) show(c console, s ui.Screen, q query, runs *table.Runs) (shown, error) {
	var out shown
	rows, columns, err := q.choose(runs)
	out.notes = q.notes
	if err != nil {
		return out, err
	}
	out.rows = len(rows)
	switch {
	case r.json:
		return out, printRunsJSON(c, runs, rows, columns)
	case r.csv:
		encoder, err := csv.New(output.Stream(c.text()), runs.Schema(columns), csv.Options{})
		if err != nil {
			return out, err
		}
		return out, encodeRuns(encoder, runs, rows, columns, format.CSV)
	}
	view := &rowsView{screen: s, runs: runs, rows: rows, chosen: columns != nil}
	if columns == nil {
		columns = view.best(q)
	}
	out.hidden, err = view.grid(columns).Write(c.out)
	return out, err
}

// say tells what was passed over, and how much was read.
func (r *runsVerb) say(c console, s *summary, out shown, took time.Duration) {
	s.sayWarnings(c)
	s.sayOdd(c)
	for _, note := range s.hparamsNotes() {
		c.say("%s", note)
	}
	for _, note := range out.notes {
		c.say("%s", note)
	}
	if out.hidden > 0 {
		c.say("%s left out for want of room (--columns chooses, --csv has all)",
			ui.Counted(int64(out.hidden), "column"))
	}
	all := s.report.Result.Rows[tableRuns]
	rows := ui.Counted(all, "row")
	if int64(out.rows) != all {
		rows = fmt.Sprintf("%d of %s", out.rows, rows)
	}
	t := &s.totals
	c.say("%s, %s of %s, %s in %s, %.2f s", rows, ui.Counted(t.Points, "point"), ui.Counted(int64(t.Runs), "run"),
		ui.Size(t.Bytes), ui.Counted(int64(t.Files), "file"), took.Seconds())
}

// printRunsJSON prints an array with an object a row.
func printRunsJSON(c console, runs *table.Runs, rows, columns []int) error {
	w := &ui.JSONArray{To: output.Stream(c.out)}
	encoder, err := jsonl.New(w, runs.Schema(columns), jsonl.Options{})
	if err != nil {
		return err
	}
	if err := encodeRuns(encoder, runs, rows, columns, format.JSONL); err != nil {
		return err
	}
	return w.Close()
}

// encodeRuns writes rows, and closes the encoder. Of two errors the first is the cause.
func encodeRuns(encoder table.Encoder, runs *table.Runs, rows, columns []int, f format.Format) error {
	err := runs.Encode(encoder, rows, columns, f.LongRows())
	if closing := encoder.Close(); err == nil {
		err = closing
	}
	return err
}
