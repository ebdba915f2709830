package mlflow

import (
	"context"
	"slices"
	"sync"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/series"
)

// migrate does all that one run needs.
func (m *migration) migrate(ctx context.Context, r *plan.Run, result *RunResult) error {
	o, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	result.RunID = o.run.Info.RunID
	result.Outcome = Created
	if !o.created {
		result.Outcome = Completed
	}
	run, unchanged := o.run, m.unchanged(r, o)
	if !o.created && !unchanged {
		// The index has neither its metrics nor its params.
		if run, err = m.server.getRun(ctx, run.Info.RunID); err != nil {
			return err
		}
		if err := m.keepKeys(ctx, r, run); err != nil {
			return err
		}
		unchanged = m.unchanged(r, o)
	}
	if unchanged {
		result.Outcome = Skipped
		m.progress(r.Points())
		m.verified(r.Points())
		return nil
	}
	if err := m.fill(ctx, r, run, result); err != nil {
		return err
	}
	return m.finish(ctx, r, o, result)
}

// fill sends what the run lacks.
func (m *migration) fill(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	if run.tag(tagState) != stateImporting {
		if err := m.server.logPairs(ctx, run.Info.RunID, "tags", []pair{{tagState, stateImporting}}); err != nil {
			return err
		}
	}
	var err error
	if result.ChangedParams, err = m.sendParams(ctx, r, run); err != nil {
		return err
	}
	s := newSending(ctx, m, r, run)
	err = s.series()
	result.PointsSent = s.sent
	if err != nil {
		return err
	}
	return m.keepArtifacts(ctx, r, run, result)
}

// sendParams sends the params that the run does not have, and gives the keys of
// those that it has with another value, which MLflow does not change.
func (m *migration) sendParams(ctx context.Context, r *plan.Run, run *serverRun) (changed []string, err error) {
	var wanted []pair
	for _, p := range r.Params {
		if p.Omitted {
			continue
		}
		i := slices.IndexFunc(run.Data.Params, func(q pair) bool { return q.Key == p.Key })
		if i < 0 {
			wanted = append(wanted, pair{p.Key, p.Value})
		} else if run.Data.Params[i].Value != p.Value {
			changed = append(changed, p.Key)
		}
	}
	return changed, m.server.logPairs(ctx, run.Info.RunID, "params", wanted)
}

// sending is the metrics of one run on their way.
type sending struct {
	m     *migration
	run   *serverRun
	plan  *plan.Run
	known map[string]bool // keys that the server has points of
	batch *batch
	sent  int64

	ctx    context.Context
	cancel context.CancelCauseFunc
	calls  sync.WaitGroup
}

func newSending(ctx context.Context, m *migration, r *plan.Run, run *serverRun) *sending {
	s := &sending{m: m, run: run, plan: r, known: make(map[string]bool, len(run.Data.Metrics))}
	for _, metric := range run.Data.Metrics {
		s.known[metric.Key] = true
	}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.batch = newBatch(run.Info.RunID, m.sender.metricsPerCall())
	return s
}

// series sends all series of the run, and waits until they have arrived.
func (s *sending) series() error {
	defer s.cancel(nil)
	err := s.inTurn(func() error {
		if err := s.sources(); err != nil {
			return err
		}
		return s.flush()
	})
	if err != nil {
		s.cancel(err)
	}
	s.calls.Wait()
	return context.Cause(s.ctx)
}

// inTurn lets new runs hand over their series one after the other. Each can
// keep all senders busy by itself; if all did so at once, all would come to
// what follows at once, too, and leave the senders nothing to do. A run that is
// there has to be read back, and waits for no other.
func (s *sending) inTurn(handOver func() error) error {
	if len(s.known) > 0 {
		return handOver()
	}
	select {
	case s.m.turn <- struct{}{}:
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	defer func() { <-s.m.turn }()
	return handOver()
}

// sources hands over the points of the run's sources.
func (s *sending) sources() error {
	var current *plan.Series
	var present []point // what the server has of it
	var points []point
	for chunk, err := range s.m.plan.Points(s.ctx, s.plan, s.m.readOptions()) {
		if err != nil {
			return err
		}
		if chunk.Series != current {
			current = chunk.Series
			if present, err = s.present(current); err != nil {
				return err
			}
			if err := s.batch.series(current.Key); err != nil {
				return err
			}
		}
		points = appendPoints(points[:0], chunk)
		if err := s.points(distinct(points), present); err != nil {
			return err
		}
	}
	return nil
}

// appendPoints appends the points of a chunk as the server keeps them.
func appendPoints(points []point, c *plan.Chunk) []point {
	for i, value := range c.Values {
		points = append(points, newPoint(c.Steps[i], c.WallTimes[i], value))
	}
	return points
}

// readOptions are those of the plan, with memory for one of several readers.
func (m *migration) readOptions() convert.ReadOptions {
	read := m.options.Read
	read.Progress = nil
	read.MaxPoints = max(64<<10, series.DefaultMaxPoints/m.options.Jobs)
	return read
}

// present gives the points that the server has of a series, sorted.
func (s *sending) present(series *plan.Series) (points []point, err error) {
	if !s.known[series.Key] {
		return nil, nil
	}
	err = s.m.server.history(s.ctx, s.run.Info.RunID, series.Key, func(p point) { points = append(points, p) })
	return distinct(points), err
}

// points puts those that the server has not into batches.
func (s *sending) points(points, present []point) error {
	for _, p := range points {
		if len(present) > 0 {
			if _, there := slices.BinarySearchFunc(present, p, point.compare); there {
				s.m.progress(1)
				continue
			}
		}
		s.batch.add(p.step, p.time, p.value)
		s.sent++
		if s.batch.full() {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush hands the batch to a sender, when there is a place for it, and begins
// another one for the same series.
func (s *sending) flush() error {
	b := s.batch
	n := len(b.ends)
	if n == 0 {
		return nil
	}
	if err := s.ctx.Err(); err != nil {
		return context.Cause(s.ctx)
	}
	select {
	case s.m.sends <- struct{}{}:
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	s.batch = newBatch(s.run.Info.RunID, s.m.sender.metricsPerCall())
	s.batch.key = b.key
	s.calls.Go(func() {
		defer func() { <-s.m.sends }()
		if err := s.m.sender.send(s.ctx, b); err != nil {
			s.cancel(err)
			return
		}
		s.m.progress(int64(n))
	})
	return nil
}

func (m *migration) progress(points int64) {
	if m.options.Progress != nil {
		m.options.Progress(points)
	}
}

func (m *migration) verified(points int64) {
	if m.options.Verified != nil {
		m.options.Verified(points)
	}
}
