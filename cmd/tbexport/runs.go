package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tbexport/convert"
	"tbexport/convert/format"
	"tbexport/convert/format/csv"
	"tbexport/convert/format/jsonl"
	"tbexport/convert/search"
	"tbexport/convert/table"
	"tbexport/eventfile/series"
	"tbexport/internal/match"
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
	filter   string
	sort     []string
	columns  []string
	limit    int
	json     bool
	csv      bool
	jobs     int
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
RUNNING), start_time, end_time, duration, files, points and last_step, by
=, !=, <, <=, >, >=, LIKE, ILIKE, [NOT] IN (...) or IS [NOT] NULL. Text is put in
quotes; a name with spaces or quotes in backticks, as in metrics.` + "`top 5`" + `. What a
run has not got matches nothing but IS NULL.

` + exitHelp,
		Example: `  tbexport runs logs
  tbexport runs logs --filter 'params.lr < 0.01 and metrics.loss < 0.3' --sort metrics.loss
  tbexport runs logs --sort 'metrics.accuracy desc' --limit 5
  tbexport runs logs --columns 'run,params.*,metrics.val_*' --csv > runs.csv`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&r.filter, "filter", "", "only rows that satisfy the `FILTER`, see above")
	f.StringArrayVar(&r.sort, "sort", nil, "by the `COLUMN`, lowest first, or \"COLUMN desc\" (repeatable); what has no number\ncomes last")
	f.StringArrayVar(&r.columns, "columns", nil, "only these columns, in this order: a comma-separated `LIST`, in which * is\nanything (repeatable)")
	f.IntVar(&r.limit, "limit", 0, "at most `N` rows")
	r.table.add(f)
	r.hparams.add(f)
	f.BoolVar(&r.json, "json", false, "print a JSON array with an object a row")
	f.BoolVar(&r.csv, "csv", false, "print CSV")
	r.runs.add(f)
	addTagFlags(f, &r.tags, &r.tagExpr)
	f.StringVar(&r.restarts, "restarts", "keep", "points that a restart wrote again: keep, step or session, as in the exports")
	f.IntVarP(&r.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	r.look.add(f)
	f.BoolVarP(&r.quiet, "quiet", "q", false, "print nothing but the rows")
	return cmd
}

// query is what the flags ask for.
type query struct {
	options table.RunsOptions
	filter  *search.Filter // nil: all rows
	orders  []runsOrder
	wanted  chosen
}

// runsOrder is one column to sort by.
type runsOrder struct {
	name       search.Name
	descending bool
	column     int
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
	bar := newProgress(c, r.quiet, found.bytes(), 1)
	o.Read.Progress = bar.Add
	builder := table.NewRunsBuilder(q.options)
	report, err := q.wanted.tags.each(ctx, found.runs, o, func(_ context.Context, in *convert.Input) error { return builder.Add(in) })
	bar.Stop()
	if err != nil {
		return err
	}
	runs := builder.Runs()
	report.Result = runs.Result()
	closing := summary{report: report, totals: report.Totals(), problems: found.problems, restarts: o.Read.Restarts, tables: one(table.Find(tableRuns)), chosen: q.wanted, hparams: o.Read.HParams}
	out, err := r.show(c, screen, &q, runs)
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
	case r.limit < 0:
		return q, usagef("--limit %d: not a number of rows", r.limit)
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
		return q, usagef("--restarts: %v", err)
	}
	if r.filter != "" {
		if q.filter, err = search.Parse(r.filter); err != nil {
			return q, usagef("--filter %s: %v", r.filter, err)
		}
	}
	for _, text := range r.sort {
		var order runsOrder
		if order.name, order.descending, err = search.ParseOrder(text); err != nil {
			return q, usagef("--sort %s: %v", text, err)
		}
		q.orders = append(q.orders, order)
	}
	q.wanted, err = selectNames(&r.runs, r.tags, r.tagExpr, o)
	return q, err
}

// shown is what became of the table on its way out.
type shown struct {
	rows   int // of how many there are
	hidden int // columns that there was no room for
	// notes are lines about columns that were asked for.
	notes []string
}

// show prints the rows that the query asks for.
func (r *runsVerb) show(c console, s ui.Screen, q *query, runs *table.Runs) (shown, error) {
	var out shown
	if err := q.find(runs); err != nil {
		return out, err
	}
	columns, err := r.chosen(runs, &out)
	if err != nil {
		return out, err
	}
	rows := q.rows(runs)
	for _, o := range q.orders {
		if len(rows) > 0 && !slices.ContainsFunc(rows, func(row int) bool { return runs.Cell(row, o.column).Kind != table.CellNull }) {
			out.notes = append(out.notes, fmt.Sprintf("--sort %s: none of the rows has it, so they stay in the order of their names", o.name.Column))
		}
	}
	if r.limit > 0 && len(rows) > r.limit {
		rows = rows[:r.limit]
	}
	out.rows = len(rows)
	switch {
	case r.json:
		return out, printRunsJSON(c, runs, rows, columns)
	case r.csv:
		encoder, err := csv.New(c.out, runs.Schema(columns), csv.Options{})
		if err != nil {
			return out, err
		}
		return out, errors.Join(runs.Encode(encoder, rows, columns, format.CSV.LongRows()), encoder.Close())
	}
	view := &rowsView{s, runs, rows}
	if columns == nil {
		columns = view.best(*q)
	}
	out.hidden, err = view.grid(columns).Write(c.out)
	return out, err
}

// find finds the columns of filter and order. Where there is no run at all, which
// is said, no column is missed.
func (q *query) find(runs *table.Runs) error {
	if q.filter != nil {
		for _, n := range q.filter.Names() {
			if _, ok := runs.Column(n.Column); !ok && runs.Len() > 0 {
				return noColumn(runs, "--filter", n.Column)
			}
		}
	}
	orders := q.orders[:0]
	for _, o := range q.orders {
		column, ok := runs.Column(o.name.Column)
		switch {
		case ok:
			o.column = column
			orders = append(orders, o)
		case runs.Len() > 0:
			return noColumn(runs, "--sort", o.name.Column)
		}
	}
	q.orders = orders
	return nil
}

// noColumn is the error of a column that no run has.
func noColumn(runs *table.Runs, flag, name string) error {
	return fmt.Errorf("%s: no run has %s%s", flag, name, similar(nearColumns(runs, name)))
}

// nearColumns are those that are similar, or else the first of the same kind.
func nearColumns(runs *table.Runs, name string) []string {
	names := make([]string, len(runs.Columns))
	for i := range runs.Columns {
		names[i] = runs.Columns[i].Name
	}
	if near := match.Nearest(name, names); near != nil {
		return near
	}
	prefix, _, _ := strings.Cut(name, ".")
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, prefix+".") })
	return names[:min(len(names), mostOffered)]
}

// rows selects and sorts.
func (q *query) rows(runs *table.Runs) []int {
	rows := make([]int, runs.Len())
	for i := range rows {
		rows[i] = i
	}
	if q.filter != nil {
		rows = q.filter.Select(runs)
	}
	var orders []search.Order
	for _, o := range q.orders {
		orders = append(orders, search.Order{Column: o.column, Descending: o.descending})
	}
	search.Sort(runs, rows, orders)
	return rows
}

// chosen are the columns of the flag; nil: it names none. A pattern that matches
// nothing beside others that do is a note.
func (r *runsVerb) chosen(runs *table.Runs, out *shown) (columns []int, err error) {
	for _, list := range r.columns {
		for _, item := range search.SplitColumns(list) {
			matches := search.MatchColumns(runs, item)
			switch {
			case len(matches) > 0 || runs.Len() == 0:
			case strings.Contains(item, "*"):
				out.notes = append(out.notes, fmt.Sprintf("--columns: no column matches %s%s", item, similar(nearColumns(runs, item))))
			default:
				return nil, noColumn(runs, "--columns", item)
			}
			for _, i := range matches {
				if !slices.Contains(columns, i) {
					columns = append(columns, i)
				}
			}
		}
	}
	if len(columns) == 0 && len(out.notes) > 0 {
		return nil, errors.New(out.notes[0])
	}
	return columns, nil
}

// say tells what was passed over, and how much was read.
func (r *runsVerb) say(c console, s *summary, out shown, took time.Duration) {
	s.sayWarnings(c, "verify")
	for _, note := range s.hparamsNotes() {
		c.say("%s", note)
	}
	for _, note := range out.notes {
		c.say("%s", note)
	}
	if out.hidden > 0 {
		c.say("%s left out for want of room (--columns chooses, --csv has all)", ui.Counted(int64(out.hidden), "column"))
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
	w := &ui.JSONArray{To: c.out}
	encoder, err := jsonl.New(w, runs.Schema(columns), jsonl.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(runs.Encode(encoder, rows, columns, format.JSONL.LongRows()), encoder.Close()); err != nil {
		return err
	}
	return w.Close()
}
