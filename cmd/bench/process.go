package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// An outcome is what one run of a program took.
type outcome struct {
	seconds   float64
	processor float64 // seconds of all cores; depends less on what else the machine does
	peak      int64   // bytes of memory at most; 0: the system does not tell
}

// A program is one side of a comparison.
type program struct {
	name string
	run  func(ctx context.Context) (outcome, error)
}

// command is a program that is over when its process is. before, which is not
// timed, may be nil.
func command(name string, before func() error, argv ...string) program {
	return program{name, func(ctx context.Context) (outcome, error) {
		if before != nil {
			if err := before(); err != nil {
				return outcome{}, err
			}
		}
		o, _, err := execute(ctx, argv)
		return o, err
	}}
}

// execute runs argv and returns what it printed to stdout.
func execute(ctx context.Context, argv []string) (outcome, string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	seconds := time.Since(start).Seconds()
	if err != nil {
		return outcome{}, "", fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, lastLines(stderr.String()))
	}
	return taken(cmd.ProcessState, seconds), stdout.String(), nil
}

// untilLine is a server that has done its work when it prints a line with the
// given text to stderr. It is ended then.
func untilLine(name, text string, argv ...string) program {
	return program{name, func(ctx context.Context) (outcome, error) {
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		stderr, err := cmd.StderrPipe()
		if err != nil {
			return outcome{}, err
		}
		start := time.Now()
		if err := cmd.Start(); err != nil {
			return outcome{}, err
		}
		var seconds float64
		lines := bufio.NewScanner(stderr)
		for seconds == 0 && lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				seconds = time.Since(start).Seconds()
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
		if seconds == 0 {
			return outcome{}, fmt.Errorf("%s ended without saying %q", strings.Join(argv, " "), text)
		}
		return taken(cmd.ProcessState, seconds), nil
	}}
}

// taken is the outcome of an ended process that took so many seconds.
func taken(p *os.ProcessState, seconds float64) outcome {
	return outcome{seconds, (p.UserTime() + p.SystemTime()).Seconds(), peakMemory(p)}
}

func lastLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}
