package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestShowsOnTerminal: colours and the terminal's width by themselves, and
// neither where users do not want them.
func TestShowsOnTerminal(t *testing.T) {
	sample := testdata(t, "logs", "sample")
	for name, c := range map[string]struct {
		env    []string
		colour bool
	}{
		"colours": {[]string{"TERM=xterm", "NO_COLOR="}, true}, "NO_COLOR": {[]string{"TERM=xterm", "NO_COLOR=1"}, false},
		"dumb": {[]string{"TERM=dumb", "NO_COLOR="}, false},
	} {
		for _, verb := range []string{"ls", "show"} {
			t.Run(name+" "+verb, func(t *testing.T) {
				cmd, stderr := command(t, verb, sample)
				cmd.Env = append(cmd.Environ(), append(c.env, "LC_ALL=C.UTF-8")...)
				seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stdout = terminal })
				wantStatus(t, err, statusDone, stderr)
				if got := strings.Contains(seen, "\x1b["); got != c.colour {
					t.Errorf("colours: %v: %.300q", got, seen)
				}
				if !strings.Contains(seen, "torch/baseline") {
					t.Errorf("seen: %.300q", seen)
				}
			})
		}
	}
}

// TestShowFollows: it waits for a writer, what that appends is drawn, so is all
// when the window changes, and an interrupt is the end of it and no failure.
func TestShowFollows(t *testing.T) {
	dir := t.TempDir()
	cmd, stderr := command(t, "show", dir, "--follow")
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	cmd.Stdout = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	frames := make(chan string, 100)
	go func() {
		defer close(frames)
		b := make([]byte, 1<<16)
		for {
			n, err := screen.Read(b)
			frames <- string(b[:n])
			if err != nil {
				return // EIO, when the program has ended, or EOF
			}
		}
	}()
	seen := ""
	await := func(text string) {
		t.Helper()
		for deadline := time.After(20 * time.Second); !strings.Contains(seen, text); {
			select {
			case frame, ok := <-frames:
				if seen += frame; !ok {
					t.Fatalf("no %q: %q, %v", text, seen, stderr)
				}
			case <-deadline:
				t.Fatalf("no %q in time: %q", text, seen)
			}
		}
		_, seen, _ = strings.Cut(seen, text)
	}
	await("no point yet")
	mustWriteLog(t, filepath.Join(dir, eventFileName), steps(3, "loss"))
	await("loss")
	await("\x1b[J")
	if err := pty.Setsize(screen, &pty.Winsize{Rows: 30, Cols: 50}); err != nil {
		t.Fatal(err)
	}
	await("loss")
	await("\x1b[J")
	mustWriteLog(t, filepath.Join(dir, "second", eventFileName), steps(3, "loss"))
	await("second")
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for range frames { // until the program has closed the terminal
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted: %v, %v", err, stderr)
	}
}
