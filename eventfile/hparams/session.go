package hparams

import (
	"cmp"
	"slices"
	"strings"

	pb "tbexport/proto"
)

// Precedence is which of a run's records counts where several have the same hparam or
// status.
type Precedence uint8

const (
	// LastWins takes every hparam that any record has, with its last value, and the
	// last status.
	LastWins Precedence = iota
	// FirstWins takes the first record of a session's start, and the first of its
	// end, and leaves the others out, as TensorBoard does.
	FirstWins
)

func (p Precedence) String() string { return [...]string{"last", "first"}[p] }

// Change is something that a run's records say differently.
type Change struct {
	// Name is that of an hparam, where Param is set; else "group", "model_uri",
	// "monitor_url" or "status".
	Name  string
	Param bool
	// First and Last are the first and the last value, as text. Added says that the
	// first record does not have it, so that it is left out.
	First, Last string
	Added       bool
}

// session is what the records of a run say of its session.
type session struct {
	start, end                  bool
	params                      map[string]*logged[HParam]
	group, modelURI, monitorURL logged[string]
	startTime                   float64
	status                      logged[SessionStatus]
	endTime                     float64
	added                       map[string]HParam // hparams that the first record does not have, of FirstWins
}

// logged is what records say of one thing.
type logged[T any] struct {
	first, last T
	set         bool
	changed     bool
}

// add takes what a record says, and reports whether it is the first, or says the
// same as the one before.
func (s *logged[T]) add(value T, equal func(T, T) bool) (agrees bool) {
	if !s.set {
		s.first, s.last, s.set = value, value, true
		return true
	}
	agrees = equal(s.last, value)
	s.changed = s.changed || !agrees
	s.last = value
	return agrees
}

// value is the one that counts.
func (s *logged[T]) value(by Precedence) T {
	if by == FirstWins {
		return s.first
	}
	return s.last
}

// takeStart takes a start in, and reports whether it says nothing otherwise than
// those before.
func (s *session) takeStart(start *SessionStart, by Precedence) (agrees bool) {
	agrees = true
	for _, p := range start.Params {
		known := s.params[p.Name]
		switch {
		case known != nil:
			agrees = known.add(p, HParam.equal) && agrees
		case s.start && by == FirstWins:
			if s.added == nil {
				s.added = make(map[string]HParam)
			}
			s.added[p.Name] = p
			agrees = false
		default:
			if s.params == nil {
				s.params = make(map[string]*logged[HParam], len(start.Params))
			}
			s.params[p.Name] = &logged[HParam]{first: p, last: p, set: true}
		}
	}
	same := func(a, b string) bool { return a == b }
	for _, text := range []struct {
		to    *logged[string]
		value string
	}{{&s.group, start.Group}, {&s.modelURI, start.ModelURI}, {&s.monitorURL, start.MonitorURL}} {
		if text.value != "" && (!s.start || by == LastWins || text.to.set) {
			agrees = text.to.add(text.value, same) && agrees
		}
	}
	if s.startTime == 0 && (!s.start || by == LastWins) {
		s.startTime = start.StartTime
	}
	s.start = true
	return agrees
}

// takeEnd is takeStart for an end.
func (s *session) takeEnd(m *pb.SessionEndInfo, by Precedence) (agrees bool) {
	if !s.end || by == LastWins {
		s.endTime = m.EndTimeSecs
	}
	s.end = true
	return s.status.add(status(m.Status), func(a, b SessionStatus) bool { return a == b })
}

// hparams puts together what the records say.
func (s *session) hparams(by Precedence) (h HParams) {
	if s.start {
		h.Start = &SessionStart{
			Group: s.group.value(by), ModelURI: s.modelURI.value(by), MonitorURL: s.monitorURL.value(by),
			StartTime: s.startTime,
			Params:    slices.Grow([]HParam(nil), len(s.params)),
		}
		for _, p := range s.params {
			h.Start.Params = append(h.Start.Params, p.value(by))
		}
		slices.SortFunc(h.Start.Params, func(a, b HParam) int { return strings.Compare(a.Name, b.Name) })
	}
	if s.end {
		h.End = &SessionEnd{Status: s.status.value(by), Time: s.endTime}
	}
	h.Changes = s.changes()
	return h
}

func (s *session) changes() (changes []Change) {
	for name, p := range s.params {
		if p.changed {
			changes = append(changes, Change{Name: name, Param: true, First: p.first.String(), Last: p.last.String()})
		}
	}
	for name, p := range s.added {
		changes = append(changes, Change{Name: name, Param: true, Last: p.String(), Added: true})
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Name, b.Name) })
	for _, text := range []struct {
		name  string
		value *logged[string]
	}{{"group", &s.group}, {"model_uri", &s.modelURI}, {"monitor_url", &s.monitorURL}} {
		if text.value.changed {
			changes = append(changes, Change{Name: text.name, First: text.value.first, Last: text.value.last})
		}
	}
	if s.status.changed {
		changes = append(changes, Change{Name: "status", First: s.status.first.String(), Last: s.status.last.String()})
	}
	return changes
}
