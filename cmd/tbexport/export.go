package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/format/origin"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/eventfile"
)

// exportFlags are those of every verb that exports.
type exportFlags struct {
	selection selectionFlags
	tables    tableFlags
	output    string
	overwrite bool
	time      string
	relative  bool
	jobs      int
	tempDir   string
	strict    bool
	noVerify  bool
	report    string
	quiet     bool
}

func (e *exportFlags) add(f *pflag.FlagSet) {
	f.StringVarP(&e.output, "output", "o", "", "write to `FILE`; without it, or as -, to standard output; as DIR/, write\nevery table, each to a file of its own there")
	e.tables.add(f)
	f.BoolVar(&e.overwrite, "overwrite", false, "replace an output that is there already")
	f.StringVar(&e.time, "time", "seconds", "wall_time as seconds since 1970 (float64) or as timestamp (us, UTC)")
	f.BoolVar(&e.relative, "relative-time", false, "add relative_time: seconds since the series' first exported point")
	e.selection.add(f)
	f.BoolVar(&e.strict, "strict", false, "fail at the first damage, and write nothing")
	f.BoolVar(&e.noVerify, "no-verify", false, "do not check the CRC of records whose length is good")
	f.IntVarP(&e.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	f.StringVar(&e.tempDir, "temp-dir", "", "`DIR` for the points of very long runs (default: the system's)")
	f.StringVar(&e.report, "report", "", "write what was read, exported and lost to `FILE`, as JSON")
	f.BoolVarP(&e.quiet, "quiet", "q", false, "say nothing but errors")
}

// format is what one verb adds to an export.
type format struct {
	name     string
	binary   bool // must not go to a terminal
	compress bool // by the output's name
	rows     int  // of a record
	encode   func(w io.Writer, schema *arrow.Schema, about about) (table.Encoder, error)
	flags    func(*pflag.FlagSet)
	check    func(e *exportFlags) error // of the verb's own flags; nil: none

	extension func() string // of files in a directory of tables

	partition *bool // a file for each run, if the verb can
	wide      *bool // the wide table, if the verb can
}

// about is what a file can say about its origin.
type about struct {
	logdirs string
	options string // as JSON
	run     string // of a partition
}

func (f *format) command(c console, use, short, long, example string) *cobra.Command {
	var e exportFlags
	cmd := &cobra.Command{
		Use:     use,
		GroupID: groupExport,
		Short:   short,
		Long:    long + "\n\n" + exitHelp,
		Example: example,
		Args:    logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), c, &e, args)
		},
	}
	cmd.Flags().SortFlags = false
	f.flags(cmd.Flags())
	e.add(cmd.Flags())
	return cmd
}

// logdirArgs wants at least one argument.
func logdirArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which LOGDIR?")
	}
	return nil
}

// run is one export, from flags to closing line.
func (f *format) run(ctx context.Context, c console, e *exportFlags, args []string) error {
	begin := time.Now()
	o := convert.Options{Jobs: e.jobs, Read: eventfile.RunOptions{TempDir: e.tempDir, SkipDataCRC: e.noVerify, Strict: e.strict}}
	wanted, err := e.selection.read(&o.Read)
	if err == nil {
		err = f.checkFlags(c, e)
	}
	if err != nil {
		return err
	}
	found, err := findRuns(args, wanted)
	if err != nil {
		return err
	}
	if err := e.keepInputs(found.runs); err != nil {
		return err
	}
	reportFile, err := e.createReport()
	if err != nil {
		return err
	}
	bar := newProgress(c, e.quiet, found.bytes(), f.passes())
	o.Read.Progress = bar.add
	report, sink, err := f.export(ctx, c, e, args, found.runs, o)
	bar.stop()
	if err == nil {
		err = writeReport(reportFile, report, found.problems)
	}
	if err != nil {
		return errors.Join(err, reportFile.Abort())
	}
	closing := summary{report: report, totals: report.Totals(), problems: found.problems, restarts: o.Read.Restarts}
	closing.tables.of(e, sink)
	if b, ok := sink.(interface{ NullWallTimes() int64 }); ok {
		closing.nullTimes = b.NullWallTimes()
	}
	if !e.quiet {
		closing.say(c, e.output, time.Since(begin))
		if d, ok := sink.(interface{ Kept() []string }); ok {
			for _, name := range d.Kept() {
				c.say("note: %s came into %s meanwhile: it is kept", name, e.output)
			}
		}
	}
	if closing.lost() {
		return errLost
	}
	return nil
}

// export carries the runs over, and returns the sink it used.
func (f *format) export(ctx context.Context, c console, e *exportFlags, args []string, runs []eventfile.Run, o convert.Options) (*convert.Report, convert.Sink, error) {
	sink, err := f.sink(ctx, c, e, args, runs, o)
	if err != nil {
		return nil, nil, err
	}
	e.tables.narrow(&o.Read)
	report, err := convert.Export(ctx, runs, sink, o)
	if s, ok := sink.(interface{ Runs() *table.Runs }); ok && err == nil {
		report.Folded = s.Runs().Folded
	}
	return report, sink, err
}

// checkFlags refuses what does not go together before anything is read.
func (f *format) checkFlags(c console, e *exportFlags) error {
	if e.time != "seconds" && e.time != "timestamp" {
		return usagef("--time %s: want seconds or timestamp", e.time)
	}
	if e.jobs < 0 {
		return usagef("--jobs %d: not a number of workers", e.jobs)
	}
	if e.output == "-" {
		e.output = ""
	}
	if f.isWide() && e.relative {
		return usagef("--relative-time is of one series, and a row of --wide holds points of several")
	}
	if f.check != nil {
		if err := f.check(e); err != nil {
			return err
		}
	}
	if err := f.checkTables(e); err != nil {
		return err
	}
	if e.output == "" && f.binary && c.outIsTerminal() {
		return usagef("%s is binary: give -o FILE, or send it to another program", f.name)
	}
	return nil
}

func (f *format) isWide() bool      { return f.wide != nil && *f.wide }
func (f *format) isPartition() bool { return f.partition != nil && *f.partition }

// passes is how often the logs are read: the wide table must know its columns
// before its first row.
func (f *format) passes() int64 {
	if f.isWide() {
		return 2
	}
	return 1
}

func (f *format) sink(ctx context.Context, c console, e *exportFlags, args []string, runs []eventfile.Run, o convert.Options) (convert.Sink, error) {
	from, err := e.about(args)
	if err != nil {
		return nil, err
	}
	options := table.ScalarsOptions{Timestamp: e.time == "timestamp", RelativeTime: e.relative, NoRun: f.isPartition()}
	builder := func() *table.ScalarsBuilder { return table.NewScalarsBuilder(options, f.rows) }
	if !e.tables.onlyScalars() {
		return f.tableSink(c, e, from)
	}
	if f.isPartition() {
		dir, err := e.createDir()
		if err != nil {
			return nil, err
		}
		encoder := func(file *output.File, run string) (table.Encoder, error) {
			from := from
			from.run = run
			return f.encode(file, table.ScalarsSchema(options), from)
		}
		return table.NewPartitionSink(builder(), encoder, dir, "part-0.parquet"), nil
	}
	var tags []string
	if f.isWide() {
		if tags, err = convert.Tags(ctx, runs, o); err != nil {
			return nil, err
		}
	}
	file, err := e.create(c, f.compress)
	if err != nil {
		return nil, err
	}
	var sink convert.Sink
	if f.isWide() {
		sink, err = table.NewWideSink(tags, options.Timestamp, func(s *arrow.Schema) (table.Encoder, error) {
			return f.encode(file, s, from)
		}, file)
	} else {
		var encoder table.Encoder
		encoder, err = f.encode(file, table.ScalarsSchema(options), from)
		sink = table.NewScalarsSink(builder(), encoder, file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Abort())
	}
	return sink, nil
}

// createDir begins an output directory.
func (e *exportFlags) createDir() (*output.Dir, error) {
	o := output.DirOptions{Overwrite: e.overwrite, Signed: origin.Signed, Unlisted: origin.Unlisted}
	return output.CreateDir(e.output, o)
}

func (e *exportFlags) create(c console, compress bool) (*output.File, error) {
	if e.output == "" {
		return output.Stream(c.out), nil
	}
	return output.Create(e.output, e.overwrite, compress)
}

// about says where the points come from, for the file to keep.
func (e *exportFlags) about(args []string) (about, error) {
	s := &e.selection
	options, err := json.Marshal(struct {
		Run       []string `json:"run,omitempty"`
		RunRegex  []string `json:"run_regex,omitempty"`
		Tag       []string `json:"tag,omitempty"`
		TagRegex  []string `json:"tag_regex,omitempty"`
		Steps     string   `json:"steps,omitempty"`
		Since     string   `json:"since,omitempty"`
		Until     string   `json:"until,omitempty"`
		Sample    int      `json:"sample,omitempty"`
		Restarts  string   `json:"restarts"`
		Time      string   `json:"time"`
		Relative  bool     `json:"relative_time,omitempty"`
		NoVerify  bool     `json:"no_verify,omitempty"`
		Partition string   `json:"partition_by,omitempty"`
		Table     string   `json:"table,omitempty"`
		NoFold    bool     `json:"no_fold_hparams,omitempty"`
		Summaries string   `json:"metric_summary,omitempty"`
	}{s.runs.globs, s.runs.expressions, s.tags, s.tagRegexp, s.steps, s.since, s.until, s.sample, s.restarts, e.time, e.relative, e.noVerify, "",
		e.tables.table, e.tables.noFold, e.tables.summaries})
	return about{logdirs: strings.ToValidUTF8(strings.Join(args, "\n"), "\uFFFD"), options: string(options)}, err
}

// createReport begins the report before anything is read, so that one that
// cannot be written costs no export. Without --report it goes nowhere.
func (e *exportFlags) createReport() (*output.File, error) {
	if e.report == "" {
		return output.Stream(io.Discard), nil
	}
	report, err := filepath.Abs(e.report)
	if err != nil {
		return nil, err
	}
	if out, err := filepath.Abs(e.output); err == nil && e.output != "" && out == report {
		return nil, usagef("-o and --report both name %s", e.report)
	}
	return output.Create(e.report, e.overwrite, false)
}

// keepInputs refuses an output that is one of the files to be read.
func (e *exportFlags) keepInputs(runs []eventfile.Run) error {
	for _, path := range []string{e.output, e.report} {
		out, err := os.Stat(path)
		if path == "" || err != nil {
			continue
		}
		for _, run := range runs {
			for _, file := range run.Files {
				if filepath.Base(file) != filepath.Base(path) {
					continue
				}
				if in, err := os.Stat(file); err == nil && os.SameFile(in, out) {
					return usagef("%s is one of the event files to be read", path)
				}
			}
		}
	}
	return nil
}
