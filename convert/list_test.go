package convert

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"tbexport/eventfile/dirstore"
)

// TestListCountsSuperseded: the second reading counts what exports count.
func TestListCountsSuperseded(t *testing.T) {
	runs, _, err := dirstore.New(dirstore.Logdir{Path: filepath.Join("..", "testdata", "logs")}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := List(t.Context(), runs, Options{Jobs: 3})
	if err != nil {
		t.Fatal(err)
	}
	want, err := each(t.Context(), runs, Options{}, pass)
	if err != nil {
		t.Fatal(err)
	}
	superseded := int64(0)
	for i, s := range want.Runs {
		g := got.Runs[i]
		if g.Run != s.Run || g.SupersededByStep != s.SupersededByStep || g.SupersededBySession != s.SupersededBySession {
			t.Errorf("%s: %d and %d superseded, want %d and %d of %s", g.Run, g.SupersededByStep, g.SupersededBySession,
				s.SupersededByStep, s.SupersededBySession, s.Run)
		}
		superseded += s.SupersededByStep
	}
	if superseded == 0 {
		t.Error("no run of the logs goes back")
	}
}

func TestListInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	runs, _, err := dirstore.New(dirstore.Logdir{Path: filepath.Join("..", "testdata", "logs", "restarts")}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := List(ctx, runs, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
