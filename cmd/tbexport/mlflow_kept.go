package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert/mlflow"
	"tbexport/internal/shell"
)

// passingFlags are those that say nothing of what a run becomes: they are not
// kept on it. What runs there are is for every command to say.
var passingFlags = []string{
	"tracking-uri", "experiment", "experiment-id", "experiment-tag", "restore", "wait", "verify", "on-existing",
	"deleted", "duplicates",
	"server-version", "dry-run", "json", "yes", "jobs", "temp-dir", "report", "overwrite", "verbose", "quiet", "strict",
	"help", "run", "run-regex",
}

// mostKept bounds what is kept of the flags: a tag has a limit.
const mostKept = 4500

// keptFlags gives the flags that were given and say what a run becomes, as a
// migration keeps them on its runs; empty: none, or too many.
func keptFlags(flags *pflag.FlagSet) string {
	given := make(map[string][]string)
	flags.Visit(func(f *pflag.Flag) {
		if slices.Contains(passingFlags, f.Name) || f.Value.String() == f.DefValue {
			return
		}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			given[f.Name] = list.GetSlice()
		} else {
			given[f.Name] = []string{f.Value.String()}
		}
	})
	text, err := json.Marshal(given)
	if err != nil || len(given) == 0 || len(text) > mostKept {
		return ""
	}
	return string(text)
}

// learn sets the flags that a migration of the logdir was given, where they are
// not given now, and says so.
func (m *mlflowFlags) learn(ctx context.Context, c console, p *planned, args []string) error {
	names := []string{p.options.Experiment}
	if experimentTemplate(names[0]) != nil {
		found, err := findLogs(ctx, args, nil)
		if err != nil {
			return err
		}
		names = experimentNames(names[0], found, logdirName(args))
		others, err := mlflow.OtherNames(ctx, p.client, names)
		if err != nil {
			return err
		}
		names = inPlaceOf(names, others)
	}
	texts, err := mlflow.KeptFlags(ctx, p.client, names, p.options.ExperimentID, logdirsOf(args))
	if err != nil {
		return err
	}
	if len(texts) > 1 && !m.quiet {
		c.say("the runs were migrated with different flags, and these are those of most: if the others differ, or are " +
			"kept, choose them with --run and give theirs (tag tbexport.flags)")
	}
	words := setKept(m.flags, decodeFlags(texts))
	if len(words) > 0 && !m.quiet {
		c.say("with the flags of the migration: %s", shellLine(words))
	}
	return nil
}

// setKept sets the flags that were kept and are not given, and gives them as the
// words of a command line.
func setKept(flags *pflag.FlagSet, kept map[string][]string) (words []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		values := kept[f.Name]
		if len(values) == 0 || f.Changed || slices.Contains(passingFlags, f.Name) {
			return
		}
		var err error
		if list, ok := f.Value.(pflag.SliceValue); ok {
			err = list.Replace(values)
		} else {
			err = f.Value.Set(values[0])
		}
		if err == nil {
			f.Changed = true
			words = append(words, flagWords(f, values)...)
		}
	})
	return words
}

// decodeFlags reads the first of what migrations kept that can be read. Empty, it
// is of one without flags.
func decodeFlags(texts []string) (flags map[string][]string) {
	for _, text := range texts {
		if text == "" {
			return nil
		}
		if json.Unmarshal([]byte(text), &flags) == nil {
			return flags
		}
	}
	return nil
}

// flagWords are the words of a flag on a command line.
func flagWords(f *pflag.Flag, values []string) (words []string) {
	if f.Value.Type() == "stringSlice" {
		values = []string{strings.Join(values, ",")}
	}
	for _, value := range values {
		if f.Value.Type() == "bool" {
			words = append(words, "--"+f.Name)
			continue
		}
		words = append(words, "--"+f.Name, value)
	}
	return words
}

// shellLine is a line that a shell reads as these words.
func shellLine(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		if quoted[i] = word; word == "" || !shell.Plain(word) {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
