package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

// TestScripts runs testdata/script: what users type, and every word they get back. The repository's logs and damaged
// files are there as logs and damaged.
func TestScripts(t *testing.T) {
	logs, damaged := testdata(t, "logs"), testdata(t, "damaged")
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			return errors.Join(
				os.Symlink(logs, filepath.Join(e.WorkDir, "logs")),
				os.Symlink(damaged, filepath.Join(e.WorkDir, "damaged")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits STATUS COMMAND... runs the command, which must end with that status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("status %d, want %d", got, want)
	}
}

// TestHelp holds the help of every command to testdata/help.
func TestHelp(t *testing.T) {
	var names []string
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".txt"
		names = append(names, name)
		t.Run(name, func(t *testing.T) {
			args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
			o := mustCall(t, args...)
			if o.err != "" {
				t.Errorf("the help also went to stderr:\n%s", o.err)
			}
			golden(t, filepath.Join("testdata", "help", name), o.stdout)
		})
		for _, sub := range cmd.Commands() {
			if !sub.Hidden {
				walk(sub)
			}
		}
	}
	root := newRoot(console{out: &bytes.Buffer{}, err: &bytes.Buffer{}})
	walk(root)
	for _, name := range entries(t, filepath.Join("testdata", "help")) {
		if !slices.Contains(names, name) {
			t.Errorf("testdata/help/%s is of no command", name)
		}
	}
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		mustWrite(t, path, []byte(got))
	}
	if want := string(mustRead(t, path)); got != want {
		t.Errorf("%s (go test -update writes it anew)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
