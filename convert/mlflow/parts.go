package mlflow

import (
	"context"

	"tbexport/convert/plan"
)

// PartApart is the note on a run a part of which is a run of its own, too: it was
// made before the logs told that it is a part, as those of add_hparams do later.
const PartApart = "a part of it is in the experiment as a run of its own, too, made before the logs told that it is " +
	"a part"

// partsApart are the runs that are there of parts of r.
func (m *migration) partsApart(r *plan.Run) (runs []*serverRun) {
	for _, id := range r.PartIDs() {
		active, _ := byStage(m.index[id])
		runs = append(runs, active...)
	}
	return runs
}

// settleParts removes the runs of parts of r, which is complete, where no run is to
// be there beside another of its source, and notes them where they stay.
func (m *migration) settleParts(ctx context.Context, r *plan.Run, result *RunResult) error {
	for _, run := range m.partsApart(r) {
		if m.options.Existing != KeepOneExisting && m.options.Existing != ReplaceExisting {
			result.Notes = append(result.Notes, PartApart)
			return nil
		}
		if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
			return err
		}
	}
	return nil
}
