package series

import "fmt"

// Restarts says what becomes of points that a restarted writer wrote again.
type Restarts uint8

const (
	// KeepRestarts keeps every point in file order.
	KeepRestarts Restarts = iota
	// StepRestarts keeps what TensorBoard's data server shows: a point evicts
	// the earlier points of its own series with a step at or above its own
	// (tensorboard/data/server/reservoir.rs), so steps strictly increase.
	StepRestarts
	// SessionRestarts keeps what the writer asked for, as TensorBoard's
	// EventAccumulator does (event_accumulator.py): a SessionLog START drops
	// the run's earlier points with a step at or above its own. In files that
	// name no version 2, a summary whose step is below the step before it drops
	// such points of its own tags.
	SessionRestarts
)

func (r Restarts) String() string {
	return [...]string{"keep", "step", "session"}[r]
}

// ParseRestarts reads keep, step or session.
func ParseRestarts(s string) (Restarts, error) {
	for r := KeepRestarts; r <= SessionRestarts; r++ {
		if s == r.String() {
			return r, nil
		}
	}
	return 0, fmt.Errorf("%s: want keep, step or session", s)
}

// limit is a step at and above which earlier points are superseded. Not set,
// it supersedes none.
type limit struct {
	step int64
	set  bool
}

func (l limit) supersedes(step int64) bool { return l.set && step >= l.step }

// lower makes l the lower of both.
func (l *limit) lower(m limit) {
	if m.set && (!l.set || m.step < l.step) {
		*l = m
	}
}

// cut is a restart as one segment sees it: its points before index at with a
// step at or above step are superseded.
type cut struct {
	at   int64
	step int64
}

// segment is a stretch of a series in file order, with what comes later in its
// run and supersedes points of it.
type segment struct {
	steps     []int64
	wallTimes []float64
	payloads  []uint64 // of each point what the collector gave

	cuts         []cut // restarts within the segment, at ascending
	laterStep    limit // lowest step of the series after the segment
	laterSession limit // lowest step of the restarts after the segment
}

// resolve counts the points that either rule supersedes, and takes those of
// mode's rule out of the segment.
func (s *segment) resolve(mode Restarts) (bySteps, bySession int64) {
	bySteps, bySession = s.countByStep(), s.countBySession()
	switch {
	case mode == StepRestarts && bySteps > 0:
		s.dropByStep()
	case mode == SessionRestarts && bySession > 0:
		s.dropBySession()
	}
	return bySteps, bySession
}

// A point outlives the step rule if its step is below every later one of its
// series, so a walk from the end with the lowest step so far decides it.
func (s *segment) countByStep() (n int64) {
	if s.increases() {
		return 0
	}
	low := s.laterStep
	for i := len(s.steps) - 1; i >= 0; i-- {
		if low.supersedes(s.steps[i]) {
			n++
		} else {
			low = limit{s.steps[i], true}
		}
	}
	return n
}

// increases reports whether no point of the segment is superseded by step.
func (s *segment) increases() bool {
	for i := 1; i < len(s.steps); i++ {
		if s.steps[i-1] >= s.steps[i] {
			return false
		}
	}
	return len(s.steps) == 0 || !s.laterStep.supersedes(s.steps[len(s.steps)-1])
}

func (s *segment) dropByStep() {
	low := s.laterStep
	w := len(s.steps)
	for i := len(s.steps) - 1; i >= 0; i-- {
		if low.supersedes(s.steps[i]) {
			continue
		}
		low = limit{s.steps[i], true}
		w--
		s.move(i, w)
	}
	s.from(w)
}

// The same walk decides the session rule, with the lowest restart so far.
func (s *segment) countBySession() (n int64) {
	if len(s.cuts) == 0 && !s.laterSession.set {
		return 0
	}
	low, next := s.laterSession, len(s.cuts)
	for i := len(s.steps) - 1; i >= 0; i-- {
		for next > 0 && s.cuts[next-1].at > int64(i) {
			next--
			low.lower(limit{s.cuts[next].step, true})
		}
		if low.supersedes(s.steps[i]) {
			n++
		}
	}
	return n
}

func (s *segment) dropBySession() {
	low, next := s.laterSession, len(s.cuts)
	w := len(s.steps)
	for i := len(s.steps) - 1; i >= 0; i-- {
		for next > 0 && s.cuts[next-1].at > int64(i) {
			next--
			low.lower(limit{s.cuts[next].step, true})
		}
		if low.supersedes(s.steps[i]) {
			continue
		}
		w--
		s.move(i, w)
	}
	s.from(w)
}

func (s *segment) move(from, to int) {
	s.steps[to], s.wallTimes[to], s.payloads[to] = s.steps[from], s.wallTimes[from], s.payloads[from]
}

func (s *segment) from(i int) {
	s.steps, s.wallTimes, s.payloads = s.steps[i:], s.wallTimes[i:], s.payloads[i:]
}
