package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tbexport/eventfile"
	"tbexport/internal/ui"
)

// followEvery is how often files are looked at, at the least; reading them
// takes at most a fifth of the time.
const followEvery = time.Second

// keepDrawing draws whenever the files or the window have changed, until ctx
// ends, which is how it is meant to end.
func (s *showFlags) keepDrawing(ctx context.Context, c console, args []string, wanted chosen,
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
		return fmt.Sprint(screen) + logState(ctx, args, wanted)
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
	_, err = io.WriteString(c.out, "\n") // after the terminal's ^C
	return err
}

// logState changes when an event file grows, comes or goes.
func logState(ctx context.Context, args []string, wanted chosen) string {
	found, err := findLogs(ctx, args, wanted.runs)
	if err != nil {
		return err.Error()
	}
	var state strings.Builder
	found.files(ctx, func(run *eventfile.Run, file eventfile.File) {
		fmt.Fprintln(&state, run.Name, file.Size(), file.ModTime().UnixNano())
	})
	return state.String()
}
