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

	"tbexport/convert/output"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// trackerVerb is what a verb that carries runs into a tracker adds to what all
// of them do. Of plans and results it says the same words as the others.
type trackerVerb struct {
	destination string   // where the runs go, as it is said and reported
	tracker     string   // whose files they are; empty: people change nothing in them
	others      string   // where summaries of other kinds are
	notes       []string // what this plan cannot keep there
	verify      bool     // it compares, and writes nothing
	// measure gives what would be written; nil: it is not known before.
	measure func(context.Context, *plan.Plan) (*plan.Result, error)
	// work writes or compares, and tells of points as it goes on.
	work func(ctx context.Context, p *plan.Plan, progress func(int64)) (*plan.Result, error)
}

// carry shows the plan, and carries it out unless --dry-run is given.
func (t *trackerFlags) carry(ctx context.Context, c console, p *trackerPlan, v *trackerVerb) error {
	var measured *plan.Result
	if v.measure != nil && (t.dryRun || t.json) {
		var err error
		if measured, err = v.measure(ctx, p.plan); err != nil {
			return err
		}
	}
	if t.json {
		if err := writeIndented(ui.UntilClosed(c.json()),
			plan.NewPlanDocument(p.plan, tool(), v.destination, measured)); err != nil {
			return err
		}
	}
	if !t.quiet && !v.verify {
		if err := t.sayPlan(c, p.plan, v, measured); err != nil {
			return err
		}
	}
	if t.dryRun {
		if t.sayReading(c, p, v.others) {
			return errLost
		}
		return nil
	}
	bar := newTransfer(c, t.quiet, work{points: p.plan.Totals().Points, tasks: 1})
	progress := bar.sent
	if v.verify {
		progress = bar.checked
	}
	result, err := v.work(ctx, p.plan, progress)
	bar.stop()
	return t.finish(ctx, c, p, v, result, err)
}

// sayWaiting gives what says, once, that another process writes into the same
// place.
func (t *trackerFlags) sayWaiting(c console, place string) func() {
	return sync.OnceFunc(func() {
		if !t.quiet {
			c.say("%s: another program writes there; waiting until it has ended", place)
		}
	})
}

// finish says what came of the work, and reports it.
func (t *trackerFlags) finish(ctx context.Context, c console, p *trackerPlan, v *trackerVerb,
	result *plan.Result, err error) error {
	var unreported error
	if t.report != "" {
		unreported = t.writeReport(p, v, result)
	}
	if !t.quiet || err != nil {
		sayRunResults(c, result, err)
	}
	if err != nil {
		if unreported != nil {
			c.say("error: %v", unreported)
		}
		done := fmt.Sprintf("%s of %s done", humanize.Comma(int64(goodRuns(result))),
			ui.Counted(int64(len(p.plan.Runs)), "run"))
		if ctx.Err() != nil {
			c.say("interrupted: %s; run it again to go on", done)
			return statusError(statusInterrupted)
		}
		c.say("error: %v", err)
		if len(result.Runs) > 0 {
			c.say("stopped: %s; run it again to go on", done)
		}
		return statusError(statusFailed)
	}
	lost := t.sayReading(c, p, v.others)
	if !t.quiet {
		v.sayTheirs(c, result)
		for _, line := range resultNotes(p.plan.TotalsDocument(result)) {
			c.say("%s", line)
		}
		c.say("%s", v.closing(p.plan, result, time.Since(p.begin)))
	}
	switch {
	case unreported != nil:
		return unreported
	case !result.Good():
		return statusError(statusLost)
	case lost:
		return errLost
	}
	return nil
}

// sayPlan says in words what is to be written.
func (t *trackerFlags) sayPlan(c console, p *plan.Plan, v *trackerVerb, measured *plan.Result) error {
	if t.dryRun && !t.json {
		if err := writePlannedRuns(c, p); err != nil {
			return err
		}
	}
	sums := p.TotalsDocument(measured)
	notes := append(trackerNotes(p, sums), v.notes...)
	for _, line := range append(notes, resultNotes(sums)...) {
		c.say("%s", line)
	}
	line := fmt.Sprintf("plan: %s, %s, %s of %s", ui.Counted(int64(sums.Runs), "run"),
		ui.Counted(int64(sums.Params), "param"),
		ui.Counted(sums.Points, "point"), ui.Counted(int64(sums.Series), "metric")) + mediaCounts(p)
	if measured != nil {
		line += fmt.Sprintf("; %s%s, %s", ui.Counted(sums.Rows, "row"), otherRows(sums),
			humanize.IBytes(uint64(sums.Bytes)))
	}
	c.say("%s", line)
	return nil
}

// trackerNotes are lines about what will not be as it is in the logs.
func trackerNotes(p *plan.Plan, t plan.TotalsDocument) []string {
	var l noteLines
	for i, r := range p.Changed {
		if i == mostNames {
			l = append(l, fmt.Sprintf("and %d more names; --json lists them all", len(p.Changed)-i))
			break
		}
		l = append(l, fmt.Sprintf("%q becomes %q", r.From, r.To))
	}
	l.add(int64(len(p.Folded)), "1 run is part of the session it belongs to (--no-fold-hparams keeps it apart)",
		"%s runs are part of the session they belong to (--no-fold-hparams keeps them apart)")
	l.add(int64(len(p.Empty)), "1 run holds nothing, and is left out", "%s runs hold nothing, and are left out")
	l.add(t.Superseded-t.Repeated-t.TwoWriters,
		"1 point was written again after a restart, and is kept (--restarts step drops it)",
		"%s points were written again after a restart, and are all kept (--restarts step drops them)")
	l.add(t.TwoWriters,
		"1 point is one of two writers that wrote one run at the same time, and is kept (--restarts step drops it)",
		"%s points are those of two writers that wrote one run at the same time, and are all kept (--restarts step "+
			"drops them)")
	l.add(t.Repeated, "1 point has the step of the next one of its series, and is kept (--restarts step drops it)",
		"%s points have the step of the next one of their series, and are all kept (--restarts step drops them)")
	l.are(t.NaN, "value", "NaN")
	l.are(t.Infinite, "value", "infinite")
	l.are(t.Skipped, "value", "not finite and left out (--nonfinite skip)")
	l.are(t.SampledOut, "point", "left out (--max-points-per-tag)")
	return l
}

// otherRows says how many rows there are of values that are no points.
func otherRows(t plan.TotalsDocument) (text string) {
	for _, table := range slices.Sorted(maps.Keys(t.OtherRows)) {
		if n := t.OtherRows[table]; n > 0 {
			text += fmt.Sprintf(", %s of %s", ui.Counted(n, "row"), table)
		}
	}
	return text
}

// resultNotes are lines about times, and texts, that rows do not keep.
func resultNotes(t plan.TotalsDocument) []string {
	var l noteLines
	off := ", at most " + ui.Span(t.Spread) + " off"
	l.add(t.Moved, "1 point has the time of its row, which is that of the earliest"+off,
		"%s points have the time of their row, which is that of the earliest"+off)
	l = append(l, trackerMediaNotes(t.Media)...)
	l.add(t.BadTimes, "1 row has no time that can be shown", "%s rows have no time that can be shown")
	l.add(t.NULs, "1 value has a text with NUL, which is left out", "%s values have a text with NUL, which is left out")
	return l
}

func (t *trackerFlags) writeReport(p *trackerPlan, v *trackerVerb, result *plan.Result) error {
	file, err := output.Create(t.report, output.FileOptions{Overwrite: t.overwrite})
	if err != nil {
		return err
	}
	report := plan.NewReportDocument(p.plan, result, tool(), v.destination, p.report.JSON(tool(), p.found.problems),
		error.Error)
	if err = writeIndented(file, report); err == nil {
		err = file.Commit()
	}
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	return nil
}

// sayRunResults tells of the runs that did not go well, but for that of the error
// that ended it all.
func sayRunResults(c console, r *plan.Result, end error) {
	lines := 0
	for _, run := range r.Runs {
		if lines >= mostRunLines {
			return
		}
		switch {
		case run.Err != nil && !errors.Is(run.Err, context.Canceled) && !errors.Is(end, run.Err):
			c.say("run %s: %v", run.Run.Path, run.Err)
			lines++
		case run.Outcome == plan.Missing:
			c.say("run %s: not there", run.Run.Path)
			lines++
		}
		for i, d := range run.Differences {
			if i == mostDifferences {
				c.say("run %s: and %d more differences", run.Run.Path, len(run.Differences)-i)
				break
			}
			c.say("run %s: %s", run.Run.Path, d)
			lines++
		}
	}
}

// sayTheirs lists what people added or changed in the tracker.
func (v *trackerVerb) sayTheirs(c console, r *plan.Result) {
	lines := 0
	for _, run := range r.Runs {
		for i, d := range run.Theirs {
			if lines == mostRunLines {
				return
			}
			if lines++; i == mostDifferences {
				c.say("run %s: and %d more additions in %s; --report lists them", run.Run.Path, len(run.Theirs)-i, v.tracker)
				break
			}
			c.say("run %s: in %s: %s", run.Run.Path, v.tracker, d.Added())
		}
	}
}

func goodRuns(r *plan.Result) (n int) {
	for _, run := range r.Runs {
		if run.Err == nil && len(run.Differences) == 0 {
			n++
		}
	}
	return n
}

// closing is the last line.
func (v *trackerVerb) closing(p *plan.Plan, r *plan.Result, took time.Duration) string {
	counts := make(map[plan.Outcome]int64)
	var rows, points, bytes, different int64
	var media plan.MediaResult
	for _, run := range r.Runs {
		media.Add(run.Media)
		rows += run.Rows
		points += run.Points
		bytes += run.Bytes
		if len(run.Differences) > 0 {
			different++
		} else {
			counts[run.Outcome]++
		}
	}
	text := ui.Counted(int64(len(r.Runs)), "run")
	for _, o := range []plan.Outcome{plan.Created, plan.Grown, plan.Skipped, plan.Verified, plan.Missing, plan.Failed} {
		if counts[o] > 0 {
			text += fmt.Sprintf(", %s %s", humanize.Comma(counts[o]), o)
		}
	}
	if different > 0 {
		text += fmt.Sprintf(", %s different from the logs", humanize.Comma(different))
	}
	what, to := "", " ->"
	if v.verify {
		what, to = " compared", " in"
	}
	text += fmt.Sprintf("; %s", ui.Counted(points, "point"))
	if media.Values > 0 {
		text += fmt.Sprintf(" and %s of media", ui.Counted(media.Values, "value"))
	}
	text += fmt.Sprintf(" in %s%s%s", ui.Counted(rows, "row"), otherRows(p.TotalsDocument(r)), what)
	if bytes > 0 {
		text += ", " + humanize.IBytes(uint64(bytes))
	}
	return text + fmt.Sprintf("%s %s, %.2f s", to, v.destination, took.Seconds())
}
