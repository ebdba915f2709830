package convert

import (
	"testing"

	"tbexport/eventfile/hparams"
)

func TestStatusOf(t *testing.T) {
	unknown, success, failure, running := &hparams.HParams{}, ended(hparams.StatusSuccess), ended(hparams.StatusFailure), ended(hparams.StatusRunning)
	for _, c := range []struct {
		parts []*hparams.HParams
		want  Status
	}{
		{nil, ""},
		{[]*hparams.HParams{nil, unknown, ended(hparams.StatusUnknown)}, ""},
		{[]*hparams.HParams{nil, success}, StatusFinished},
		{[]*hparams.HParams{success, failure}, StatusFailed},
		{[]*hparams.HParams{running, failure, success}, StatusRunning},
	} {
		if got := StatusOf(c.parts...); got != c.want {
			t.Errorf("%v: %q, want %q", c.parts, got, c.want)
		}
	}
	if Status("").OrFinished() != StatusFinished || StatusRunning.OrFinished() != StatusRunning {
		t.Error("OrFinished")
	}
}

func ended(s hparams.SessionStatus) *hparams.HParams {
	return &hparams.HParams{End: &hparams.SessionEnd{Status: s}}
}
