package ui

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestFollow(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	states := []string{"a", "a", "b", "b", "c"}
	asked, drawn := 0, 0
	state := func() string {
		s := states[min(asked, len(states)-1)]
		if asked++; asked == 8 {
			cancel()
		}
		return s
	}
	err := Follow(ctx, state, func() error { drawn++; return nil }, time.Millisecond)
	if !errors.Is(err, context.Canceled) || drawn != 3 {
		t.Errorf("drawn %d times, want 3; %v", drawn, err)
	}
	if err := Follow(t.Context(), state, func() error { return errBroken }, time.Millisecond); err != errBroken {
		t.Errorf("got %v", err)
	}
}

func TestRedraw(t *testing.T) {
	if got := string(Redraw([]byte("a\nb\n"))); got != "\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J" {
		t.Errorf("got %q", got)
	}
}

// TestCutOff: a frame that is higher than the screen would scroll it.
func TestCutOff(t *testing.T) {
	for _, c := range []struct {
		text   string
		height int
		want   string
	}{
		{"1\n2\n3\n", 0, "1\n2\n3\n"},
		{"1\n2\n3\n", 4, "1\n2\n3\n"},
		{"1\n2\n3\n4\n", 4, "1\n2\n2 lines more: choose with --tag, or --height\n"},
	} {
		if got := string(CutOff([]byte(c.text), c.height, "choose with --tag, or --height")); got != c.want {
			t.Errorf("%q on %d lines: got %q", c.text, c.height, got)
		}
	}
}
