package mlflow

import (
	"context"
	"slices"

	"tbexport/convert/plan"
)

// finish reads the run back, and closes it if nothing differs. Its state is
// set last, when its status and end have been read back: a run without it is
// looked at again.
func (m *migration) finish(ctx context.Context, r *plan.Run, o *openedRun, run *serverRun, result *RunResult) error {
	parent, err := m.parentOf(ctx, r)
	if err != nil {
		return err
	}
	tags, err := m.tags(ctx, r, parent)
	if err != nil {
		return err
	}
	if !o.created {
		if err := m.server.logPairs(ctx, result.RunID, "tags", m.renewed(tags, run)); err != nil {
			return err
		}
		if err := m.dropOldTags(ctx, run); err != nil {
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
	w := readWrote(run.tag(tagWrote))
	if err := w.addPlan(m, r); err != nil {
		return err
	}
	if o.created {
		w.add("name", r.Name)
	}
	if status, end := m.endedByOthers(r, run); !status && !end {
		if closed, err := m.close(ctx, r, result); err != nil || !closed {
			return err
		}
		w.status, w.end = string(r.Status.OrFinished()), milliseconds(r.End)
	}
	if err := m.setUnkept(ctx, run, result.Unkept); err != nil {
		return err
	}
	if err := m.server.setTag(ctx, run, tagParams, changedKeys(result.ChangedParams)); err != nil {
		return err
	}
	return m.server.logPairs(ctx, result.RunID, "tags",
		[]pair{{tagDigest, r.Digest}, {tagWrote, w.String()}, {tagState, state}})
}

// close gives a run its status and end; false: the server has others.
func (m *migration) close(ctx context.Context, r *plan.Run, result *RunResult) (bool, error) {
	status, end := r.Status.OrFinished(), milliseconds(r.End)
	closed, err := m.server.endRun(ctx, result.RunID, status, end)
	if err != nil || closed.ended(status, end) {
		return err == nil, err
	}
	var c comparison
	c.text("status", "", string(status), closed.Info.Status)
	c.text("end", "", endClock(end), endClock(closed.Info.End))
	result.Differences = append(result.Differences, c.differences...)
	return false, nil
}

// renewed are the tags that a run that was there gets: what this program says of
// it, and no tag that is for people to change.
func (m *migration) renewed(tags []pair, run *serverRun) []pair {
	own := slices.DeleteFunc(slices.Clone(tags), func(tag pair) bool {
		return !ownTag(tag.Key) && (tag.Key != tagNote || !m.options.ownDescription(run))
	})
	return append(m.missing(run), own...)
}

// dropOldTags deletes the tags of earlier versions, which nothing keeps up to date,
// and the flags of an earlier migration, where this one has none.
func (m *migration) dropOldTags(ctx context.Context, run *serverRun) error {
	old := oldTags
	if m.options.Flags == "" {
		old = append(slices.Clone(old), tagFlags)
	}
	for _, key := range old {
		if !hasKey(run.Data.Tags, key) {
			continue
		}
		if err := m.server.deleteTag(ctx, run.Info.RunID, key); err != nil {
			return err
		}
	}
	return nil
}
