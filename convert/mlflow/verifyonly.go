package mlflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Verify compares a plan with what is on the server, and changes nothing
// there. A run that is not there is Missing.
func Verify(ctx context.Context, client *rest.Client, p *plan.Plan, o Options) (*Result, error) {
	if o.Verify == VerifyNone {
		o.Verify = VerifyFull
	}
	m := newMigration(client, p, o)
	m.listTheirs = true
	if err := m.beginReading(ctx); err != nil {
		return &m.result, err
	}
	m.readTwins(ctx)
	err := m.eachRun(ctx, m.plan.Runs, m.verifyRun)
	return &m.result, err
}

// beginReading finds the experiment, and looks for the runs in it.
func (m *migration) beginReading(ctx context.Context) (err error) {
	o := &m.options
	if m.experiment, err = m.server.findExperiment(ctx, o.Experiment, o.ExperimentID); err != nil {
		return err
	}
	if m.experiment == nil {
		return fmt.Errorf("there is no experiment %s", strconv.Quote(cmp.Or(o.Experiment, o.ExperimentID)))
	}
	if err := o.Limits.named(m.experiment, o.Experiment); err != nil {
		return err
	}
	m.result.Experiment = *m.experiment
	if m.experiment.Stage == "deleted" {
		return &DeletedExperimentError{m.experiment.Name, m.experiment.ID}
	}
	return m.readIndex(ctx)
}

// lastingTags are those that stay the same wherever the logdir is and whatever
// version sent it.
var lastingTags = []string{tagSourceID, tagRun, tagParent}

func (m *migration) verifyRun(ctx context.Context, r *plan.Run, result *RunResult) error {
	found, deleted := byStage(m.index[r.SourceID])
	if len(found) == 0 {
		result.Outcome = Missing
		if twin := m.twins[r]; twin != nil {
			result.Outcome, result.RunID = Duplicate, twin.Info.RunID
		}
		if len(deleted) > 0 {
			result.Outcome, result.RunID = Deleted, deleted[0].Info.RunID
		}
		return nil
	}
	if len(m.partsApart(r)) > 0 {
		result.Notes = append(result.Notes, PartApart)
	}
	run := found[0]
	result.Outcome, result.RunID = Verified, run.Info.RunID
	full, err := m.server.getRun(ctx, result.RunID)
	if err != nil {
		return err
	}
	if _, err := m.keepKeys(ctx, r, full); err != nil {
		return err
	}
	parent := ""
	if r.Parent != nil {
		if above, _ := byStage(m.index[r.Parent.SourceID]); len(above) > 0 {
			parent = above[0].Info.RunID
		}
	}
	tags, err := m.tags(ctx, r, parent)
	if err != nil {
		return err
	}
	tags = slices.DeleteFunc(tags, func(tag pair) bool { return !slices.Contains(lastingTags, tag.Key) })
	if err := m.check(ctx, r, full, result, tags); err != nil {
		return err
	}
	var c comparison
	status, end := m.endedByOthers(r, full)
	if !status {
		c.text("status", "", string(r.Status.OrFinished()), run.Info.Status)
	}
	if !r.FileTimes && !end {
		c.text("end", "", endClock(milliseconds(r.End)), endClock(run.Info.End))
	}
	if state := run.tag(tagState); state != stateComplete && state != stateSent {
		c.text("tag", tagState, stateComplete, state)
	}
	if len(found) > 1 {
		c.add(Difference{What: "run", Expected: "one run", Got: fmt.Sprintf("%d runs of this source", len(found))})
	}
	result.Differences = append(c.differences, result.Differences...)
	return nil
}
