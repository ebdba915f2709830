package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/search"
	"tbexport/convert/table"
	"tbexport/internal/graphics"
	"tbexport/internal/match"
	"tbexport/internal/shell"
	"tbexport/internal/ui"
)

// completionTime is how long a shell waits for the names of a logdir; what is
// not found by then is not offered.
const completionTime = 2 * time.Second

// newCompletion makes the verb that prints what makes a shell complete.
func newCompletion(c console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   nameCompletion,
		Short: "Print what makes a shell complete commands, flags and names",
		Long: `Print a script that makes a shell complete commands, flags, and the names of the
runs, tags and columns that a LOGDIR holds. Names are quoted as the shell needs
it, and nothing that is typed or found in a log is evaluated. PowerShell is only
offered names that need no quotes, and evaluates the line that is typed.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no script for %q: want bash, fish, powershell or zsh", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for name, use := range map[string]string{
		"bash": "  source <(tbexport completion bash)                     # this shell\n" +
			"  tbexport completion bash > /etc/bash_completion.d/tbexport",
		"zsh": "  source <(tbexport completion zsh)                      # this shell, after compinit\n" +
			"  tbexport completion zsh > \"${fpath[1]}/_tbexport\"",
		"fish": "  tbexport completion fish | source                      # this shell\n" +
			"  tbexport completion fish > ~/.config/fish/completions/tbexport.fish",
		"powershell": "  tbexport completion powershell | Out-String | Invoke-Expression",
	} {
		cmd.AddCommand(&cobra.Command{
			Use:     name,
			Short:   "Print the script for " + name,
			Example: use,
			Args:    noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				if name == "powershell" {
					return cmd.Root().GenPowerShellCompletionWithDesc(c.out)
				}
				script, err := shell.Script(name)
				if err == nil {
					_, err = io.WriteString(c.out, script)
				}
				return err
			},
		})
	}
	return cmd
}

// quotes marks a root whose completions are quoted before a shell sees them.
const quotes = "quotes"

// newWords makes the command that the scripts call: of bash, the line and the
// signs that end its words; of the others, the words without their quotes, of
// which the last is to be completed.
func newWords(c console) *cobra.Command {
	return &cobra.Command{
		Use:                nameWords + " SHELL ARGS...",
		Hidden:             true,
		DisableFlagParsing: true,
		Args:               cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, args := args[0], args[1:]
			if name != "bash" {
				if name == "fish" { // --, which keeps a flag at the cursor apart
					args = slices.Delete(slices.Clone(args), len(args)-2, len(args)-1)
				}
				how, offered := complete(cmd.Context(), args)
				return offer(c, how, offered)
			}
			if len(args) != 2 {
				return usagef("__words bash wants a line and its word breaks")
			}
			how, offered := completeBash(cmd.Context(), args[0], args[1])
			return offer(c, how, offered)
		},
	}
}

func offer(c console, how string, offered []string) error {
	_, err := io.WriteString(c.out, strings.Join(append([]string{how}, offered...), "\n")+"\n")
	return err
}

// completeBash completes a line of bash, with the words it is to insert.
func completeBash(ctx context.Context, text, breaks string) (how string, offered []string) {
	line := shell.Parse(text, breaks)
	if line.Redirected || len(line.Words) == 0 {
		return "files", nil
	}
	how, names := complete(ctx, append(line.Words[1:], line.Last))
	flag := ""
	if i := strings.IndexByte(line.Last, '='); i >= 0 && strings.HasPrefix(line.Last, "-") {
		flag = line.Last[:i+1]
	}
	for _, name := range names {
		name, _, _ = strings.Cut(name, "\t") // the description
		if word, ok := line.Insert(flag + name); ok {
			offered = append(offered, word)
		}
	}
	return how, offered
}

// complete gives the completions of the last of the words, as they are, each
// with its description after a tab; how names what else there is.
func complete(ctx context.Context, words []string) (how string, offered []string) {
	var out bytes.Buffer
	root := newRoot(console{out: &out, err: io.Discard})
	root.Annotations = map[string]string{quotes: ""}
	root.SetArgs(append([]string{cobra.ShellCompRequestCmd}, words...))
	if err := root.ExecuteContext(ctx); err != nil {
		return "", nil
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	last := len(lines) - 1
	var directive cobra.ShellCompDirective
	if _, err := fmt.Sscanf(lines[last], ":%d", &directive); err != nil {
		return "", nil
	}
	var says []string
	if directive&cobra.ShellCompDirectiveNoFileComp == 0 {
		says = append(says, "files")
	}
	if directive&cobra.ShellCompDirectiveNoSpace != 0 {
		says = append(says, "nospace")
	}
	for _, line := range lines[:last] {
		if ui.Visible(strings.Replace(line, "\t", " ", 1)) == strings.Replace(line, "\t", " ", 1) {
			offered = append(offered, line)
		}
	}
	return strings.Join(says, " "), offered
}

// addTagFlags adds the choice of tags, in the words of selectionFlags.
func addTagFlags(f *pflag.FlagSet, globs, expressions *[]string) {
	f.StringArrayVar(globs, "tag", nil, "only tags that match the `GLOB`, likewise (repeatable)")
	f.StringArrayVar(expressions, "tag-regex", nil,
		"only tags that contain a match of the `REGEX` (repeatable: of any)")
}

// completeSelection makes the shell complete the flags of cmd that take names
// out of the logdirs on the command line.
func completeSelection(cmd *cobra.Command) {
	complete := map[string]func(args []string, typed string) []string{
		"run":  func(args []string, typed string) []string { return globs(runNames(args), typed) },
		"tag":  func(args []string, typed string) []string { return globs(tagNames(args, scalarsAlone(cmd)), typed) },
		"best": func(args []string, typed string) []string { return bests(tagNames(args, true), typed) },
	}
	if cmd.Flags().Lookup("filter") != nil { // the runs table; --sort of ls is another
		complete["sort"] = func(args []string, typed string) []string { return terms(columnNames(args), typed, "") }
		complete["columns"] = func(args []string, typed string) []string { return terms(columnNames(args), typed, ",") }
		complete["filter"] = func(args []string, typed string) []string { return terms(columnNames(args), typed, " (") }
	}
	for flag, names := range complete {
		if cmd.Flags().Lookup(flag) == nil {
			continue
		}
		directive := cobra.ShellCompDirectiveNoFileComp
		if flag == "columns" || flag == "filter" {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		offer := func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, directive // no LOGDIR yet
			}
			_, quoted := cmd.Root().Annotations[quotes]
			return offerable(names(expanded(args), typed), typed, quoted), directive
		}
		// It fails for a flag that is not there, and for one that has a
		// completion already, which is then as good.
		_ = cmd.RegisterFlagCompletionFunc(flag, offer)
	}
}

// scalarsAlone reports whether the tags of cmd are those of scalars: ls and show
// know all, and so may the tables of an export.
func scalarsAlone(cmd *cobra.Command) bool {
	table := cmd.Flags().Lookup("table")
	return cmd.Name() != "ls" && cmd.Name() != "show" &&
		(table == nil || table.Value.String() == "" || table.Value.String() == tableScalars)
}

// expanded has a leading ~ and the variables of the environment put in, which
// a shell would do before it calls the program.
func expanded(args []string) []string {
	all := make([]string, len(args))
	for i, arg := range args {
		if rest, ok := strings.CutPrefix(arg, "~/"); ok {
			arg = "$HOME/" + rest
		}
		all[i] = os.ExpandEnv(arg)
	}
	return all
}

// completeWords makes the shell complete the flags of a few words. Cobra cannot
// complete --x, taking it for -x.
func completeWords(cmd *cobra.Command) {
	for flag, words := range wordsOfFlags(cmd) {
		// A flag of another type, as --sort of runs, is of other words.
		if f := cmd.Flags().Lookup(flag); f != nil && f.Value.Type() == "string" {
			fixed := cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
			_ = cmd.RegisterFlagCompletionFunc(flag, fixed) // as above
		}
	}
	tables := tableNames()
	if cmd.Name() == "show" {
		tables = showTables()
	}
	for flag, words := range map[string][]string{
		"table": append(tables, tableAll), "metric-summary": {"min", "max", "mean", "best_step", "max_step"},
	} {
		list := func(_ *cobra.Command, _ []string, typed string) (offered []string, _ cobra.ShellCompDirective) {
			before := typed[:strings.LastIndexByte(typed, ',')+1]
			for _, word := range words {
				if strings.HasPrefix(before+word, typed) {
					offered = append(offered, before+word)
				}
			}
			return offered, cobra.ShellCompDirectiveNoFileComp
		}
		if cmd.Flags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, list) // as above
		}
	}
}

// wordsOfFlags are the words that flags of cmd take.
func wordsOfFlags(cmd *cobra.Command) map[string][]string {
	words := map[string][]string{
		"time": {"seconds", "timestamp"}, "color": {"auto", "always", "never"}, "restarts": {"keep", "step", "session"},
		"hparams": {"last", "first"}, "wall-time-unit": {"s", "ms", "us", "ns"},
		"sort":        {"name", "time", "size", "points"},
		"graphics":    append([]string{"auto"}, graphics.Protocols()...),
		"compression": {"zstd", "snappy", "gzip", "none"}, "partition-by": {"run"}, "wide": {wideTags, wideCurves},
		"progress": {"auto", "json", "none"}, flagErrorFormat: {"text", "json"},
		"nonfinite": {"keep", "skip", "fail"}, "long-params": {"refuse", "truncate", "artifact", "skip"},
		"artifacts": {"events", "none"}, "verify": {"full", "latest"}, "on-existing": {"skip", "replace", "fail"},
		"deleted": {"keep", "restore", "again"}, "duplicates": {"skip", "create"},
	}
	if cmd.Name() == "mlflow" {
		words["verify"] = append(words["verify"], "none")
		words["on-existing"] = append(words["on-existing"], "one")
	}
	return words
}

// powerShellSigns are signs of PowerShell that are none of other shells: @name
// is a variable's elements, a,b are two words, and curved quotes are quotes.
const powerShellSigns = "@,%‘’‚‛“”„"

// offerable are those of the words that begin with what is typed and that a
// terminal takes as text; and, where they are not quoted before the shell gets
// them, as PowerShell has them, that it does not act on.
func offerable(words []string, typed string, quoted bool) (offered []string) {
	for _, word := range words {
		isText := ui.Visible(word) == word && strings.TrimSpace(word) == word
		if strings.HasPrefix(word, typed) && isText &&
			(quoted || shell.Plain(word) && !strings.ContainsAny(word, powerShellSigns)) {
			offered = append(offered, word)
		}
	}
	return offered
}

// globs are names as globs that match only themselves.
func globs(names []string, _ string) []string {
	for i, name := range names {
		names[i] = match.Literal(name)
	}
	return names
}

// bests are what --best takes, of names that match only themselves.
func bests(names []string, typed string) (all []string) {
	prefix := "metrics."
	if typed != "" && !strings.HasPrefix(prefix, typed) && !strings.HasPrefix(typed, prefix) {
		prefix = "" // which may be left out
	}
	for _, name := range globs(names, typed) {
		all = append(all, prefix+name+":min", prefix+name+":max")
	}
	return all
}

// terms are what is typed with its last term completed by the names of columns.
// Terms are apart by any of the separators.
func terms(names []string, typed, separators string) []string {
	before := typed[:strings.LastIndexAny(typed, separators)+1]
	var all []string
	for _, name := range names {
		if word, ok := search.Word(name); ok {
			all = append(all, before+word)
		}
	}
	return all
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

// tagNames are the tags of all runs, or of these only those with points.
func tagNames(args []string, scalars bool) []string {
	ctx, stop := context.WithTimeout(context.Background(), completionTime)
	defer stop()
	found, err := findRuns(ctx, args, nil)
	if err != nil {
		return nil
	}
	var names []string
	// An error is most likely the end of the time; the tags so far are good.
	report, _ := convert.List(ctx, found.runs,
		convert.Options{Brief: true, Read: convert.ReadOptions{SkipDataCRC: true}})
	for _, run := range report.Runs {
		if run.Inventory == nil {
			continue
		}
		for _, tag := range run.Inventory.Tags {
			if tag.Scalar || !scalars {
				names = append(names, tag.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// columnNames are the columns of the runs table.
func columnNames(args []string) (names []string) {
	ctx, stop := context.WithTimeout(context.Background(), completionTime)
	defer stop()
	found, err := findRuns(ctx, args, nil)
	if err != nil {
		return nil
	}
	builder := table.NewRunsBuilder(table.RunsOptions{})
	// An error is most likely the end of the time; the columns so far are good.
	_, _ = convert.Each(ctx, found.runs, convert.Options{Read: convert.ReadOptions{SkipDataCRC: true}},
		func(_ context.Context, in *convert.Input) error { return builder.Add(in) })
	for _, column := range builder.Runs().Columns {
		names = append(names, column.Name)
	}
	return names
}
