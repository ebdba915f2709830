package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"tbexport/convert"
	"tbexport/convert/mlflow/rest"
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
	run := o.run
	switch {
	case o.outcome != "":
		result.Outcome = o.outcome
	case o.created:
		result.Outcome = Created
	default:
		if result.Outcome, run, err = m.present(ctx, r, o, result); err != nil {
			return err
		}
	}
	if result.Outcome == Skipped || result.Outcome == Completed {
		noteNames(r, run, result)
	}
	if o.others > 0 {
		result.Notes = append(result.Notes, SeveralRuns)
	}
	if result.Outcome == Skipped {
		if err := m.touchUp(ctx, r, run, result); err != nil {
			return err
		}
	}
	if result.Outcome != Created && result.Outcome != Completed {
		m.progress(r.Points())
		m.verified(r.Points())
		m.handled(mediaFiles(r))
		if result.Outcome == Skipped {
			return m.settleParts(ctx, r, result)
		}
		return nil
	}
	if err := m.fill(ctx, r, run, result); err != nil {
		return err
	}
	if err := m.finish(ctx, r, o, run, result); err != nil || len(result.Differences) > 0 {
		return err
	}
	return m.settleParts(ctx, r, result)
}

// SeveralRuns is the note on a source that has more than one run.
const SeveralRuns = "there are several runs of this source in the experiment"

// present says what is to become of a run that is there, and gives it whole:
// the index has neither its metrics nor its params.
func (m *migration) present(ctx context.Context, r *plan.Run, o *openedRun,
	result *RunResult) (Outcome, *serverRun, error) {
	if o.elsewhere {
		if !m.cameBack(r) {
			return "", nil, errElsewhere
		}
		run, err := m.awaitOther(ctx, r, o.run.Info.RunID)
		if err != nil {
			return "", nil, err
		}
		o.run = run
	}
	if m.unchanged(r, o.run) {
		return Skipped, o.run, m.addContent(ctx, r, o.run)
	}
	run, err := m.server.getRun(ctx, o.run.Info.RunID)
	if err != nil {
		return "", nil, err
	}
	if run.deleted() {
		return Deleted, run, nil
	}
	switch changed, err := m.keepKeys(ctx, r, run); {
	case err != nil:
		return "", nil, err
	case changed:
		result.Notes = append(result.Notes, StaysKeyed)
	}
	if m.unchanged(r, run) {
		return Skipped, run, nil
	}
	return Completed, run, nil
}

// addContent tells a complete run of an earlier version of the program what its
// files are, so that copies of them are known.
func (m *migration) addContent(ctx context.Context, r *plan.Run, run *serverRun) error {
	if run.tag(tagContent) != "" {
		return nil
	}
	content, err := m.contentOf(ctx, r)
	if err != nil || content == "" {
		return err
	}
	return m.server.logPairs(ctx, run.Info.RunID, "tags", []pair{{tagContent, m.contentTag(r, content)}})
}

// cameBack says that a run which another migration was sending has been come
// back to.
func (m *migration) cameBack(r *plan.Run) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.elsewhere, r)
}

// fill sends what the run lacks.
func (m *migration) fill(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	s := newSending(ctx, m, r, run)
	if err := s.params(ctx, result); err != nil {
		return err
	}
	err := s.series()
	result.PointsSent = s.arrived.Load()
	result.Refused = append(result.Refused, s.refused...)
	if err != nil {
		return err
	}
	if err := m.keepArtifacts(ctx, r, run, result); err != nil {
		return err
	}
	return m.keepMedia(ctx, r, run, result.Outcome == Created, result)
}

// params sends what goes before the points: with them, where all of a new run fits
// into one call.
func (s *sending) params(ctx context.Context, result *RunResult) error {
	before := func() error { return s.m.sendParams(ctx, s.plan, s.run, result) }
	if result.Outcome != Created || !oneCall(s.plan, s.batch.limit) {
		return before()
	}
	var params []pair
	for _, p := range s.plan.Params {
		if !p.Omitted {
			params = append(params, pair{p.Key, p.Value})
		}
	}
	parts := map[string][]pair{"tags": {{tagState, stateImporting}}}
	if len(params) > 0 {
		parts["params"] = params
	}
	with, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	s.batch.with = append(with[1:len(with)-1], ',')
	s.alone = before
	return nil
}

// oneCall says that all the params and points of a run go into a call of so many
// of both.
func oneCall(r *plan.Run, limit int) bool {
	if r.Points() == 0 || len(r.Params) > most || r.Points()+int64(len(r.Params)) >= int64(limit) {
		return false
	}
	bytes := 0
	for _, p := range r.Params {
		bytes += len(p.Key) + 2*len(p.Value) + 32
	}
	for _, s := range r.Series {
		bytes += int(s.Points) * (len(s.Key) + 128)
	}
	return bytes < mostBytes/2
}

// sendParams makes the run one that is being sent, and sends the params that it
// does not have. Those that it has with another value, MLflow does not change.
func (m *migration) sendParams(ctx context.Context, r *plan.Run, run *serverRun, result *RunResult) error {
	var wanted []pair
	for _, p := range r.Params {
		if p.Omitted {
			continue
		}
		i := slices.IndexFunc(run.Data.Params, func(q pair) bool { return q.Key == p.Key })
		if i < 0 {
			wanted = append(wanted, pair{p.Key, p.Value})
		} else if run.Data.Params[i].Value != p.Value {
			result.ChangedParams = append(result.ChangedParams, changedParam(p, run.Data.Params[i].Value))
		}
	}
	id, state := run.Info.RunID, []pair{{tagState, stateImporting}}
	if run.tag(tagState) == stateImporting {
		state = nil
	}
	first := wanted[:min(most, len(wanted))]
	if len(first) > 0 {
		switch err := m.server.logBatch(ctx, id, first, state); {
		case err == nil:
			wanted, state = wanted[len(first):], nil
		case !refusedContent(err):
			return err
		}
	}
	if state != nil {
		if err := m.server.logPairs(ctx, id, "tags", state); err != nil {
			return err
		}
	}
	for len(wanted) > 0 {
		n := min(most, len(wanted))
		if err := m.logParams(ctx, id, wanted[:n], result); err != nil {
			return err
		}
		wanted = wanted[n:]
	}
	return nil
}

// logParams sends params, in halves where one of them is refused.
func (m *migration) logParams(ctx context.Context, id string, params []pair, result *RunResult) error {
	err := m.server.logBatch(ctx, id, params, nil)
	if !refusedContent(err) {
		return err
	}
	if len(params) == 1 {
		result.Refused = append(result.Refused, Refusal{"param", params[0].Key, 0, err})
		return nil
	}
	half := len(params) / 2
	if err := m.logParams(ctx, id, params[:half], result); err != nil {
		return err
	}
	return m.logParams(ctx, id, params[half:], result)
}

// sending is the metrics of one run on their way.
type sending struct {
	m     *migration
	run   *serverRun
	plan  *plan.Run
	known map[string]bool // keys that the server has points of
	batch *batch
	// alone, if set, sends what is with the batch, where the server refuses both.
	alone func() error

	arrived atomic.Int64 // points
	mu      sync.Mutex
	refused []Refusal // one a key

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
	s.batch = b.next(s.m.sender.metricsPerCall())
	s.calls.Go(func() {
		defer func() { <-s.m.sends }()
		refused, err := s.send(b)
		if err != nil {
			s.cancel(err)
			return
		}
		s.arrived.Add(int64(n) - s.refuse(refused))
		s.m.progress(int64(n))
	})
	return nil
}

// send sends a batch, and what is with it.
func (s *sending) send(b *batch) ([]Refusal, error) {
	if b.with != nil {
		err := s.m.sender.call(s.ctx, b, 0, len(b.ends))
		var api *rest.APIError
		if !refusedContent(err) && !(errors.As(err, &api) && api.TooLarge()) {
			return nil, err
		}
		b.with = nil
		if err := s.alone(); err != nil {
			return nil, err
		}
	}
	return s.m.sender.send(s.ctx, b)
}

// refuse takes in what the server refused, and gives how many points that are.
func (s *sending) refuse(refused []Refusal) (points int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range refused {
		points += x.Points
		i := slices.IndexFunc(s.refused, func(y Refusal) bool { return y.Key == x.Key })
		if i < 0 {
			s.refused = append(s.refused, x)
		} else {
			s.refused[i].Points += x.Points
		}
	}
	return points
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
