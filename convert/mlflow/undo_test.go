package mlflow

import (
	"testing"

	pb "tbexport/proto"
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

// A run of what the logs later tell to be a part of another is one that the migration made, too.
func TestUndoOfAPart(t *testing.T) {
	for _, touched := range []bool{false, true} {
		f, logdir := newFake(t), t.TempDir()
		const part = "exp/1636363636.5"
		write(t, logdir, "exp", "1", scalar(1000, 1, "loss", 1))
		write(t, logdir, part, "1", scalar(1001, 1, "hparam/acc", 1))
		apart := f.runs[mustMigrate(t, f.URL, makePlan(t, logdir, everything), Created).Runs[1].RunID]
		if touched {
			apart.Data.Tags = append(apart.Data.Tags, pair{"best", "yes"})
		}
		start := started([]*pb.HParam{{Name: []byte("lr"), Value: number(0.5)}})
		write(t, logdir, part, "1", scalar(1001, 1, "hparam/acc", 1), start)
		p := makePlan(t, logdir, everything)
		mustMigrate(t, f.URL, p, Completed)
		for _, want := range []Outcome{Removable, Removed, Kept} {
			if touched {
				want = Kept
			}
			result, err := Undo(t.Context(), f.client(t), p, Options{Experiment: "e"}, want != Removable)
			if err != nil {
				t.Fatal(err)
			}
			last := result.Runs[len(result.Runs)-1]
			if gone := want == Kept && !touched; gone != (len(result.Runs) == 1) || !gone && (last.Plan.Path != part ||
				last.Outcome != want || last.RunID != apart.Info.RunID) {
				t.Errorf("%d runs; %s: %s, %v, want %s", len(result.Runs), last.Plan.Path, last.Outcome, last.Theirs, want)
			}
		}
		if apart.deleted() == touched {
			t.Errorf("touched: %t, deleted: %t", touched, apart.deleted())
		}
	}
}
