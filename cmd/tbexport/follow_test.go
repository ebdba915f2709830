package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
	err := follow(ctx, state, func() error { drawn++; return nil }, time.Millisecond)
	if !errors.Is(err, context.Canceled) || drawn != 3 {
		t.Errorf("drawn %d times, want 3; %v", drawn, err)
	}
	if err := follow(t.Context(), state, func() error { return errBroken }, time.Millisecond); err != errBroken {
		t.Errorf("got %v", err)
	}
}

// TestLogState: it changes when a file grows, and when one comes.
func TestLogState(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{logState([]string{dir}, nil): true}
	changed := func(what string) {
		t.Helper()
		s := logState([]string{dir}, nil)
		if seen[s] {
			t.Errorf("%s: no change", what)
		}
		seen[s] = true
	}
	path := filepath.Join(dir, eventFileName)
	mustWriteLog(t, path, steps(1, "loss"))
	changed("a file")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("more"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	changed("growth")
	mustWriteLog(t, filepath.Join(dir, "run", eventFileName), steps(1, "loss"))
	changed("a run")
	if s := logState([]string{dir}, nil); !seen[s] {
		t.Error("nothing happened, and yet it changed")
	}
}

func TestRedraw(t *testing.T) {
	if got := string(redraw([]byte("a\nb\n"))); got != "\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J" {
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
		if got := string(cutOff([]byte(c.text), c.height)); got != c.want {
			t.Errorf("%q on %d lines: got %q", c.text, c.height, got)
		}
	}
}

// TestChartHeight: charts fit the screen, beside each other where they are
// followed.
func TestChartHeight(t *testing.T) {
	for _, c := range []struct{ flag, screen, lines, share, want int }{
		{0, 0, 3, 1, 20}, {9, 50, 3, 1, 9}, {0, 24, 2, 1, 20}, {0, 24, 30, 1, 12}, {0, 100, 2, 1, 24},
		{0, 24, 1, 2, 9}, {0, 24, 1, 5, 8}, {0, 100, 1, 2, 24},
	} {
		s := showFlags{height: c.flag}
		if got := s.chartHeight(screen{height: c.screen}, c.lines, c.share); got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}
