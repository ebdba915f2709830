package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert/output"
	"tbexport/internal/match"
	"tbexport/internal/ui"
)

// Exit statuses, as the README and every help text list them.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusLost        = 3
	statusInterrupted = 130
)

// exitHelp lists the exit statuses in the words of a verb: what it has done,
// what is not done where it fails, what is lost, and what an interrupt leaves.
func exitHelp(done, failed, lost, interrupted string) string {
	return "Exit status:\n  0    " + done + "\n  1    " + failed + "\n  2    wrong usage\n  3    " + lost +
		"\n  130  " + interrupted
}

// lostHelp is status 3 of the verbs that read.
const lostHelp = "done, but something could not be read (damage, unreadable files), or\n       nothing proves what was read"

// console is where a command writes: data to out, words to err.
type console struct {
	out, err io.Writer
	now      func() time.Time // nil: the machine's
}

// time is what a clock shows.
func (c console) time() time.Time {
	if c.now != nil {
		return c.now()
	}
	return time.Now()
}

// outIsTerminal reports whether out is a terminal.
func (c console) outIsTerminal() bool { return ui.IsTerminal(c.out) }

func (c console) errIsTerminal() bool { return ui.IsTerminal(c.err) }

// text is out for text that is data: exactly what is written, but on a terminal
// with nothing that would act on it.
func (c console) text() io.Writer {
	if c.outIsTerminal() {
		return ui.VisibleText(c.out)
	}
	return c.out
}

// json is text for JSON.
func (c console) json() io.Writer {
	if c.outIsTerminal() {
		return ui.VisibleJSONText(c.out)
	}
	return c.out
}

// say writes one line of words, which may name what the logs name.
func (c console) say(format string, args ...any) {
	fmt.Fprintln(c.err, ui.Visible(fmt.Sprintf("tbexport: "+format, args...)))
}

// errLost is the outcome of work that is done, but not with everything.
var errLost = errors.New("something could not be read")

// statusError is an outcome of which everything has been said.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// usageError is an error in how the program was called.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, c console) int {
	root := newRootFor(c, args)
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	return c.status(ctx, command, err)
}

// status says what went wrong, if anything did, and gives the exit status.
func (c console) status(ctx context.Context, command *cobra.Command, err error) int {
	var usage usageError
	var said statusError
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &said):
		return int(said)
	case errors.Is(err, errLost):
		return statusLost
	case errors.Is(err, syscall.EPIPE):
		return statusDone
	case ctx.Err() != nil:
		c.sayError(command, "interrupted", interrupted(command), "")
		return statusInterrupted
	case errors.As(err, &usage):
		if command.Name() == "help" {
			command = command.Root()
		}
		c.sayError(command, "usage", err.Error(), fmt.Sprintf("Try '%s --help'.", command.CommandPath()))
		return statusUsage
	}
	kind := errorKind(err)
	var write *output.WriteError
	if errors.As(err, &write) {
		err = write
	}
	switch {
	case errors.Is(err, output.ErrExists):
		err = fmt.Errorf("%w: %s", err, existsAdvice(command))
	case errors.Is(err, output.ErrMeanwhile):
		err = fmt.Errorf("%w; another process writes there, too: %s", err, meanwhileAdvice(command))
	}
	text := err.Error()
	if !wantsJSON(command) {
		text = "error: " + text
	}
	c.sayError(command, kind, text, "")
	return statusFailed
}

// interrupted says what an interrupt leaves of a verb's work.
func interrupted(command *cobra.Command) string {
	if command.Flags().Lookup("output") == nil {
		return "interrupted"
	}
	return "interrupted, no file was written"
}

// existsAdvice is what can be done where an output is there already.
func existsAdvice(command *cobra.Command) string {
	if command.Flags().Lookup("overwrite") == nil {
		return "choose another name"
	}
	return "choose another name, or give --overwrite"
}

// meanwhileAdvice is what can be done where two write to one place at once.
func meanwhileAdvice(command *cobra.Command) string {
	if f := command.Flags().Lookup("overwrite"); f != nil && command.Flags().Lookup("on-existing") == nil {
		return "choose another name, or run this again with --overwrite when it has ended"
	}
	return "run this again when it has ended"
}

// flagError puts what is wrong with a flag into the users' words.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		text := fmt.Sprintf("there is no flag --%s", unknown.GetSpecifiedName())
		if nearest := match.Nearest(unknown.GetSpecifiedName(), names, 1); len(nearest) > 0 {
			text += fmt.Sprintf("; did you mean --%s?", nearest[0])
		}
		return usagef("%s", text)
	case errors.As(err, &value):
		want := map[string]string{"int": "a whole number", "int64": "a whole number", "float64": "a number",
			"bool": "true or false"}[value.GetFlag().Value.Type()]
		if errors.Is(value.Unwrap(), strconv.ErrRange) {
			want = "a number nearer to 0"
		}
		if want != "" {
			return usagef("--%s %s: want %s", value.GetFlag().Name, value.GetValue(), want)
		}
	}
	return usageError{err}
}

// noCommand says that a word is no command.
func noCommand(root *cobra.Command, word string) error {
	var names []string
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			names = append(names, cmd.Name())
		}
	}
	if nearest := match.Nearest(word, names, 1); len(nearest) > 0 {
		return usagef("there is no command %q; did you mean %s?", word, nearest[0])
	}
	return usagef("there is no command %q", word)
}

// verb makes a command of the root. All are made only where more than one is
// needed: their flags take longer than a small logdir does.
type verb struct {
	name string
	make func(console) *cobra.Command
}

// allVerbs are the commands, in the order of the help.
func allVerbs() []verb {
	return []verb{
		{"ls", newLs}, {"show", newShow}, {"runs", newRuns}, {"dump", newDump},
		{"parquet", newParquet}, {"csv", newCSV}, {"jsonl", newJSONL}, {"arrow", newArrow}, {"extract", newExtract},
		{"mlflow", newMLflow}, {"wandb", newWandb}, {"trackio", newTrackio}, {"postgres", newPostgres}, {"sqlite", newSQLite},
		{"verify", newVerify}, {"repair", newRepair}, {"version", newVersion},
		{nameCompletion, newCompletion}, {nameWords, newWords},
	}
}

// The commands that know the others.
const (
	nameCompletion = "completion"
	nameWords      = "__words"
)

// newRootFor is newRoot for a command line: with the one verb that it begins with,
// if that needs no other.
func newRootFor(c console, args []string) *cobra.Command {
	if len(args) > 0 && args[0] != nameCompletion && args[0] != nameWords {
		for _, v := range allVerbs() {
			if v.name == args[0] {
				root := newBareRoot(c)
				root.CompletionOptions.DisableDefaultCmd = true
				root.AddCommand(v.make(c))
				return root
			}
		}
	}
	root := newRoot(c)
	// Of a word that is no command, nobody knows the flags: it is the word that is wrong.
	root.FParseErrWhitelist.UnknownFlags = len(args) > 0 && !strings.HasPrefix(args[0], "-")
	return root
}

// newRoot is the program with all its commands, and what shells complete of them.
func newRoot(c console) *cobra.Command {
	root := newBareRoot(c)
	for _, v := range allVerbs() {
		root.AddCommand(v.make(c))
	}
	for _, cmd := range commands(root) {
		completeSelection(cmd)
		completeWords(cmd)
	}
	return root
}

func newBareRoot(c console) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "tbexport",
		Short: "Export TensorBoard event files to files, trackers and databases",
		Long: `tbexport reads TensorBoard event files and writes all that is in them, exactly:
scalars, hparams, text, histograms, images and the rest as Parquet, CSV, JSON
Lines or Arrow, and runs into MLflow, W&B, Trackio, PostgreSQL and SQLite.

A LOGDIR is a directory tree of runs, or one event file. Of several, the names
of runs begin with the LOGDIR as it was typed; NAME=PATH puts NAME/ there.`,
		Example: `  tbexport parquet logs -o scalars.parquet
  tbexport csv logs --tag '**/loss' | head`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return sayVersion(c)
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVarP(&version, "version", "V", false, "print the version")
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.AddGroup(&cobra.Group{ID: groupLook, Title: "Look:"}, &cobra.Group{ID: groupExport, Title: "Export:"},
		&cobra.Group{ID: groupMigrate, Title: "Migrate:"}, &cobra.Group{ID: groupCheck, Title: "Check:"})
	setHelp(root)
	return root
}

// commands are those below cmd, each followed by its own.
func commands(cmd *cobra.Command) (all []*cobra.Command) {
	for _, sub := range cmd.Commands() {
		all = append(append(all, sub), commands(sub)...)
	}
	return all
}

// The groups of verbs in the help.
const (
	groupLook    = "look"
	groupExport  = "export"
	groupMigrate = "migrate"
	groupCheck   = "check"
)
