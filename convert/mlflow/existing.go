package mlflow

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tbexport/convert/plan"
)

// openedRun is a run of the plan on the server, found or made once.
type openedRun struct {
	once    sync.Once
	run     *serverRun
	created bool
	// elsewhere: another migration made it meanwhile, and is sending it.
	elsewhere bool
	// outcome is Deleted or Duplicate where that is all that becomes of it.
	outcome Outcome
	others  int    // more runs of the same source
	content string // of its files, once it is known
	err     error
}

// readIndex finds the runs that earlier migrations made in the experiment, also
// those that were deleted since.
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
		sortRuns(same)
		if state := same[0].tag(tagState); same[0].claimed() || state == stateImporting {
			m.contested.Store(true)
		}
	}
	return nil
}

// sortRuns puts first the run that has come furthest.
func sortRuns(runs []*serverRun) {
	slices.SortStableFunc(runs, func(a, b *serverRun) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), strings.Compare(a.Info.RunID, b.Info.RunID))
	})
}

// rank is the lower the further a run has come.
func (r *serverRun) rank() int {
	switch state := r.tag(tagState); {
	case r.deleted():
		return 4
	case state == stateComplete:
		return 0
	case state == stateSent:
		return 1
	case r.claimed():
		return 3
	}
	return 2
}

// byStage divides sorted runs.
func byStage(runs []*serverRun) (active, deleted []*serverRun) {
	i := slices.IndexFunc(runs, (*serverRun).deleted)
	if i < 0 {
		return runs, nil
	}
	return runs[:i], runs[i:]
}

// open finds or makes the run of r, after that of its parent. It is asked for
// by r's own worker and by those of its children.
func (m *migration) open(ctx context.Context, r *plan.Run) (*openedRun, error) {
	o := m.opened[r]
	o.once.Do(func() { o.err = m.find(ctx, r, o) })
	return o, o.err
}

func (m *migration) find(ctx context.Context, r *plan.Run, o *openedRun) error {
	active, deleted := byStage(m.index[r.SourceID])
	if len(active) == 0 && m.contested.Load() {
		// It may have come since. Where nobody else is at work, the claim that is
		// made finds out.
		found, err := m.search(ctx, r)
		if err != nil {
			return err
		}
		active, deleted = byStage(found)
	}
	if m.options.Existing == ReplaceExisting && len(active) > 0 {
		for _, run := range active {
			if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
				return err
			}
		}
		return m.create(ctx, r, o)
	}
	switch {
	case len(active) > 0:
		return m.take(ctx, r, o, active)
	case len(deleted) > 0 && m.options.Deleted == KeepDeleted:
		o.run, o.outcome = deleted[0], Deleted
		return nil
	case len(deleted) > 0 && m.options.Deleted == RestoreDeleted:
		o.run = deleted[0]
		return m.server.restoreRun(ctx, o.run.Info.RunID)
	case m.twins[r] != nil:
		o.run, o.outcome = m.twins[r], Duplicate
		if o.run.deleted() {
			o.outcome = Deleted
		}
		return nil
	}
	return m.create(ctx, r, o)
}

// search gives the runs of r's source as they are now, the best first.
func (m *migration) search(ctx context.Context, r *plan.Run) ([]*serverRun, error) {
	begin := time.Now()
	defer func() {
		took := int64(time.Since(begin))
		slowest := m.slowest.Load()
		for took > slowest && !m.slowest.CompareAndSwap(slowest, took) {
			slowest = m.slowest.Load()
		}
	}()
	found, err := m.server.findRuns(ctx, m.experiment.ID, r.SourceID)
	sortRuns(found)
	return found, err
}

// owners are the runs of sorted active ones that are more than a claim.
func owners(active []*serverRun) []*serverRun {
	if i := slices.IndexFunc(active, (*serverRun).claimed); i >= 0 {
		return active[:i]
	}
	return active
}

// take makes the best of the active runs that of r. Where all are claims, it
// waits for what comes of them.
func (m *migration) take(ctx context.Context, r *plan.Run, o *openedRun, active []*serverRun) (err error) {
	own := owners(active)
	if len(own) == 0 {
		if active, err = m.awaitOwner(ctx, r, active); err != nil {
			return err
		}
		if len(active) == 0 {
			return m.create(ctx, r, o)
		}
		if own = owners(active); len(own) == 0 {
			own = active[:1] // whoever claimed it is no more
		} else {
			o.elsewhere = true
		}
	}
	o.run, o.others = own[0], len(own)-1
	if o.others > 0 && m.options.Existing == KeepOneExisting {
		for _, run := range own[1:] {
			if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
				return err
			}
		}
		o.others = 0
	}
	if len(active) > len(own) {
		m.strays.add(stray{r, o.run.Info.RunID, m.begun, false})
	}
	return nil
}

// parentOf is the ID of the run that r's is to be a child of; empty: none.
func (m *migration) parentOf(ctx context.Context, r *plan.Run) (string, error) {
	if r.Parent == nil {
		return "", nil
	}
	above, err := m.open(ctx, r.Parent)
	if err != nil || above.outcome == Deleted {
		return "", err
	}
	return above.run.Info.RunID, nil
}

// unchanged says that an earlier migration left nothing to do.
func (m *migration) unchanged(r *plan.Run, run *serverRun) bool {
	state := run.tag(tagState)
	return run.tag(tagDigest) == r.Digest &&
		(state == stateComplete || state == stateSent && m.options.Verify == VerifyNone)
}
