//go:build unix

package trackio

import (
	"context"
	"fmt"
	"os"
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
	result, err := Write(context.Background(), p, Options{Dir: place, Project: "p"})
	if err == nil && !result.Good() {
		err = fmt.Errorf("not every run was written")
	}
	return err
}

// Killed at any moment and run again, nothing is missing or doubled.
func TestKilled(t *testing.T) {
	o := Options{Dir: t.TempDir(), Project: "p"}
	plantest.KillAndRunAgain(t, logs, o.Dir, 5)
	p := planOf(t, logs)
	verify(t, p, o)
	if got := query(t, o, "PRAGMA integrity_check"); got[0] != "ok" {
		t.Errorf("integrity: %s", got)
	}
}
