package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"tbexport/convert/output"
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

const exitHelp = `Exit status:
  0    done (a file that ends inside a record, as a live writer leaves it, included)
  1    failed: nothing was written
  2    wrong usage
  3    done, but something could not be read: corrupt records, unreadable files
  130  interrupted: no file was written`

// console is where a command writes: data to out, words to err.
type console struct {
	out, err io.Writer
}

// outIsTerminal reports whether out is a terminal.
func (c console) outIsTerminal() bool { return ui.IsTerminal(c.out) }

func (c console) errIsTerminal() bool { return ui.IsTerminal(c.err) }

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
	root := newRoot(c)
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
		c.sayError(command, "interrupted", "interrupted, no file was written", "")
		return statusInterrupted
	case errors.As(err, &usage):
		c.sayError(command, "usage", err.Error(), fmt.Sprintf("Try '%s --help'.", command.CommandPath()))
		return statusUsage
	}
	kind := errorKind(err)
	var write *output.WriteError
	if errors.As(err, &write) {
		err = write
	}
	if errors.Is(err, output.ErrExists) {
		err = fmt.Errorf("%w: choose another name, or give --overwrite", err)
	}
	text := err.Error()
	if !wantsJSON(command) {
		text = "error: " + text
	}
	c.sayError(command, kind, text, "")
	return statusFailed
}

func newRoot(c console) *cobra.Command {
	root := &cobra.Command{
		Use:   "tbexport",
		Short: "Export TensorBoard event files to Parquet, CSV, JSON Lines and Arrow",
		Long: `tbexport reads TensorBoard event files and writes every scalar of every run,
exactly, as Parquet, CSV, JSON Lines or Arrow.

A LOGDIR is a directory tree of runs, or one event file. Of several, the names
of runs begin with the LOGDIR as it was typed; NAME=PATH puts NAME/ there.`,
		Example: `  tbexport parquet logs -o scalars.parquet
  tbexport csv logs --tag '**/loss' | head`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddGroup(&cobra.Group{ID: groupLook, Title: "Look:"}, &cobra.Group{ID: groupExport, Title: "Export:"}, &cobra.Group{ID: groupMigrate, Title: "Migrate:"}, &cobra.Group{ID: groupCheck, Title: "Check:"})
	root.AddCommand(newLs(c), newShow(c), newRuns(c), newDump(c))
	root.AddCommand(newParquet(c), newCSV(c), newJSONL(c), newArrow(c), newMLflow(c), newVerify(c), newRepair(c), newVersion(c))
	for _, cmd := range commands(root) {
		completeSelection(cmd)
		completeWords(cmd)
	}
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
