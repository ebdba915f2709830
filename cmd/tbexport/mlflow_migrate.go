package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"tbexport/convert/mlflow"
	"tbexport/internal/ui"
)

// migrate shows the plan and carries it out.
func (m *mlflowFlags) migrate(ctx context.Context, c console, p *planned) error {
	if m.json {
		if err := writePlan(ui.UntilClosed(c.json()), p.plan); err != nil {
			return err
		}
	}
	if !m.quiet {
		sayPlan(c, p.plan, m.dryRun && !m.json)
	}
	if m.dryRun {
		return m.close(c, p, nil)
	}
	return m.serve(ctx, c, p, "migrate", mlflow.Migrate)
}

// compare reads everything back.
func (m *mlflowFlags) compare(ctx context.Context, c console, p *planned) error {
	return m.serve(ctx, c, p, "verify", mlflow.Verify)
}

// serve does work with the server, and says what came of it.
func (m *mlflowFlags) serve(ctx context.Context, c console, p *planned, verb string,
	work func(context.Context, *mlflow.Client, *mlflow.Plan, mlflow.Options) (*mlflow.Result, error)) error {
	bar := newTransfer(c, m.quiet, p.plan.Totals().Points)
	p.options.Progress, p.options.Verified = bar.sent, bar.checked
	if verb == "verify" {
		p.options.Progress = nil
	}
	result, err := work(ctx, p.client, p.plan, p.options)
	bar.stop()
	var unreported error
	if m.report != "" {
		unreported = writeMLflowReport(m.report, m.overwrite, p.client.Server(), p, result)
	}
	if !m.quiet || err != nil {
		sayRuns(c, result)
	}
	if err != nil {
		if unreported != nil {
			c.say("error: %v", unreported)
		}
		return stopped(ctx, c, p, result, err)
	}
	if err := m.close(c, p, &closingMLflow{p.client.Server(), verb, result}); unreported == nil {
		return err
	}
	return unreported
}

// stopped says where work stands that did not end.
func stopped(ctx context.Context, c console, p *planned, result *mlflow.Result, err error) error {
	if ctx.Err() != nil {
		c.say("interrupted: %s; run it again to go on", standing(p.plan, result))
		return statusError(statusInterrupted)
	}
	c.say("error: %v", err)
	if len(result.Runs) > 0 {
		c.say("stopped: %s; run it again to go on", standing(p.plan, result))
	}
	return statusError(statusFailed)
}

// closingMLflow is what a finished migration, or comparison, ends with.
type closingMLflow struct {
	server string
	verb   string // migrate or verify
	result *mlflow.Result
}

// close says what was read, and what became of it.
func (m *mlflowFlags) close(c console, p *planned, end *closingMLflow) error {
	reading := summary{report: p.report, totals: p.report.Totals(), problems: p.found.problems, restarts: p.options.Read.Restarts}
	if !m.quiet {
		reading.sayWarnings(c, "--report FILE")
		if kinds := reading.kinds(); kinds != "" {
			c.say("not scalars, so only in the event files: %s", kinds)
		}
	}
	if end != nil {
		if !m.quiet {
			c.say("%s", end.line(time.Since(p.begin)))
			c.say("to look at: %s", p.client.ExperimentPage(end.result.Experiment))
		}
		if !end.result.Good() {
			return statusError(statusLost)
		}
	}
	if reading.lost() {
		return errLost
	}
	return nil
}

func (e *closingMLflow) line(took time.Duration) string {
	text, points := outcomes(e.result)
	if e.verb == "migrate" {
		text += fmt.Sprintf("; %s sent ->", ui.Counted(points, "point"))
	} else {
		text += " in"
	}
	return text + fmt.Sprintf(" experiment %q (id %s) at %s, %.1f s",
		e.result.Experiment.Name, e.result.Experiment.ID, e.server, took.Seconds())
}

// outcomes counts the runs by what became of them.
func outcomes(r *mlflow.Result) (text string, points int64) {
	counts := make(map[mlflow.Outcome]int64)
	different := int64(0)
	for _, run := range r.Runs {
		points += run.PointsSent
		if len(run.Differences) > 0 {
			different++
		}
		if len(run.Differences) == 0 || run.Outcome != mlflow.Verified {
			counts[run.Outcome]++
		}
	}
	text = ui.Counted(int64(len(r.Runs)), "run")
	for _, o := range []mlflow.Outcome{mlflow.Created, mlflow.Completed, mlflow.Skipped, mlflow.Verified, mlflow.Missing, mlflow.Failed} {
		if counts[o] > 0 {
			text += fmt.Sprintf(", %s %s", humanize.Comma(counts[o]), o)
		}
	}
	if different > 0 {
		text += fmt.Sprintf(", %s different from the logs", humanize.Comma(different))
	}
	return text, points
}

// standing tells how far work came that did not end.
func standing(plan *mlflow.Plan, r *mlflow.Result) string {
	good := 0
	for _, run := range r.Runs {
		if run.Err == nil && len(run.Differences) == 0 {
			good++
		}
	}
	return fmt.Sprintf("%s of %s done", humanize.Comma(int64(good)), ui.Counted(int64(len(plan.Runs)), "run"))
}

// mostDifferences is how many lines are said of one run.
const mostDifferences = 5

// sayRuns tells of the runs that did not go well, and of what could not be
// kept.
func sayRuns(c console, r *mlflow.Result) {
	lines := 0
	notes := make(map[string]int64)
	for _, run := range r.Runs {
		if run.Outcome == mlflow.Completed && len(run.Differences) > 0 {
			notes["an earlier migration left what MLflow does not change: --on-existing replace makes such runs anew"]++
		}
		for _, note := range run.Notes {
			notes[note]++
		}
		if lines >= mostWarnings {
			continue
		}
		switch {
		case run.Err != nil && !errors.Is(run.Err, context.Canceled):
			c.say("run %s: %v", run.Plan.Path, run.Err)
			lines++
		case run.Outcome == mlflow.Missing:
			c.say("run %s: not on the server", run.Plan.Path)
			lines++
		}
		for i, d := range run.Differences {
			if i == mostDifferences {
				c.say("run %s: and %d more differences", run.Plan.Path, len(run.Differences)-i)
				break
			}
			c.say("run %s: %s", run.Plan.Path, d)
			lines++
		}
	}
	for _, note := range slices.Sorted(maps.Keys(notes)) {
		c.say("%s: %s", ui.Counted(notes[note], "run"), note)
	}
}

// retryWords says that calls are repeated, but not every time.
type retryWords struct {
	c     console
	quiet bool
	mu    sync.Mutex
	last  time.Time
	more  int
}

func (r *retryWords) say(err error, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quiet || time.Since(r.last) < 5*time.Second {
		r.more++
		return
	}
	r.last = time.Now()
	r.c.say("%v; trying again in %.1f s%s", err, wait.Seconds(), r.others())
	r.more = 0
}

func (r *retryWords) others() string {
	if r.more == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more such failures since)", r.more)
}
