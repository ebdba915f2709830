package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"tbexport/convert/mlflow"
	"tbexport/convert/output"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// serve does work with the server, and says what came of it.
func (m *mlflowFlags) serve(ctx context.Context, c console, p *planned, verb string,
	do mlflowWork) error {
	tasks := int64(2) // sent, and read back
	if verb == "verify" || p.options.Verify == mlflow.VerifyNone {
		tasks = 1
	}
	bar := newTransfer(c, m.quiet, work{
		points: p.plan.Totals().Points, tasks: tasks, files: mlflow.MediaFiles(p.plan), runs: int64(len(p.plan.Runs))})
	p.options.Media, p.options.Done = bar.media, func(*mlflow.RunResult) { bar.run() }
	p.options.Progress, p.options.Verified = bar.sent, bar.checked
	if verb == "verify" {
		p.options.Progress = nil
	}
	result, err := p.inExperiments(ctx, do)
	bar.stop()
	var unreported error
	if m.report != "" {
		unreported = writeMLflowReport(m.report, m.overwrite, p.client.Server(), p, result)
	}
	if !m.quiet || err != nil {
		sayRuns(c, result, verb)
		sayUnkept(c, result)
		sayMedia(c, result)
		if verb == "verify" {
			sayChangedParams(c, result)
			sayTheirs(c, result)
		}
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
	c.say("error: %v", advised(err))
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
	reading := summary{report: p.report, totals: p.report.Totals(), problems: p.found.problems,
		restarts: p.options.Read.Restarts, verbose: m.verbose}
	if !m.quiet {
		reading.sayWarnings(c)
		if kinds := reading.kinds(); kinds != "" {
			c.say("not scalars, so only in the event files: %s", kinds)
		}
	}
	if end != nil {
		if !m.quiet {
			c.say("%s", end.line(time.Since(p.begin)))
			if len(end.result.More) == 0 {
				c.say("to look at: %s", mlflow.ExperimentPage(p.client, end.result.Experiment))
			}
		}
		if !end.result.Good() {
			return statusError(statusLost)
		}
	}
	if sayFileProblems(c, p.plan, m.quiet) || reading.lost() {
		return errLost
	}
	return nil
}

func (e *closingMLflow) line(took time.Duration) string {
	text, points := outcomes(e.result)
	if e.verb == "migrate" {
		text += fmt.Sprintf("; %s%s sent ->", ui.Counted(points, "point"), mediaSent(e.result))
	} else {
		text += " in"
	}
	return text + fmt.Sprintf(" %s, %.1f s", e.place(), took.Seconds())
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
	for _, o := range []mlflow.Outcome{mlflow.Created, mlflow.Completed, mlflow.Skipped, mlflow.Deleted,
		mlflow.Duplicate, mlflow.Verified,
		mlflow.Removable, mlflow.Removed, mlflow.Kept, mlflow.Missing, mlflow.Failed} {
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
func standing(p *plan.Plan, r *mlflow.Result) string {
	good := 0
	for _, run := range r.Runs {
		if run.Err == nil && len(run.Differences) == 0 {
			good++
		}
	}
	return fmt.Sprintf("%s of %s done", humanize.Comma(int64(good)), ui.Counted(int64(len(p.Runs)), "run"))
}

// mostRunLines is how many lines are said of runs; the report has them all.
const mostRunLines = 20

// mostDifferences is how many lines are said of one run.
const mostDifferences = 5

// sayRuns tells of the runs that did not go well, and of what could not be
// kept.
func sayRuns(c console, r *mlflow.Result, verb string) {
	lines := 0
	notes := make(map[string][]string) // the paths of the runs
	for _, run := range r.Runs {
		add := func(note string) { notes[note] = append(notes[note], run.Plan.Path) }
		switch {
		case run.Outcome == mlflow.Deleted:
			add("deleted in MLflow, and left so (--deleted restore brings such runs back, --deleted again makes " +
				"others)")
		case run.Outcome == mlflow.Duplicate:
			add("the same event files as a run that is there, so no other is made (--duplicates create)")
		case run.Outcome == mlflow.Completed &&
			slices.ContainsFunc(run.Theirs, func(d mlflow.Difference) bool { return d.NotHere > 0 }):
			add("metrics have points that are not in the logs, somebody's or of a migration with other flags: " +
				"verify lists them, --on-existing replace makes such runs anew")
		}
		if len(run.ChangedParams) > 0 {
			note, remedy := "params are others in the logs now, and MLflow does not change them",
				"--on-existing replace makes such runs anew"
			if verb == "verify" {
				add(note + " (mlflow " + remedy + ")")
			} else {
				add(note + ": verify lists them, " + remedy)
			}
		}
		for _, note := range run.Notes {
			switch note {
			case mlflow.SeveralRuns:
				note += " (--on-existing one keeps that which has come furthest)"
			case mlflow.StaysNamed, mlflow.StaysKeyed:
				note += " (--on-existing replace makes such runs anew)"
			case mlflow.PartApart:
				note += " (mlflow --on-existing one deletes that)"
			}
			add(note)
		}
		if lines >= mostRunLines {
			continue
		}
		switch {
		case run.Err != nil && !errors.Is(run.Err, context.Canceled):
			c.say("run %s: %v", run.Plan.Path, advised(run.Err))
			lines++
		case run.Outcome == mlflow.Missing:
			c.say("run %s: not on the server", run.Plan.Path)
			lines++
		}
		for i, d := range run.Differences {
			if i == mostDifferences {
				c.say("run %s: and %s", run.Plan.Path, plural(int64(len(run.Differences)-i), "1 more difference",
					"%s more differences"))
				break
			}
			c.say("run %s: %s", run.Plan.Path, d)
			lines++
		}
	}
	for _, note := range slices.Sorted(maps.Keys(notes)) {
		c.say("%s: %s", namedRuns(notes[note]), note)
	}
}

// mostNamed is how many runs are named in a line.
const mostNamed = 3

// namedRuns says how many runs there are, and which, as far as these are few.
func namedRuns(paths []string) string {
	if len(paths) == 1 {
		return "run " + paths[0]
	}
	names := strings.Join(paths[:min(mostNamed, len(paths))], ", ")
	if len(paths) > mostNamed {
		names += ", ..."
	}
	return ui.Counted(int64(len(paths)), "run") + " (" + names + ")"
}

// sayChangedParams lists the params that are others in the logs now.
func sayChangedParams(c console, r *mlflow.Result) {
	sayOfRuns(c, r, func(run *mlflow.RunResult) []mlflow.Difference { return run.ChangedParams },
		func(d mlflow.Difference) string { return d.String() + "; MLflow does not change it" },
		func(n int64) string { return plural(n, "1 more changed param", "%s more changed params") })
}

// sayTheirs lists what people added or changed in MLflow.
func sayTheirs(c console, r *mlflow.Result) {
	sayOfRuns(c, r, func(run *mlflow.RunResult) []mlflow.Difference { return run.Theirs },
		func(d mlflow.Difference) string { return "in MLflow: " + d.Added() },
		func(n int64) string { return plural(n, "1 more addition", "%s more additions") + " in MLflow" })
}

// sayOfRuns lists what there is of each run, as far as it is little, and says how much more there is.
func sayOfRuns(c console, r *mlflow.Result, of func(*mlflow.RunResult) []mlflow.Difference,
	line func(mlflow.Difference) string, more func(int64) string) {
	lines := 0
	for _, run := range r.Runs {
		all := of(run)
		for i, d := range all {
			if i == mostDifferences || lines == mostRunLines {
				c.say("run %s: and %s; --report lists them", run.Plan.Path, more(int64(len(all)-i)))
				break
			}
			c.say("run %s: %s", run.Plan.Path, line(d))
			lines++
		}
		if lines == mostRunLines {
			return
		}
	}
}

// writeMLflowReport writes what became of a plan to a file, as JSON.
func writeMLflowReport(path string, overwrite bool, server string, p *planned, r *mlflow.Result) error {
	file, err := output.Create(path, output.FileOptions{Overwrite: overwrite})
	if err != nil {
		return err
	}
	words := func(err error) string { return advised(err).Error() }
	report := mlflow.NewReportDocument(p.plan, r, tool(), server, p.report.JSON(tool(), p.found.problems), words)
	if err = writeIndented(file, report); err == nil {
		err = file.Commit()
	}
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	return nil
}

func writeIndented(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
