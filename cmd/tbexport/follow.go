package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tbexport/eventfile"
)

// keepDrawing draws whenever the files or the window have changed, until ctx
// ends, which is how it is meant to end.
func (s *showFlags) keepDrawing(ctx context.Context, c console, args []string, wanted func(string) bool,
	gather func(context.Context) (*drawing, error)) error {
	screen, err := s.look.screen(c)
	if err != nil {
		return err
	}
	// What the terminal shows now goes up, instead of being drawn over.
	if _, err := io.WriteString(c.out, strings.Repeat("\n", screen.height)); err != nil {
		return err
	}
	state := func() string {
		if fresh, err := s.look.screen(c); err == nil {
			screen = fresh
		}
		return fmt.Sprint(screen) + logState(args, wanted)
	}
	draw := func() error {
		d, err := gather(ctx)
		if errors.Is(err, eventfile.ErrNoEventFiles) {
			d, err = new(drawing), nil // the writer comes later
		}
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := s.writeText(&text, d, screen); err != nil {
			return err
		}
		if text.Len() == 0 {
			text.WriteString("no point yet\n")
		}
		_, err = c.out.Write(redraw(cutOff(text.Bytes(), screen.height)))
		return err
	}
	err = follow(ctx, state, draw, followEvery)
	if ctx.Err() == nil {
		return err
	}
	_, err = io.WriteString(c.out, "\n") // behind the terminal's ^C
	return err
}

// cutOff is as many lines as a screen has, without its last, where the cursor
// is to stay: one more, and all would scroll away. The last line left says that
// there are more.
func cutOff(text []byte, height int) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if n := height - 1; n > 0 && len(lines)-1 > n { // the last of lines is empty
		text = fmt.Appendf(bytes.Join(lines[:n-1], nil), "%d lines more: choose with --tag, or --height\n", len(lines)-n)
	}
	return text
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
