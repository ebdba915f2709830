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
