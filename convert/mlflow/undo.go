package mlflow

import (
	"context"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Undo finds the runs that migrations made of a plan, and, with remove, deletes
// those that nobody touched since: that have no point, param, tag or artifact
// that is not of the plan, and the name and description that they were made
// with. The others are Kept, and what is on them is their Theirs. Runs that are
// not complete are deleted too, and so are runs of parts of a run, which were made
// before the logs told that they are parts. A run below one that is kept is none the less
// deleted. MLflow keeps deleted runs until somebody clears them away.
func Undo(ctx context.Context, client *rest.Client, p *plan.Plan, o Options, remove bool) (*Result, error) {
	o.Verify = VerifyFull
	m := newMigration(client, p, o)
	m.listTheirs, m.sizesOnly = true, true
	if err := m.beginReading(ctx); err != nil {
		return &m.result, err
	}
	err := m.eachRun(ctx, p.Runs, func(ctx context.Context, r *plan.Run, result *RunResult) error {
		return m.undo(ctx, r, result, remove)
	})
	if err == nil {
		err = m.undoApart(ctx, client, o, remove)
	}
	return &m.result, err
}

// undoApart does the same for the runs that are there of parts of runs: see
// PartApart.
func (m *migration) undoApart(ctx context.Context, client *rest.Client, o Options, remove bool) error {
	var of []*plan.Run
	for _, r := range m.plan.Runs {
		if len(m.partsApart(r)) > 0 {
			of = append(of, r)
		}
	}
	if of == nil {
		return nil
	}
	apart, err := m.plan.Apart(ctx, of, o.Read)
	if err != nil {
		return err
	}
	result, err := Undo(ctx, client, apart, o, remove)
	for _, run := range result.Runs {
		if run.Outcome != Missing { // most parts never were runs
			m.result.Runs = append(m.result.Runs, run)
		}
	}
	m.result.Calls += result.Calls
	return err
}

func (m *migration) undo(ctx context.Context, r *plan.Run, result *RunResult, remove bool) error {
	found, _ := byStage(m.index[r.SourceID])
	if len(found) == 0 {
		result.Outcome = Missing
		return nil
	}
	result.Outcome = Removable
	for _, run := range found {
		full, err := m.server.getRun(ctx, run.Info.RunID)
		if err != nil {
			return err
		}
		if _, err := m.keepKeys(ctx, r, full); err != nil {
			return err
		}
		// Of what differs from the logs, only what is more than they have counts.
		if err := m.check(ctx, r, full, result, nil); err != nil {
			return err
		}
		result.RunID, result.Differences, result.Notes = run.Info.RunID, nil, nil
		if len(result.Theirs) > 0 {
			result.Outcome = Kept
			return nil
		}
	}
	if !remove {
		return nil
	}
	for _, run := range found {
		if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
			return err
		}
	}
	result.Outcome = Removed
	return nil
}
