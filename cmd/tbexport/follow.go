package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tbexport/eventfile"
	"tbexport/internal/ui"
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
	if _, err := io.WriteString(c.out, strings.Repeat("\n", screen.Height)); err != nil {
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
		_, err = c.out.Write(ui.Redraw(ui.CutOff(text.Bytes(), screen.Height, "choose with --tag, or --height")))
		return err
	}
	err = ui.Follow(ctx, state, draw, followEvery)
	if ctx.Err() == nil {
		return err
	}
	_, err = io.WriteString(c.out, "\n") // behind the terminal's ^C
	return err
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
