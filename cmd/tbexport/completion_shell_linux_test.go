package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tbexport/internal/peers"

	"github.com/creack/pty"
)

// shellNames are tags that a shell would run something for, or take apart.
// Whatever runs makes the file "ran".
func shellNames() []string {
	return []string{
		"$(touch ran)", "`touch ran`", "$(touch ran)b", "`touch ran`b", "; touch ran;", "'; touch ran; '", `"; touch ran; "`,
		"a|touch ran", "a&touch ran&", "b> ran", "c\\$(touch ran)", "<(touch ran)", "two words", "acc (top 5)", "{a,b}c", "d*", "!touch",
		"~", "${x:=y}", "x=$(touch ran)", "x:$(touch ran)", "(touch ran)", "#hash", "損 失",
	}
}

// shellSession is an interactive shell on a terminal.
type shellSession struct {
	t    *testing.T
	keys *os.File
	mu   sync.Mutex
	seen bytes.Buffer
	n    int
}

// shellPath is where a shell is; without it the test is left out, or fails where
// nothing may be.
func shellPath(t *testing.T, name string) string {
	t.Helper()
	return peers.Program(t, name, name)
}

func shellEnv(dir string) []string {
	return append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TERM=dumb", "HOME="+dir, "PS1=$ ", "HISTFILE=")
}

// startShell starts a shell that has the program, as tbexport, and completes its
// command lines, in a new directory.
func startShell(t *testing.T, name string) (s *shellSession, dir string) {
	t.Helper()
	path := shellPath(t, name)
	dir = t.TempDir()
	if err := os.Symlink(binary(t), filepath.Join(dir, "tbexport")); err != nil {
		t.Fatal(err)
	}
	args := map[string][]string{"bash": {"--norc", "--noprofile", "-i"}, "zsh": {"-f", "-i"}}[name]
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = shellEnv(dir)
	keys, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 500, Cols: 300})
	if err != nil {
		t.Fatal(err)
	}
	s = &shellSession{t: t, keys: keys}
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, err := keys.Read(b)
			s.mu.Lock()
			s.seen.Write(b[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		_ = keys.Close()
	})
	setup := map[string]string{
		"bash": "source <(tbexport completion bash)\n",
		"zsh":  "autoload -U compinit && compinit -u -D; setopt nolistbeep; LISTMAX=1000; source <(tbexport completion zsh)\n",
	}[name]
	s.send(setup)
	s.settle()
	return s, dir
}

func (s *shellSession) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.keys, text); err != nil {
		s.t.Fatal(err)
	}
}

// settle waits until the shell has done all that it was sent, and returns what
// was seen.
func (s *shellSession) settle() string {
	s.t.Helper()
	s.n++
	s.send(fmt.Sprintf("echo settled-%d-$((40+2))\n", s.n))
	want := fmt.Sprintf("settled-%d-42", s.n)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		seen := s.seen.String()
		s.mu.Unlock()
		if strings.Contains(seen, want) {
			s.mu.Lock()
			s.seen.Reset()
			s.mu.Unlock()
			return seen
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Fatalf("no %s in time: %q", want, s.seen.String())
	return ""
}

// TestShellsRunNoNames: however one presses TAB, no shell runs what a log calls
// its tags, and each tag can be completed to itself.
func TestShellsRunNoNames(t *testing.T) {
	for _, name := range []string{"bash", "zsh"} {
		t.Run(name, func(t *testing.T) {
			s, dir := startShell(t, name)
			mustWriteLog(t, filepath.Join(dir, "logs", eventFileName), steps(1, shellNames()...))
			const clear = "\x15" // the line is taken back
			check := func(typed string) {
				t.Helper()
				if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
					t.Fatalf("%s and TAB: a name was run", typed)
				}
			}
			// TAB twice, and again and again, after nothing and in quotes.
			for _, typed := range []string{"", "'", `"`, `\$`, "\\`", "x", "c", `\;`, "a", `'$`, `"\$`} {
				s.send("tbexport csv logs --tag " + typed + "\t\t\t\t\t\t" + clear)
				seen := s.settle()
				check(typed)
				if typed == "" && !strings.Contains(seen, "words") {
					t.Errorf("nothing is offered: %q", seen)
				}
			}
			s.send("tbexport runs logs --sort metrics.\t\t\t" + clear + "tbexport runs logs --filter 'metrics.\t\t\t" + clear)
			s.settle()
			check("--sort")
			// What a name becomes is that name.
			for typed, tag := range map[string]string{
				"tw": "two words", "ac": "acc (top 5)", "c": "c\\$(touch ran)", `\(`: "(touch ran)", "'tw": "two words", `"tw`: "two words", "b": "b> ran",
				`\#`: "#hash", "損": "損 失",
			} {
				s.send("tbexport csv logs --tag " + typed + "\t\n")
				seen := s.settle()
				check(typed)
				if want := ".," + tag + ",0,"; !strings.Contains(seen, want) {
					t.Errorf("%s and TAB: no %q in %q", typed, want, seen)
				}
			}
		})
	}
}

// TestFishRunsNoNames: fish completes without evaluating what stands on the
// line already, and is given the names as they are, which it quotes by itself.
func TestFishRunsNoNames(t *testing.T) {
	fish := shellPath(t, "fish")
	dir := t.TempDir()
	if err := os.Symlink(binary(t), filepath.Join(dir, "tbexport")); err != nil {
		t.Fatal(err)
	}
	mustWriteLog(t, filepath.Join(dir, "logs", eventFileName), steps(1, shellNames()...))
	for line, want := range map[string]string{
		"tbexport csv logs --tag tw":                         "two words",
		"tbexport csv logs --tag '$(touch ran)' --tag 'acc ": "acc (top 5)",
		"tbexport csv logs --tag '(touch ran)' --tag=tw":     "--tag=two words",
		"tbexport ls logs --sort ti":                         "time",
		"tbexport runs logs --sort 'metrics.`tw":             "metrics.`two words`",
	} {
		cmd := exec.Command(fish, "--no-config", "-c", "tbexport completion fish | source; complete -C $argv[1]", line)
		cmd.Dir, cmd.Env = dir, shellEnv(dir)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s: offered %q, %v, want %q", line, out, err, want)
		}
		if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
			t.Fatalf("%s: a name was run", line)
		}
	}
}
