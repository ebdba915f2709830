package eventfile

import (
	"bytes"
	"strconv"
	"strings"

	"tbexport/eventfile/event"
)

// sessionRule follows a run's events and says which of them are restarts.
type sessionRule struct {
	version    float64 // of the latest file_version event; 0 before the first
	mostRecent int64
}

func newSessionRule() sessionRule { return sessionRule{mostRecent: -1} }

// restart reports whether e drops earlier points with a step at or above its
// own: those of all tags of the run, or those of e's own tags.
func (s *sessionRule) restart(e *event.Event) (all, own bool) {
	if e.What == event.WhatFileVersion {
		s.version = parseVersion(e.FileVersion)
	}
	if s.version >= 2 {
		return e.SessionStart, false
	}
	if e.What == event.WhatSummary && e.Step < s.mostRecent {
		return false, true
	}
	s.mostRecent = e.Step
	return false, false
}

// parseVersion is the number behind "brain.Event:", or -1 where there is none
// (tensorboard/backend/event_processing/event_util.py, ParseFileVersion).
func parseVersion(fileVersion []byte) float64 {
	text := fileVersion
	if i := bytes.LastIndex(fileVersion, []byte("brain.Event:")); i >= 0 {
		text = fileVersion[i+len("brain.Event:"):]
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil {
		return -1
	}
	return v
}
