package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// setHelp gives all verbs the same help: what it does, usage, examples, flags
// by group, exit statuses.
func setHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		// What cannot write its help cannot write that it cannot, either.
		fmt.Fprint(cmd.OutOrStdout(), helpText(cmd))
	})
}

// newHelp makes the verb help.
func newHelp() *cobra.Command {
	cmd := &cobra.Command{Use: "help [COMMAND]", Short: "Print the help of a command"}
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string,
		typed string) (names []string, _ cobra.ShellCompDirective) {
		of, err := commandOf(cmd.Root(), args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		for _, sub := range of.Commands() {
			if sub.IsAvailableCommand() && strings.HasPrefix(sub.Name(), typed) {
				names = append(names, sub.Name()+"\t"+sub.Short)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of, err := commandOf(cmd.Root(), args)
		if err != nil {
			return err
		}
		of.InitDefaultHelpFlag()
		return of.Help()
	}
	return cmd
}

// commandOf finds a command by its words, those of the commands above it first.
func commandOf(root *cobra.Command, words []string) (*cobra.Command, error) {
	of := root
	for _, word := range words {
		i := slices.IndexFunc(of.Commands(),
			func(sub *cobra.Command) bool { return sub.Name() == word || sub.HasAlias(word) })
		if i < 0 {
			return nil, noCommand(of, word)
		}
		of = of.Commands()[i]
	}
	return of, nil
}

// helpText is the help of a verb. The command reference is made of it, too.
func helpText(cmd *cobra.Command) string {
	// The exit statuses end a verb's text, and come last in its help.
	long, exit, _ := strings.Cut(cmd.Long, "\nExit status:")
	if long == "" {
		long = cmd.Short
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage:\n  %s\n", strings.TrimSpace(long), usageLine(cmd))
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	writeVerbs(&b, cmd)
	writeFlags(&b, cmd.LocalFlags())
	if exit != "" {
		fmt.Fprintf(&b, "\nExit status:%s\n", exit)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n'%s COMMAND --help' says more about a command.\n", cmd.CommandPath())
	}
	return b.String()
}

// usageLine is how a verb is called; of one that is nothing but its commands,
// that it takes one.
func usageLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() && !strings.Contains(cmd.Use, " ") {
		return cmd.CommandPath() + " COMMAND [flags]"
	}
	return cmd.UseLine()
}

// writeVerbs lists the commands below cmd by their groups.
func writeVerbs(b *strings.Builder, cmd *cobra.Command) {
	groups := append(cmd.Groups(), &cobra.Group{Title: "Other:"})
	for _, group := range groups {
		title := "\n" + group.Title + "\n"
		for _, sub := range cmd.Commands() {
			if sub.GroupID == group.ID && sub.IsAvailableCommand() {
				fmt.Fprintf(b, "%s  %-*s %s\n", title, sub.NamePadding(), sub.Name(), sub.Short)
				title = ""
			}
		}
	}
}

// helpWidth is the columns that a help fits.
const helpWidth = 80

// writeFlags lists flags by their groups, the verb's own first.
func writeFlags(b *strings.Builder, flags *pflag.FlagSet) {
	groups := []string{"Flags", "What is chosen", "How it is read", "What is said"}
	sets := make([]*pflag.FlagSet, len(groups))
	for i := range sets {
		sets[i] = pflag.NewFlagSet(groups[i], pflag.ContinueOnError)
		sets[i].SortFlags = false
	}
	flags.VisitAll(func(f *pflag.Flag) {
		wrapped := *f
		wrapped.Usage = strings.ReplaceAll(f.Usage, "\n", " ")
		if f.Value.Type() == "string" {
			wrapped.Value = word{f.Value}
		}
		sets[flagGroup(f.Name)].AddFlag(&wrapped)
	})
	for i, set := range sets {
		if usages := set.FlagUsagesWrapped(helpWidth); usages != "" {
			fmt.Fprintf(b, "\n%s:\n%s", groups[i], usages)
		}
	}
}

// word is the value of a flag that takes one of a few words, which to users is no
// "string".
type word struct{ pflag.Value }

func (word) Type() string { return "WORD" }

// flagGroup is the group of a flag: its name means the same in every verb.
func flagGroup(name string) int {
	switch name {
	case "run", "run-regex", "tag", "tag-regex", "steps", "since", "until", "sample", "restarts", "hparams":
		return 1
	case "strict", "ignore-crc", "no-verify", "wall-time-unit", "jobs", "temp-dir":
		return 2
	case "report", "quiet", "verbose", "width", "color", "progress", flagErrorFormat:
		return 3
	}
	return 0
}
