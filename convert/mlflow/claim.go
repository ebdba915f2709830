package mlflow

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"tbexport/convert/plan"
)

// MLflow has no run of which there can be only one. So that several migrations
// at once make one run of a source, each makes its run as a claim, and looks for
// others: it goes on only where it sees no other run of the source that is not
// deleted. Of two that are there at the same time at least the later sees the
// earlier: so at most one sees none. One that sees a run that is more than a
// claim, or a claim with a lower ID, deletes its own and steps back; the lowest
// waits until the others have done so. A claim of which nothing comes for the
// options' Patience is that of a program that is no more.

// claimWords begin the state of a run that is a claim; what follows them is of
// that runs/create call alone.
const claimWords = "claimed "

// claimed says that a run is a claim.
func (r *serverRun) claimed() bool { return strings.HasPrefix(r.tag(tagState), claimWords) }

// DefaultPatience is how long a claim holds that nothing comes of, and how long
// a call whose answer was lost may still be acted on.
const DefaultPatience = 10 * time.Second

// slowCalls is how many calls as slow as the slowest a claim holds at least: a
// server that is overloaded lets those who claimed it wait, too.
const slowCalls = 10

// patience is how long a claim holds.
func (m *migration) patience() time.Duration {
	return max(m.options.Patience, slowCalls*time.Duration(m.slowest.Load()))
}

// pollEvery is how often claims are looked at.
const pollEvery = 200 * time.Millisecond

// create makes the run of r, unless another migration does.
func (m *migration) create(ctx context.Context, r *plan.Run, o *openedRun) error {
	parent, err := m.parentOf(ctx, r)
	if err != nil {
		return err
	}
	claim := claimWords + rand.Text()[:12]
	tags, err := m.tags(ctx, r, parent)
	if err != nil {
		return err
	}
	var w wrote
	w.add("name", r.Name)
	if err := w.addPlan(m, r); err != nil {
		return err
	}
	tags = append(tags, pair{tagWrote, w.String()})
	run, late, err := m.server.createRun(ctx, runCreation{
		Experiment: m.experiment.ID, Name: r.Name, User: m.options.User, Start: milliseconds(r.Start),
		Tags: withState(tags, claim),
	}, r.SourceID, claim)
	if err != nil {
		return err
	}
	if late {
		m.strays.add(stray{r, run.Info.RunID, time.Now(), true})
	}
	return m.contend(ctx, r, o, run, claim)
}

// contend goes on until the claim is the only run of r's source, or another is
// to be taken.
func (m *migration) contend(ctx context.Context, r *plan.Run, o *openedRun, run *serverRun, claim string) error {
	since := time.Now()
	for {
		found, err := m.search(ctx, r)
		if err != nil {
			return err
		}
		active, _ := byStage(found)
		rivals := slices.DeleteFunc(slices.Clone(active), func(other *serverRun) bool {
			return other.Info.RunID == run.Info.RunID || other.tag(tagState) == claim
		})
		mine := slices.ContainsFunc(active, func(other *serverRun) bool { return other.Info.RunID == run.Info.RunID })
		if len(rivals) == 0 {
			o.run, o.created = run, true
			return nil
		}
		m.contested.Store(true)
		if !mine || len(owners(rivals)) > 0 || rivals[0].Info.RunID < run.Info.RunID {
			if mine {
				if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
					return err
				}
			}
			o.elsewhere = true
			return m.take(ctx, r, o, rivals)
		}
		if time.Since(since) > m.patience() {
			for _, dead := range rivals {
				if err := m.server.removeRun(ctx, dead.Info.RunID); err != nil {
					return err
				}
			}
			continue
		}
		if err := pause(ctx, pollEvery); err != nil {
			return err
		}
	}
}

// awaitOwner waits until one of the claims of r's source has become more than
// that, or there is none, or nothing comes of them.
func (m *migration) awaitOwner(ctx context.Context, r *plan.Run, active []*serverRun) ([]*serverRun, error) {
	since := m.begun // those of the index are as old
	if len(m.index[r.SourceID]) == 0 {
		since = time.Now()
	}
	for len(active) > 0 && len(owners(active)) == 0 && time.Since(since) < m.patience() {
		if err := pause(ctx, pollEvery); err != nil {
			return nil, err
		}
		found, err := m.search(ctx, r)
		if err != nil {
			return nil, err
		}
		active, _ = byStage(found)
	}
	return active, nil
}

// pause waits, unless the work is to stop.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(wait):
		return nil
	}
}

// stray is a source of which there may be claims beside its run.
type stray struct {
	plan  *plan.Run
	keep  string // ID of its run
	since time.Time
	// late: a runs/create call may be acted on yet. Else the claims are there, of
	// migrations that step back, or of programs that are no more.
	late bool
}

type strays struct {
	mu  sync.Mutex
	all []stray
}

func (s *strays) add(x stray) {
	s.mu.Lock()
	s.all = append(s.all, x)
	s.mu.Unlock()
}

// settle removes the claims beside the runs of which there may be some, once
// they have had time to come, or to go by themselves, and all runs but one of a
// source of which two migrations completed one each at the same time.
func (m *migration) settle(ctx context.Context) error {
	for _, x := range m.strays.all {
		until := x.since.Add(m.patience())
		if x.late {
			if err := pause(ctx, time.Until(until)); err != nil {
				return err
			}
		}
		if err := m.removeClaims(ctx, x, until); err != nil {
			return err
		}
		if err := m.removeDoubles(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// removeDoubles removes the complete runs of a source beside the first, of those
// that came since this migration began. Whichever migration looks last sees all.
func (m *migration) removeDoubles(ctx context.Context, x stray) error {
	found, err := m.search(ctx, x.plan)
	if err != nil {
		return err
	}
	complete := slices.DeleteFunc(found, func(run *serverRun) bool { return run.rank() > 0 })
	before := func(run *serverRun) bool {
		return slices.ContainsFunc(m.index[x.plan.SourceID],
			func(old *serverRun) bool { return old.Info.RunID == run.Info.RunID && !old.claimed() })
	}
	if len(complete) < 2 || slices.ContainsFunc(complete, before) {
		return nil // what was there before is for Options.Existing
	}
	for _, run := range complete[1:] {
		if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
			return err
		}
	}
	for _, result := range m.result.Runs {
		if result.Plan == x.plan {
			result.RunID = complete[0].Info.RunID
		}
	}
	return nil
}

// removeClaims removes the claims beside a run that are still there at a time.
func (m *migration) removeClaims(ctx context.Context, x stray, until time.Time) error {
	for {
		found, err := m.search(ctx, x.plan)
		if err != nil {
			return err
		}
		claims := slices.DeleteFunc(found, func(run *serverRun) bool {
			return !run.claimed() || run.deleted() || run.Info.RunID == x.keep
		})
		if len(claims) > 0 && time.Now().Before(until) {
			if err := pause(ctx, pollEvery); err != nil {
				return err
			}
			continue
		}
		for _, run := range claims {
			if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
				return err
			}
		}
		return nil
	}
}

// sweep deletes runs that a stopped migration was about to delete.
func (m *migration) sweep(ctx context.Context) error {
	runs, err := m.server.searchRuns(ctx, m.experiment.ID, "tags.`"+tagState+"` = '"+stateRemoved+"'", true)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if !run.deleted() {
			if err := m.server.removeRun(ctx, run.Info.RunID); err != nil {
				return err
			}
		}
	}
	return nil
}

// awaitOther waits for a run that another migration is sending, as long as it
// goes on, and gives it as it is then.
func (m *migration) awaitOther(ctx context.Context, r *plan.Run, id string) (*serverRun, error) {
	last, since, media := "", time.Now(), 0
	for {
		run, err := m.server.getRun(ctx, id)
		if err != nil || run.deleted() || run.tag(tagState) != stateImporting && !run.claimed() {
			return run, err
		}
		if now := run.progress(); now != last {
			last, since = now, time.Now()
		}
		if time.Since(since) > m.options.Patience/2 {
			n, err := m.countMedia(ctx, r, run)
			if err != nil || n == media {
				return run, err
			}
			media, since = n, time.Now() // it is sending pictures
		}
		if err := pause(ctx, 2*pollEvery); err != nil {
			return nil, err
		}
	}
}
