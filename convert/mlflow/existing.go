package mlflow

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"tbexport/convert/plan"
)

// openedRun is a run of the plan on the server, found or made once.
type openedRun struct {
	once    sync.Once
	run     *serverRun
	created bool
	err     error
}

// readIndex finds the runs that earlier migrations made in the experiment.
func (m *migration) readIndex(ctx context.Context) error {
	runs, err := m.server.findRuns(ctx, m.experiment.ID, "")
	if err != nil {
		return err
	}
	m.index = make(map[string][]*serverRun)
	for _, run := range runs {
		id := run.tag(tagSourceID)
		m.index[id] = append(m.index[id], run)
	}
	for _, same := range m.index {
		slices.SortStableFunc(same, func(a, b *serverRun) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return nil
}

// rank is the lower the further a run has come.
func (r *serverRun) rank() int {
	switch r.tag(tagState) {
	case stateComplete:
		return 0
	case stateSent:
		return 1
	}
	return 2
}

// open finds or makes the run of r, after that of its parent. It is asked for
// by r's own worker and by those of its children.
func (m *migration) open(ctx context.Context, r *plan.Run) (*openedRun, error) {
	o := m.opened[r]
	o.once.Do(func() { o.err = m.find(ctx, r, o) })
	return o, o.err
}

func (m *migration) find(ctx context.Context, r *plan.Run, o *openedRun) error {
	found := m.index[r.SourceID]
	if len(found) == 0 {
		// It may have come since, from an earlier start of the program whose
		// last call the server was still at.
		var err error
		if found, err = m.server.findRuns(ctx, m.experiment.ID, r.SourceID); err != nil {
			return err
		}
	}
	if m.options.Existing == ReplaceExisting {
		for _, run := range found {
			if err := m.server.deleteRun(ctx, run.Info.RunID); err != nil {
				return err
			}
		}
		found = nil
	}
	if len(found) > 0 {
		o.run = found[0]
		return nil
	}
	parent := ""
	if r.Parent != nil {
		above, err := m.open(ctx, r.Parent)
		if err != nil {
			return err
		}
		parent = above.run.Info.RunID
	}
	run, err := m.server.createRun(ctx, runCreation{
		Experiment: m.experiment.ID, Name: r.Name, User: m.options.User, Start: milliseconds(r.Start), Tags: m.tags(r, parent),
	}, r.SourceID)
	o.run, o.created = run, true
	return err
}

// unchanged says that an earlier migration left nothing to do.
func (m *migration) unchanged(r *plan.Run, o *openedRun) bool {
	state := o.run.tag(tagState)
	return !o.created && o.run.tag(tagDigest) == r.Digest &&
		(state == stateComplete || state == stateSent && m.options.Verify == VerifyNone)
}
