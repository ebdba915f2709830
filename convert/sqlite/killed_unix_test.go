//go:build unix

package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tbexport/convert/plan"
	"tbexport/convert/plan/plantest"
	"tbexport/convert/sqlmodel"
	"tbexport/convert/sqlmodel/sqlmodeltest"
)

// TestMain lets the test's own program be the one that is killed: with a file in
// its environment it writes and does nothing else.
func TestMain(m *testing.M) { os.Exit(plantest.Main(m, os.Stderr, writeAll)) }

func writeAll(logdir, place string) error {
	ctx := context.Background()
	p, err := plantest.PlanOf(logdir, sqlmodel.Rules(), plan.Options{Fold: true})
	if err != nil {
		return err
	}
	d, err := Open(ctx, place, nil)
	if err != nil {
		return err
	}
	_, err = sqlmodel.Write(ctx, d, p, sqlmodel.Options{})
	return errors.Join(err, d.Close())
}

// Killed at any moment and run again, nothing is missing or doubled, and the file
// is whole by itself.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	plantest.KillAndRunAgain(t, sqlmodeltest.Logs, path, 5)
	if beside, err := filepath.Glob(path + "-*"); err != nil || len(beside) > 0 {
		t.Errorf("left beside the file: %v, %v", beside, err)
	}
	d, err := OpenToRead(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p := sqlmodeltest.Plan(t, sqlmodeltest.Logs)
	sqlmodeltest.Verify(t, d, p)
	if n := sqlmodeltest.Count(t, d, "SELECT count(*) FROM point"); n != p.Totals().Points {
		t.Errorf("%d points, want %d", n, p.Totals().Points)
	}
	if n := sqlmodeltest.Count(t, d, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"); n != 1 {
		t.Error("the file is damaged")
	}
	if n := sqlmodeltest.Count(t, d, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'delete'"); n != 1 {
		t.Error("the file is still in WAL mode")
	}
}
