package main

import (
	"os"
	"path/filepath"
	"testing"

	"tbexport/internal/ui"
)

// TestLogState: it changes when a file grows, and when one comes.
func TestLogState(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{logState(t.Context(), []string{dir}, chosen{}): true}
	changed := func(what string) {
		t.Helper()
		s := logState(t.Context(), []string{dir}, chosen{})
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
	if s := logState(t.Context(), []string{dir}, chosen{}); !seen[s] {
		t.Error("nothing happened, and yet it changed")
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
		if got := s.chartHeight(ui.Screen{Height: c.screen}, c.lines, c.share); got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}
