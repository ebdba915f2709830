package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestLookScripts runs testdata/script-look: what ls, show and dump print, at
// several widths, with and without UTF-8 and colours.
func TestLookScripts(t *testing.T) {
	logs, damaged := testdata(t, "logs"), testdata(t, "damaged")
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script-look"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C.UTF-8")
			return errors.Join(
				os.Symlink(logs, filepath.Join(e.WorkDir, "logs")),
				os.Symlink(damaged, filepath.Join(e.WorkDir, "damaged")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "has": has},
	})
}

// has FILE TEXT... fails unless the file has each of the texts, which may be
// written with the escapes of Go.
func has(ts *testscript.TestScript, neg bool, args []string) {
	content := []byte(ts.ReadFile(args[0]))
	for _, text := range args[1:] {
		want := unescape(text)
		if bytes.Contains(content, want) == neg {
			ts.Fatalf("%q in %s: %v", want, args[0], neg)
		}
	}
}

// unescape reads \e, the sign that begins a terminal's sequences.
func unescape(text string) []byte {
	return bytes.ReplaceAll([]byte(text), []byte(`\e`), []byte("\x1b"))
}
