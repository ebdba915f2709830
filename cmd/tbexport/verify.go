package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"tbexport/convert"
	"tbexport/internal/ui"
)

// verifyFlags are those of verify.
type verifyFlags struct {
	runs  runFlags
	json  bool
	jobs  int
	quiet bool
}

func newVerify(c console) *cobra.Command {
	var v verifyFlags
	cmd := &cobra.Command{
		Use:     "verify LOGDIR...",
		GroupID: groupCheck,
		Short:   "Check every record and event",
		Long: `Check both CRCs of every record, decode every event and all that its values
hold, and print a line for each damaged stretch and unreadable file, and a
total. Of TFRecord data sets, whose records are no events, the records are
checked. Exports decode what they export only.

A file that ends inside a record is what a live or killed writer leaves; it is
said, and is no error.

` + exitHelp("every record is whole (but for files that end inside one)",
			"failed: nothing was checked", "something is damaged, could not be read, or is proven by nothing",
			"interrupted: nothing was said"),
		Example: `  tbexport verify logs
  tbexport verify logs --json > report.json`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd.Context(), c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	v.runs.add(f)
	f.BoolVar(&v.json, "json", false, "print the report as JSON, as --report of the exports writes it")
	f.IntVarP(&v.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	f.BoolVarP(&v.quiet, "quiet", "q", false, "print nothing: the exit status tells")
	return cmd
}

func (v *verifyFlags) run(ctx context.Context, c console, args []string) error {
	begin := time.Now()
	if v.jobs < 0 {
		return usagef("--jobs %d: not a number of workers", v.jobs)
	}
	unit, err := readWallTimeUnit(v.runs.wallTimeUnit)
	if err != nil {
		return err
	}
	wanted, err := v.runs.read()
	if err != nil {
		return err
	}
	found, err := findRuns(ctx, args, wanted)
	if err != nil {
		return err
	}
	bar := newProgress(c, v.quiet, found.bytes(ctx), 1)
	report, err := convert.Verify(ctx, found.runs, convert.Options{Jobs: v.jobs,
		Read: convert.ReadOptions{Progress: bar.Add, SkipDataCRC: v.runs.ignoreCRC, WallTimeUnit: unit}})
	bar.Stop()
	if err != nil {
		return err
	}
	// A reader that has seen enough is not to change what the status tells.
	c.out = ui.UntilClosed(c.out)
	s := summary{report: report, totals: report.Totals(), problems: found.problems}
	if !v.quiet {
		for _, line := range wanted.unmet() {
			c.say("%s", line)
		}
	}
	switch {
	case v.json:
		err = printJSON(c, report.JSON(tool(), found.problems))
	case !v.quiet:
		err = v.print(c, &s, time.Since(begin))
	}
	if err == nil && s.lost() {
		err = errLost
	}
	return err
}

func (v *verifyFlags) print(c console, s *summary, took time.Duration) error {
	for _, line := range s.warnings() {
		if _, err := fmt.Fprintln(c.out, ui.Visible(line)); err != nil {
			return err
		}
	}
	t := &s.totals
	line := fmt.Sprintf("%s, %s, %s in %s: %s torn, %s damaged (%s lost), %s unreadable; %.2f s",
		ui.Counted(int64(t.Runs), "run"), ui.Counted(int64(t.Files), "file"), ui.Counted(t.Records, "record"),
		humanize.IBytes(uint64(t.Bytes)),
		humanize.Comma(int64(t.Torn)), humanize.Comma(int64(t.Damaged)), humanize.IBytes(uint64(t.DamagedBytes)),
		humanize.Comma(int64(t.Unreadable)), took.Seconds())
	if t.Unproven > 0 {
		line = strings.Replace(line, " unreadable;",
			fmt.Sprintf(" unreadable, %s unproven;", humanize.Comma(int64(t.Unproven))), 1)
	}
	_, err := fmt.Fprintln(c.out, line)
	return err
}

func printJSON(c console, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = c.out.Write(append(ui.VisibleJSON(text), '\n'))
	return err
}
