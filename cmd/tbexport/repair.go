package main

import (
	"context"
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"tbexport/convert/rewrite"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/tfrecord"
	"tbexport/internal/ui"
)

// repairFlags are those of repair.
type repairFlags struct {
	output      string
	saveDamaged string
	ignoreCRC   bool
	quiet       bool
}

func newRepair(c console) *cobra.Command {
	var r repairFlags
	cmd := &cobra.Command{
		Use:     "repair LOGDIR -o OUT",
		GroupID: groupCheck,
		Short:   "Write the same logs without what is damaged",
		Long: `Write the tree of event files of LOGDIR to OUT, with all records that are whole,
byte for byte, and none of the others, so that every reader reads them to their
end. Of an event with a value that does not decode, the value alone is left out;
bytes of names and texts that are not UTF-8 become U+FFFD. LOGDIR is only read.
Runs that are reached through links become directories. Other files than event
files are not copied. Files whose every record is framed wrongly are framed
anew; TFRecord data sets are repaired, too.

` + exitHelp("done, whatever was left out", "failed: nothing was written",
			"done, but there are files that could not be read, or nothing proves what\n       was read",
			"interrupted: nothing was written"),
		Example: `  tbexport repair logs -o logs-repaired
  tbexport repair logs -o logs-repaired --save-damaged logs-damaged`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("repair takes one LOGDIR, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd.Context(), c, args[0]) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&r.output, "output", "o", "", "the directory `OUT` to write; it must be empty or not be there")
	f.StringVar(&r.saveDamaged, "save-damaged", "",
		"save what is left out to `DIR`, the record or stretch at offset N of a file as FILE@N")
	addIgnoreCRC(f, &r.ignoreCRC)
	f.BoolVarP(&r.quiet, "quiet", "q", false, "say nothing but errors")
	return cmd
}

func (r *repairFlags) run(ctx context.Context, c console, logdir string) error {
	if r.output == "" {
		return usagef("repair writes a directory: give -o OUT")
	}
	if err := checkDirectory("-o", r.output); err != nil {
		return err
	}
	if r.saveDamaged != "" {
		if err := checkDirectory("--save-damaged", r.saveDamaged); err != nil {
			return err
		}
	}
	found, err := findRuns(ctx, []string{logdir}, nil)
	if err != nil {
		return err
	}
	bar := newProgress(c, r.quiet, found.bytes(ctx), 1)
	result, err := rewrite.Run(ctx, dirstore.ParseLogdir(logdir).Path, found.runs, r.output,
		rewrite.Options{Store: found.store, SaveDamaged: r.saveDamaged, Progress: bar.Add, SkipDataCRC: r.ignoreCRC})
	bar.Stop()
	if err != nil {
		return err
	}
	unreadable := r.say(c, result, found.problems)
	if unreadable {
		return errLost
	}
	return nil
}

// say tells what was left out, and reports whether anything could not be read
// at all. That damaged records are left out is what a repair is for.
func (r *repairFlags) say(c console, result *rewrite.Result, problems []eventfile.Problem) (unreadable bool) {
	say := func(format string, args ...any) {
		if !r.quiet {
			c.say(format, args...)
		}
	}
	for _, p := range problems {
		say("warning: %v", p)
		unreadable = unreadable || p.Lost
	}
	for _, f := range result.Files {
		for _, d := range f.Damage {
			say("left out: %s", damageLine(d))
		}
		if f.Framing != tfrecord.Sound {
			say("framed anew: %s", oddLines(f)[0])
			unreadable = unreadable || f.Unproven
		}
		if f.Err != nil {
			say("warning: %v", f.Err)
			unreadable = true
		}
	}
	if n := result.Spelled; n > 0 {
		say("spelled anew: %s with names or texts that are not UTF-8, each bad byte as U+FFFD", ui.Counted(n, "event"))
	}
	leftOut := "nothing left out"
	if result.LeftOut > 0 {
		leftOut = fmt.Sprintf("%s left out of %s", ui.Counted(result.LeftOut, "byte"),
			ui.Counted(int64(result.Repaired), "file"))
	}
	say("%s, %s in %s -> %s; %s", ui.Counted(result.Records, "record"), humanize.IBytes(uint64(result.Bytes)),
		ui.Counted(int64(len(result.Files)), "file"), r.output, leftOut)
	return unreadable
}
