//go:build unix

package wandb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/rows"
)

// TestMain lets the test's own program be the one that is killed: with a
// directory in its environment it writes and does nothing else.
func TestMain(m *testing.M) { os.Exit(plantest.Main(m, os.Stderr, writeAll)) }

func writeAll(logdir, place string) error {
	p, err := plantest.PlanOf(logdir, Rules(), plan.Options{Fold: true, Media: rows.MediaForms()})
	if err != nil {
		return err
	}
	result, err := Write(context.Background(), p, Options{Dir: place})
	if err == nil && !result.Good() {
		err = fmt.Errorf("not every run was written")
	}
	return err
}

// Killed at any moment and run again, nothing is missing, doubled or left.
func TestKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wandb")
	plantest.KillAndRunAgain(t, logs, dir, 5)
	p := planOf(t, logs)
	verify(t, p, Options{Dir: dir})
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "offline-run-") {
			runs++
		} else if _, err := os.Stat(filepath.Join(dir, e.Name(), ".under-way")); err == nil {
			// Between its lock and its name a directory is neither, and may stay.
			t.Errorf("left: %s", e.Name())
		}
	}
	if runs != len(p.Runs) {
		t.Errorf("%d directories for %d runs", runs, len(p.Runs))
	}
}

// Another process writes there: that one waits is told, and the end of the context
// ends it.
func TestWaiting(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	release, err := lock(t.Context(), o.Dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	told := 0
	o.Waiting = func() { told++; cancel() }
	if _, err := Write(ctx, planOf(t, logs+"/sample"), o); !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
}
