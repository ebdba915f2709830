package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// keepDrawing draws whenever the files have changed, until ctx ends, which is
// how it is meant to end.
func (s *showFlags) keepDrawing(ctx context.Context, c console, args []string, wanted func(string) bool, screen screen,
	gather func(context.Context) (*drawing, error)) error {
	state := func() string { return logState(args, wanted) }
	draw := func() error {
		d, err := gather(ctx)
		if err != nil {
			return err
		}
		if fresh, err := s.look.screen(c); err == nil {
			screen = fresh // the window may have another size
		}
		var frame bytes.Buffer
		if err := s.writeText(console{out: &frame, err: c.err}, d, screen); err != nil {
			return err
		}
		_, err = c.out.Write(redraw(frame.Bytes()))
		return err
	}
	err := follow(ctx, state, draw, followEvery)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// follow calls draw at once and whenever state has changed. It returns what
// draw fails with, or ctx's error.
func follow(ctx context.Context, state func() string, draw func() error, every time.Duration) error {
	before, first := "", true
	for {
		wait := every
		if now := state(); first || now != before {
			begin := time.Now()
			if err := draw(); err != nil {
				return err
			}
			before, first = now, false
			wait = max(wait, 4*time.Since(begin))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// logState changes when an event file grows, comes or goes.
func logState(args []string, wanted func(string) bool) string {
	found, err := findRuns(args, wanted)
	if err != nil {
		return err.Error()
	}
	var state strings.Builder
	for _, run := range found.runs {
		for _, path := range run.Files {
			if info, err := os.Stat(path); err == nil {
				fmt.Fprintln(&state, path, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return state.String()
}

// redraw is what puts a frame over the one before it without a flicker: the
// cursor goes home, each line is cleared behind its text, and then the rest of
// the screen.
func redraw(frame []byte) []byte {
	frame = bytes.ReplaceAll(frame, []byte("\n"), []byte("\x1b[K\n"))
	return append(append([]byte("\x1b[H"), frame...), "\x1b[J"...)
}
