package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

//go:generate go test -run ^TestReference$ -update .

// TestReference holds REFERENCE.md, the reference of all commands, to their
// help, which is where it comes from.
func TestReference(t *testing.T) {
	root := newRoot(console{out: new(bytes.Buffer), err: new(bytes.Buffer)})
	var b strings.Builder
	b.WriteString("# tbexport: command reference\n\nThe help of every command. Written by `go generate ./cmd/tbexport`.\n")
	for _, cmd := range append([]*cobra.Command{root}, commands(root)...) {
		if cmd.Name() == "help" || cmd.Hidden || strings.HasPrefix(cmd.CommandPath(), "tbexport completion") {
			continue // not for reference
		}
		cmd.InitDefaultHelpFlag()
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s```\n", cmd.CommandPath(), helpText(cmd))
	}
	golden(t, "REFERENCE.md", b.String())
}

// TestHelpLayout: every verb's help has the same parts, in the same order, and
// fits a terminal.
func TestHelpLayout(t *testing.T) {
	root := newRoot(console{out: new(bytes.Buffer), err: new(bytes.Buffer)})
	for _, cmd := range commands(root) {
		if cmd.Hidden || strings.HasPrefix(cmd.CommandPath(), "tbexport completion") {
			continue
		}
		cmd.InitDefaultHelpFlag()
		text := helpText(cmd)
		at := -1
		for _, part := range []string{"\nUsage:\n", "\nExamples:\n", "\nFlags:\n", "\nExit status:"} {
			i := strings.Index(text, part)
			if i < 0 && part != "\nFlags:\n" && cmd.Name() != "version" {
				t.Errorf("%s: no %q", cmd.CommandPath(), part)
			}
			if i >= 0 && i < at {
				t.Errorf("%s: %q is out of order", cmd.CommandPath(), part)
			}
			at = max(at, i)
		}
		for _, line := range strings.Split(text, "\n") {
			if len(line) > helpWidth {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), len(line), line)
			}
		}
	}
}
