package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/internal/match"
	"tbexport/internal/ui"
)

// completionTime is how long a shell waits for the names of a logdir; what is
// not found by then is not offered.
const completionTime = 2 * time.Second

// addTagFlags adds the choice of tags, in the words of selectionFlags.
func addTagFlags(f *pflag.FlagSet, globs, expressions *[]string) {
	f.StringArrayVar(globs, "tag", nil, "only tags that match the `GLOB`, likewise (repeatable)")
	f.StringArrayVar(expressions, "tag-regex", nil, "only tags that contain a match of the `REGEX` (repeatable: of any)")
}

// completeSelection makes the shell complete the flags --run and --tag with
// the names that the logdirs on the command line hold, so far as cmd has them.
func completeSelection(cmd *cobra.Command) {
	for flag, complete := range map[string]func(args []string) []string{"run": runNames, "tag": tagNames} {
		if cmd.Flags().Lookup(flag) == nil {
			continue
		}
		// It fails for a flag that is not there, and for one that has a
		// completion already, which is then as good.
		_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp // no LOGDIR yet
			}
			return completions(complete(args), typed), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// completeWords makes the shell complete the flags of a few words, which mean
// the same in every verb. Cobra cannot complete --x, taking it for -x.
func completeWords(cmd *cobra.Command) {
	for flag, words := range map[string][]string{
		"color": {"auto", "always", "never"}, "restarts": {"keep", "step", "session"},
		"progress": {"auto", "json", "none"}, flagErrorFormat: {"text", "json"},
		"sort": {"name", "time", "size", "points"},
	} {
		// A flag of another type, as --sort of runs, is of other words.
		if f := cmd.Flags().Lookup(flag); f != nil && f.Value.Type() == "string" {
			_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // as above
		}
	}
}

// completions are the names that begin with what is typed, as globs that match
// only themselves. Names with signs that a shell or a terminal would not take
// as text are not offered.
func completions(names []string, typed string) []string {
	var offered []string
	for _, name := range names {
		glob := match.Literal(name)
		if ui.Visible(name) == name && strings.HasPrefix(glob, typed) {
			offered = append(offered, glob)
		}
	}
	return offered
}

func runNames(args []string) []string {
	ctx, stop := context.WithTimeout(context.Background(), completionTime)
	defer stop()
	found, err := findRuns(ctx, args, nil)
	if err != nil {
		return nil
	}
	var names []string
	for _, run := range found.runs {
		names = append(names, run.Name)
	}
	return names
}

func tagNames(args []string) []string {
	ctx, stop := context.WithTimeout(context.Background(), completionTime)
	defer stop()
	found, err := findRuns(ctx, args, nil)
	if err != nil {
		return nil
	}
	var names []string
	// An error is most likely the end of the time; the tags so far are good.
	report, _ := convert.List(ctx, found.runs, convert.Options{Brief: true, Read: convert.ReadOptions{SkipDataCRC: true}})
	for _, run := range report.Runs {
		if run.Inventory == nil {
			continue
		}
		for _, tag := range run.Inventory.Tags {
			names = append(names, tag.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
