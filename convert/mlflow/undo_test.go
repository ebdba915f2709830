package mlflow

import (
	"testing"
)

// Undo deletes what nobody touched, and what it deletes can be migrated again.
func TestUndo(t *testing.T) {
	f, logdir := newFake(t), t.TempDir()
	for _, run := range []string{"a", "b", "c"} {
		write(t, logdir, run, "1"+run, scalar(1000, 1, "loss", 1), scalar(1001, 2, "loss", 2))
	}
	p := makePlan(t, logdir, everything)
	touched := f.runs[mustMigrate(t, f.URL, p, Created).Runs[1].RunID]
	touched.Data.Tags = append(touched.Data.Tags, pair{"best", "yes"})
	// Logs that grew since are no reason to keep a run.
	write(t, logdir, "c", "2", scalar(1002, 3, "loss", 3))
	p = makePlan(t, logdir, everything)
	undo := func(remove bool, want ...Outcome) {
		t.Helper()
		result, err := Undo(t.Context(), f.client(t), p, Options{Experiment: "e"}, remove)
		if err != nil || !result.Good() && want[0] != Missing {
			t.Fatal(err)
		}
		for i, run := range result.Runs {
			if run.Outcome != want[i] || (run.Outcome == Kept) != (len(run.Theirs) > 0) {
				t.Errorf("%s: %s, %v, want %s", run.Plan.Path, run.Outcome, run.Theirs, want[i])
			}
		}
	}
	undo(false, Removable, Kept, Removable)
	if n := f.count("runs/delete"); n != 0 {
		t.Errorf("%d runs deleted", n)
	}
	undo(true, Removed, Kept, Removed)
	undo(true, Missing, Kept, Missing)
	result, err := migrate(t, f.URL, p)
	if err != nil || !result.Good() || result.Runs[0].Outcome != Created || result.Runs[1].Outcome != Skipped || result.Runs[2].Outcome != Created {
		t.Errorf("%v, %+v", err, result.Runs[0])
	}
	f.wantNoDoubles(t, 3)
}
