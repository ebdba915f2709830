package ui

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// Follow calls draw at once and whenever state has changed. It returns what
// draw fails with, or ctx's error.
func Follow(ctx context.Context, state func() string, draw func() error, every time.Duration) error {
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

// CutOff is as many lines as a screen has, without its last, where the cursor
// is to stay: one more, and all would scroll away. The last line left says that
// there are more, and advises what to do.
func CutOff(text []byte, height int, advice string) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if n := height - 1; n > 0 && len(lines)-1 > n { // the last of lines is empty
		text = fmt.Appendf(bytes.Join(lines[:n-1], nil), "%d lines more: %s\n", len(lines)-n, advice)
	}
	return text
}

// Redraw is what puts a frame over the one before it without a flicker: the
// cursor goes home, each line is cleared behind its text, and then the rest of
// the screen.
func Redraw(frame []byte) []byte {
	frame = bytes.ReplaceAll(frame, []byte("\n"), []byte("\x1b[K\n"))
	return append(append([]byte("\x1b[H"), frame...), "\x1b[J"...)
}
