package convert

import (
	"tbexport/eventfile/hparams"
)

// Status is how a run ended, in the words of MLflow's search_runs. It is empty
// where nothing says it: training crashed, goes on, or wrote no hparams.
type Status string

// The statuses that a session's end gives.
const (
	StatusFinished Status = "FINISHED"
	StatusFailed   Status = "FAILED"
	StatusRunning  Status = "RUNNING"
)

// StatusOf is the status of a run of these hparams: one's own, or those of all
// the parts of a folded run in their order, nil where a part has none. It is
// what a session's end says; of several ends the first that is no success.
func StatusOf(parts ...*hparams.HParams) (status Status) {
	for _, h := range parts {
		if h == nil || h.End == nil {
			continue
		}
		switch h.End.Status {
		case hparams.StatusFailure:
			return StatusFailed
		case hparams.StatusRunning:
			return StatusRunning
		case hparams.StatusSuccess:
			status = StatusFinished
		}
	}
	return status
}

// OrFinished is the status for a destination that must have one: training is
// over as far as anybody knows.
func (s Status) OrFinished() Status {
	if s == "" {
		return StatusFinished
	}
	return s
}
