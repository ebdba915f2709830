package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/format"
	"tbexport/convert/format/origin"
	"tbexport/convert/format/parquet"
	"tbexport/convert/output"
	"tbexport/convert/table"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
)

// exportFlags are those of every verb that exports.
type exportFlags struct {
	selection selectionFlags
	tables    tableFlags
	hparams   hparamsFlag
	output    string
	extract   string
	overwrite bool
	time      string
	relative  bool
	jobs      int
	tempDir   string
	strict    bool
	noVerify  bool
	report    string
	verbose   bool
	quiet     bool
	said      saidFlags
}

func (e *exportFlags) add(f *pflag.FlagSet) {
	f.StringVarP(&e.output, "output", "o", "", "write to `FILE`; without it, or as -, to standard output; as DIR/, "+
		"write\nscalars, hparams and runs, or what --table names, to a file each")
	f.BoolVar(&e.overwrite, "overwrite", false, "replace an output that is there already")
	e.tables.add(f)
	f.StringVar(&e.time, "time", "seconds", "wall_time as seconds since 1970 (float64) or as timestamp (us, UTC)")
	f.BoolVar(&e.relative, "relative-time", false, "add relative_time: seconds since the series' first exported point")
	e.addExtract(f)
	e.hparams.add(f)
	e.addReading(f)
}

// addReading adds the flags of how logs are read, and of what is said of it.
func (e *exportFlags) addReading(f *pflag.FlagSet) {
	e.selection.add(f)
	f.BoolVar(&e.strict, "strict", false, "fail at the first damage, and write nothing")
	f.BoolVar(&e.noVerify, "no-verify", false, "the same as --ignore-crc")
	f.IntVarP(&e.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	f.StringVar(&e.tempDir, "temp-dir", "", "`DIR` for the points of very long runs (default: the system's)")
	f.StringVar(&e.report, "report", "", "write what was read, exported and lost to `FILE`, as JSON")
	addVerbose(f, &e.verbose)
	f.BoolVarP(&e.quiet, "quiet", "q", false, "say nothing but errors")
	e.said.add(f)
}

// exportVerb is what one verb adds to an export.
type exportVerb struct {
	name     string
	format   func() format.Format            // by the flags
	options  func() (parquet.Options, error) // by the flags; nil: none
	compress bool                            // by the output's name
	flags    func(*pflag.FlagSet)
	check    func(e *exportFlags) error // of the verb's own flags; nil: none

	partition *bool   // a file for each run, if the verb can
	wide      *string // the wide table, if the verb can
	inline    *bool   // blobs as text, if the verb can

	filesOnly bool            // files are extracted, and no table is written
	update    bool            // a directory of files from before is brought up to date
	taken     map[string]bool // files in it that stay, as extract.New takes them
}

func (v *exportVerb) command(c console, use, short, long, example string) *cobra.Command {
	var e exportFlags
	cmd := &cobra.Command{
		Use:     use,
		GroupID: groupExport,
		Short:   short,
		Long: long + "\n\n" + exitHelp("done (also where files end inside a record, as a live writer leaves them)",
			"failed: no file was written", lostHelp, "interrupted: no file was written"),
		Example: example,
		Args:    logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return v.run(cmd.Context(), c, &e, args)
		},
	}
	cmd.Flags().SortFlags = false
	e.add(cmd.Flags())
	v.flags(cmd.Flags())
	return cmd
}

// about is what a file can say about its origin.
type about struct {
	logdirs string
	options string // as JSON
}

// logdirArgs wants at least one argument.
func logdirArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which LOGDIR?")
	}
	return nil
}

// run is one export, from flags to closing line.
func (v *exportVerb) run(ctx context.Context, c console, e *exportFlags, args []string) error {
	begin := time.Now()
	e.noVerify = e.noVerify || e.selection.runs.ignoreCRC
	o := convert.Options{Jobs: e.jobs,
		Read: convert.ReadOptions{TempDir: e.tempDir, SkipDataCRC: e.noVerify, Strict: e.strict}}
	wanted, err := e.selection.read(&o.Read)
	if err == nil {
		o.Read.HParams, err = e.hparams.read()
	}
	if err == nil {
		err = v.checkFlags(c, e)
	}
	if err != nil {
		return err
	}
	wanted.tags.all = v.hasKinds(e)
	found, err := findLogs(ctx, args, wanted.runs)
	if err != nil {
		return err
	}
	if err := found.strictly(e.strict); err != nil {
		return err
	}
	if err := e.keepInputs(found.runs); err != nil {
		return err
	}
	if e.output != "" && !v.isPartition() && !e.tables.files {
		if err := output.Check(e.output, e.overwrite); err != nil {
			return err
		}
	}
	reportFile, err := e.createReport()
	if err != nil {
		return err
	}
	bar := e.said.newProgress(c, e.quiet, found.bytes(ctx), int64(v.readings(e)))
	o.Read.Progress = bar.Add
	report, err := v.export(ctx, c, e, args, found, wanted.tags, o)
	bar.Stop()
	if err == nil {
		err = writeReport(reportFile, report, found.problems)
	}
	if err != nil {
		return errors.Join(err, reportFile.Abort())
	}
	closing := summary{report: report, totals: report.Totals(), problems: found.problems, restarts: o.Read.Restarts,
		tables: v.tables(e), extract: e.extract, verbose: e.verbose, chosen: wanted, hparams: o.Read.HParams}
	if !e.quiet {
		for _, note := range e.tables.notes {
			c.say("%s", note)
		}
		if note := closing.bytesNote(v); note != "" {
			c.say("%s", note)
		}
		closing.say(c, e.output, time.Since(begin))
		for _, name := range report.Result.Kept {
			c.say("note: %s came into %s meanwhile: it is kept", name, e.output)
		}
	}
	if closing.lost() {
		return errLost
	}
	return nil
}

// export carries the runs over.
func (v *exportVerb) export(ctx context.Context, c console, e *exportFlags, args []string, found *found,
	tags *chosenTags, o convert.Options) (*convert.Report, error) {
	o.NoSeries = true
	for _, t := range v.reads(e) {
		o.NoSeries = o.NoSeries && !t.Series
		o.Forms = append(o.Forms, t.Forms...)
		o.TagStats = o.TagStats || t.TagStats
	}
	runs := found.runs
	if !e.tables.noFold && slices.ContainsFunc(v.tables(e), func(t table.Spec) bool { return t.Folds }) {
		runs = found.withParts(&o)
	}
	sink, err := v.sink(ctx, c, e, args, table.Source{Runs: runs, Options: o})
	if err != nil {
		return nil, err
	}
	return convert.Export(ctx, runs, tags.sink(sink), o)
}

// checkFlags refuses what does not go together before anything is read.
func (v *exportVerb) checkFlags(c console, e *exportFlags) error {
	if e.time != "seconds" && e.time != "timestamp" {
		return usagef("--time %s: want seconds or timestamp", e.time)
	}
	if err := e.said.check(); err != nil {
		return err
	}
	if e.jobs < 0 {
		return usagef("--jobs %d: not a number of workers", e.jobs)
	}
	if e.output == "-" || e.output == "/dev/stdout" {
		e.output = ""
	}
	if v.isWide() && *v.wide != wideTags && *v.wide != wideCurves {
		return usagef("--wide=%s: want tag or run/tag", *v.wide)
	}
	if v.isWide() && e.relative {
		return usagef("--relative-time is of one series, and a row of --wide holds points of several")
	}
	if v.check != nil {
		if err := v.check(e); err != nil {
			return err
		}
	}
	if v.filesOnly {
		if err := e.tables.checkFilesOnly(e.output); err != nil {
			return err
		}
		return checkDirectory("-o", e.output)
	}
	if err := v.checkTables(e); err != nil {
		return err
	}
	if err := v.checkExtract(e); err != nil {
		return err
	}
	if e.output == "" && v.format().Binary() && c.outIsTerminal() {
		return usagef("%s is binary: give -o FILE, or send it to another program", v.name)
	}
	return v.checkOutput(e)
}

func (v *exportVerb) isWide() bool      { return v.wide != nil && *v.wide != "" }
func (v *exportVerb) isPartition() bool { return v.partition != nil && *v.partition }

// readings is how often the logs are read.
func (v *exportVerb) readings(e *exportFlags) int {
	n := 1
	for _, t := range v.tables(e) {
		n = max(n, t.Readings)
	}
	return n
}

// open makes encoders of files that say where their rows come from.
func (v *exportVerb) open(e *exportFlags, args []string) (table.Open, error) {
	origin, err := v.about(e, args)
	var o format.Options
	if err == nil && v.options != nil {
		o.Parquet, err = v.options()
	}
	o.JSONL.Inline = v.inline != nil && *v.inline
	return func(w io.Writer, schema *arrow.Schema, of table.Part) (table.Encoder, error) {
		o := o
		o.Parquet.Metadata = fileMetadata(origin, of.Run)
		encoder, err := format.New(v.format(), w, schema, o)
		if err != nil {
			return nil, err
		}
		return encoder, nil
	}, err
}

// createDir begins an output directory.
func (e *exportFlags) createDir() (*output.Dir, error) {
	o := output.DirOptions{Overwrite: e.overwrite, Signed: origin.Signed, Unlisted: origin.Unlisted}
	return output.CreateDir(e.output, o)
}

func (v *exportVerb) create(c console, e *exportFlags) (*output.File, error) {
	switch {
	case e.output != "":
		return output.Create(e.output, output.FileOptions{Overwrite: e.overwrite, Compress: v.compress})
	case v.format() == format.JSONL:
		return output.Stream(c.json()), nil
	}
	widenPipe(c.out)
	return output.Stream(c.text()), nil
}

// about says where the points come from, for the file to keep.
func (v *exportVerb) about(e *exportFlags, args []string) (about, error) {
	s, partition := &e.selection, ""
	if v.isPartition() {
		partition = "run"
	}
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
		TimeUnit  string   `json:"wall_time_unit,omitempty"`
		Partition string   `json:"partition_by,omitempty"`
		Table     string   `json:"table,omitempty"`
		NoFold    bool     `json:"no_fold_hparams,omitempty"`
		HParams   string   `json:"hparams,omitempty"`
		Summaries string   `json:"metric_summary,omitempty"`
	}{s.runs.globs, s.runs.expressions, s.tags, s.tagRegexp, s.steps, s.since, s.until, s.sample, s.restarts, e.time,
		e.relative, e.noVerify, unitOption(s.runs.wallTimeUnit), partition,
		e.tables.table, e.tables.noFold, strings.TrimPrefix(e.hparams.word, "last"), e.tables.summaries})
	return about{logdirs: strings.ToValidUTF8(strings.Join(args, "\n"), "\uFFFD"), options: string(options)}, err
}

// unitOption is the unit of wall times where it is not the usual one.
func unitOption(unit string) string {
	if unit == eventfile.Seconds.String() {
		return ""
	}
	return unit
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
	return output.Create(e.report, output.FileOptions{Overwrite: e.overwrite})
}

// keepInputs refuses an output that is one of the files to be read.
func (e *exportFlags) keepInputs(runs []eventfile.Run) error {
	for _, path := range []string{e.output, e.report} {
		if path == "" {
			continue
		}
		for _, run := range runs {
			for _, file := range run.Files {
				if filepath.Base(file) != filepath.Base(path) {
					continue
				}
				if dirstore.Same(file, path) {
					return usagef("%s is one of the event files to be read", path)
				}
			}
		}
	}
	return nil
}
