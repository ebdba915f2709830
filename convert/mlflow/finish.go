package mlflow

import (
	"context"

	"tbexport/convert/plan"
)

// finish reads the run back, and closes it if nothing differs. Its state is
// set last: a run without it is looked at again.
func (m *migration) finish(ctx context.Context, r *plan.Run, o *openedRun, result *RunResult) error {
	parent := ""
	if r.Parent != nil {
		above, err := m.open(ctx, r.Parent)
		if err != nil {
			return err
		}
		parent = above.run.Info.RunID
	}
	tags := m.tags(r, parent)
	if !o.created {
		if err := m.server.logPairs(ctx, result.RunID, "tags", tags); err != nil {
			return err
		}
	}
	state := stateSent
	if m.options.Verify != VerifyNone {
		state = stateComplete
		run, err := m.server.getRun(ctx, result.RunID)
		if err != nil {
			return err
		}
		if err := m.check(ctx, r, run, result, tags); err != nil || len(result.Differences) > 0 {
			return err
		}
	}
	if err := m.server.endRun(ctx, result.RunID, r.Status.OrFinished(), milliseconds(r.End)); err != nil {
		return err
	}
	return m.server.logPairs(ctx, result.RunID, "tags", []pair{{tagDigest, r.Digest}, {tagState, state}})
}
