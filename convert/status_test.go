package convert

import (
	"testing"

	"tbexport/eventfile"
)

func TestStatusOf(t *testing.T) {
	unknown, success, failure, running := &eventfile.HParams{}, ended(eventfile.StatusSuccess), ended(eventfile.StatusFailure), ended(eventfile.StatusRunning)
	for _, c := range []struct {
		parts []*eventfile.HParams
		want  Status
	}{
		{nil, ""},
		{[]*eventfile.HParams{nil, unknown, ended(eventfile.StatusUnknown)}, ""},
		{[]*eventfile.HParams{nil, success}, StatusFinished},
		{[]*eventfile.HParams{success, failure}, StatusFailed},
		{[]*eventfile.HParams{running, failure, success}, StatusRunning},
	} {
		if got := StatusOf(c.parts...); got != c.want {
			t.Errorf("%v: %q, want %q", c.parts, got, c.want)
		}
	}
	if Status("").OrFinished() != StatusFinished || StatusRunning.OrFinished() != StatusRunning {
		t.Error("OrFinished")
	}
}

func ended(s eventfile.SessionStatus) *eventfile.HParams {
	return &eventfile.HParams{End: &eventfile.SessionEnd{Status: s}}
}
