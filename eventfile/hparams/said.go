package hparams

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// Said says which of a run's records counts where several say something of one
// thing.
type Said uint8

const (
	// LastSaid takes every hparam that was ever said, with the value that was said
	// last, and the status that was said last.
	LastSaid Said = iota
	// FirstSaid takes the first record of a session's start, and the first of its
	// end, and leaves the others out, as TensorBoard does.
	FirstSaid
)

func (s Said) String() string { return [...]string{"last", "first"}[s] }

// Change is something that a run's records say differently.
type Change struct {
	// Name is that of an hparam, where Param is set; else "group", "model_uri",
	// "monitor_url" or "status".
	Name  string
	Param bool
	// First and Last are what was said first and last, as text. Added says that it
	// was not said by the first record, and is left out.
	First, Last string
	Added       bool
}

// session is what the records of a run say of its session.
type session struct {
	start, end                  bool
	params                      map[string]*saying[HParam]
	group, modelURI, monitorURL saying[string]
	startTime                   float64
	status                      saying[SessionStatus]
	endTime                     float64
	added                       map[string]HParam // hparams that the first record does not have, of FirstSaid
}

// saying is what was said of one thing.
type saying[T any] struct {
	first, last T
	set         bool
	changed     bool
}

// say takes in what a record says, and reports whether that was said before, or
// nothing was.
func (s *saying[T]) say(value T, equal func(T, T) bool) (agrees bool) {
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
func (s *saying[T]) value(said Said) T {
	if said == FirstSaid {
		return s.first
	}
	return s.last
}

// Check reports whether what the plugin keeps beside a value is a record that counts: one
// of version 0, and of what the value's tag says. It fails where it is no record.
func Check(tag string, content []byte) (counts bool, err error) {
	var data pb.HParamsPluginData
	if err := proto.Unmarshal(content, &data); err != nil {
		return false, err
	}
	return data.Version == 0 && fits(tag, &data), nil
}

// fits reports whether a record is what its tag says.
func fits(tag string, data *pb.HParamsPluginData) bool {
	switch tag {
	case tagExperiment:
		return data.GetExperiment() != nil
	case tagSessionStart:
		return data.GetSessionStartInfo() != nil
	case tagSessionEnd:
		return data.GetSessionEndInfo() != nil
	}
	return false
}

// take takes a record in. It reports whether the record is what the tag says.
func (c *Collector) take(tag string, data *pb.HParamsPluginData) bool {
	if !fits(tag, data) {
		return false
	}
	agrees := true
	switch tag {
	case tagExperiment:
		if c.experiment == nil {
			c.experiment = newExperiment(data.GetExperiment())
		}
	case tagSessionStart:
		agrees = c.session.takeStart(newSessionStart(data.GetSessionStartInfo(), &c.counts), c.Said)
	case tagSessionEnd:
		agrees = c.session.takeEnd(data.GetSessionEndInfo(), c.Said)
	}
	if !agrees {
		c.counts.Disagreeing++
	}
	return true
}

// takeStart takes a start in, and reports whether it says nothing otherwise than
// those before.
func (s *session) takeStart(start *SessionStart, said Said) (agrees bool) {
	agrees = true
	for _, p := range start.Params {
		known := s.params[p.Name]
		switch {
		case known != nil:
			agrees = known.say(p, HParam.equal) && agrees
		case s.start && said == FirstSaid:
			if s.added == nil {
				s.added = make(map[string]HParam)
			}
			s.added[p.Name] = p
			agrees = false
		default:
			if s.params == nil {
				s.params = make(map[string]*saying[HParam], len(start.Params))
			}
			s.params[p.Name] = &saying[HParam]{first: p, last: p, set: true}
		}
	}
	same := func(a, b string) bool { return a == b }
	for _, text := range []struct {
		to    *saying[string]
		value string
	}{{&s.group, start.Group}, {&s.modelURI, start.ModelURI}, {&s.monitorURL, start.MonitorURL}} {
		if text.value != "" && (!s.start || said == LastSaid || text.to.set) {
			agrees = text.to.say(text.value, same) && agrees
		}
	}
	if s.startTime == 0 && (!s.start || said == LastSaid) {
		s.startTime = start.StartTime
	}
	s.start = true
	return agrees
}

// takeEnd is takeStart for an end.
func (s *session) takeEnd(m *pb.SessionEndInfo, said Said) (agrees bool) {
	if !s.end || said == LastSaid {
		s.endTime = m.EndTimeSecs
	}
	s.end = true
	return s.status.say(status(m.Status), func(a, b SessionStatus) bool { return a == b })
}

// hparams puts together what was said.
func (s *session) hparams(said Said) (h HParams) {
	if s.start {
		h.Start = &SessionStart{
			Group: s.group.value(said), ModelURI: s.modelURI.value(said), MonitorURL: s.monitorURL.value(said),
			StartTime: s.startTime,
			Params:    slices.Grow([]HParam(nil), len(s.params)),
		}
		for _, p := range s.params {
			h.Start.Params = append(h.Start.Params, p.value(said))
		}
		slices.SortFunc(h.Start.Params, func(a, b HParam) int { return strings.Compare(a.Name, b.Name) })
	}
	if s.end {
		h.End = &SessionEnd{Status: s.status.value(said), Time: s.endTime}
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
		name string
		said *saying[string]
	}{{"group", &s.group}, {"model_uri", &s.modelURI}, {"monitor_url", &s.monitorURL}} {
		if text.said.changed {
			changes = append(changes, Change{Name: text.name, First: text.said.first, Last: text.said.last})
		}
	}
	if s.status.changed {
		changes = append(changes, Change{Name: "status", First: s.status.first.String(), Last: s.status.last.String()})
	}
	return changes
}
