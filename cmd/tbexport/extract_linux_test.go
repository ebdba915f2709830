package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"tbexport/eventfile/eventfiletest"
)

// TestExtractTwice: of two extractions to one directory at once the second replaces nothing, and says what to do.
func TestExtractTwice(t *testing.T) {
	logs, dir := t.TempDir(), t.TempDir()
	var events []eventfiletest.Event
	for step := range int64(20_000) { // which takes a second
		events = append(events, eventfiletest.Summary(firstTime, step, eventfiletest.Text("t", fmt.Sprint(step))))
	}
	eventfiletest.Write(t, logs, eventfiletest.Tree{"run/" + eventFileName: eventfiletest.File(events...)})
	cmd, stderr := command(t, "extract", logs, "-o", filepath.Join(dir, "files"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for wait := time.Now(); len(entries(t, dir)) == 0 && time.Since(wait) < time.Minute; {
		time.Sleep(time.Millisecond)
	}
	mustCall(t, "extract", testdata(t, "logs", "sample"), "-o", filepath.Join(dir, "files"))
	before := tree(t, filepath.Join(dir, "files"))
	wantStatus(t, cmd.Wait(), statusFailed, stderr)
	wantMatch(t, stderr.String(), `files: .* came into being meanwhile: nothing was replaced; another process writes there, too: `+
		`choose another name, or run this again with --overwrite when it has ended\n$`)
	if after := tree(t, dir); len(after) != len(before) {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// TestExtractEndsEarly: an extraction that is interrupted leaves nothing, one that is killed nothing that the next one does
// not remove; and what was extracted before stays as it was.
func TestExtractEndsEarly(t *testing.T) {
	logs, few := t.TempDir(), testdata(t, "logs", "sample")
	events := []eventfiletest.Event{eventfiletest.Version(firstTime)}
	for step := range int64(50_000) { // which takes seconds
		events = append(events, eventfiletest.Summary(firstTime, step, eventfiletest.Text("t", fmt.Sprint(step))))
	}
	eventfiletest.Write(t, logs, eventfiletest.Tree{"run/" + eventFileName: eventfiletest.File(events...)})
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		for _, args := range [][]string{{"extract", "-o", "files"}, {"csv", "-o", "out.csv", "--extract", "files"}} {
			t.Run(fmt.Sprint(signal, args), func(t *testing.T) {
				dir := t.TempDir()
				files := filepath.Join(dir, "files")
				mustCall(t, "extract", few, "-o", files)
				before := tree(t, dir)
				args := slices.Clone(args)
				for i, arg := range args {
					if arg == "files" || arg == "out.csv" {
						args[i] = filepath.Join(dir, arg)
					}
				}
				cmd, stderr := command(t, append(args, logs, "--overwrite")...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				for wait := time.Now(); ; time.Sleep(time.Millisecond) {
					if written, _ := filepath.Glob(filepath.Join(dir, ".tbexport-*", "text", "run", "t", "*")); len(written) > 0 {
						break
					}
					if time.Since(wait) > time.Minute {
						_ = cmd.Process.Kill()
						t.Fatalf("no file was written: %v\n%s", cmd.Wait(), stderr)
					}
				}
				if err := cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				if err := cmd.Wait(); signal == syscall.SIGKILL && status(t, err) == -1 {
					// What it left is the next one's to remove.
					mustCall(t, "extract", few, "-o", files, "--overwrite")
					if slices.Contains(args, "--extract") {
						mustCall(t, "csv", few, "-o", filepath.Join(dir, "out.csv"))
						if err := os.Remove(filepath.Join(dir, "out.csv")); err != nil {
							t.Fatal(err)
						}
					}
				} else {
					wantStatus(t, err, statusInterrupted, stderr)
				}
				if after := tree(t, dir); !slices.Equal(after, before) {
					t.Errorf("before:\n%s\nafter:\n%s", before, after)
				}
			})
		}
	}
}
