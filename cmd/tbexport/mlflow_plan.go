package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// mostNames is how many changed names are said; --json has them all.
const mostNames = 10

// sayPlan tells in words what a migration will do; with runs, of each run.
func sayPlan(c console, p *plan.Plan, runs bool) {
	t := mlflow.TotalsOf(p)
	if runs {
		sayPlannedRuns(c, p)
	}
	for _, line := range planNotes(p, t) {
		c.say("%s", line)
	}
	c.say("plan: %s, %s, %s of %s, %s of %s; %s calls, about %s, about %s in the database",
		ui.Counted(int64(t.Runs), "run"), ui.Counted(int64(t.Params), "param"), ui.Counted(t.Points, "point"), ui.Counted(int64(t.Series), "metric"),
		ui.Counted(int64(t.Files), "event file"), humanize.IBytes(uint64(t.FileBytes)),
		humanize.Comma(t.Calls+t.VerifyCalls), estimate(t.Seconds), humanize.IBytes(uint64(t.DatabaseBytes)))
}

func estimate(seconds float64) string {
	switch {
	case seconds < 60:
		return fmt.Sprintf("%.0f s", max(seconds, 1))
	case seconds < 5400:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}

// sayPlannedRuns writes a line for each run: what it is called, and what it
// will have.
func sayPlannedRuns(c console, p *plan.Plan) {
	width := 0
	for _, r := range p.Runs {
		width = max(width, len(r.Name))
	}
	width = min(width, 60)
	for _, r := range p.Runs {
		text := fmt.Sprintf("%-*s  %s  %s, %s, %s", width, r.Name, started(r.Start),
			ui.Counted(r.Points(), "point"), ui.Counted(int64(len(r.Series)), "metric"), ui.Counted(int64(len(r.Params)), "param"))
		if status := r.Status.OrFinished(); status != convert.StatusFinished {
			text += ", " + string(status)
		}
		if r.Parent != nil {
			text += ", in " + r.Parent.Name
		}
		fmt.Fprintln(c.out, text)
	}
}

func started(seconds float64) string {
	if seconds == 0 {
		return strings.Repeat("-", len("2006-01-02 15:04:05Z"))
	}
	return ui.Time(math.Round(seconds*1000) / 1000)
}

// planNotes are lines about what will not be as it is in the logs.
func planNotes(p *plan.Plan, t mlflow.Totals) (lines []string) {
	add := func(n int64, format string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, humanize.Comma(n)))
		}
	}
	for i, r := range p.Changed {
		if i == mostNames {
			lines = append(lines, fmt.Sprintf("and %d more names; --json lists them all", len(p.Changed)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%q becomes %q", r.From, r.To))
	}
	for i, pair := range p.SameButForCase {
		if i == mostNames {
			break
		}
		lines = append(lines, fmt.Sprintf("%q and %q are one on a MySQL or SQL Server database", pair[0], pair[1]))
	}
	for _, key := range systemKeys(p) {
		lines = append(lines, fmt.Sprintf("%q will be among the system metrics in MLflow's pages (--rename '^system/=sys/')", key))
	}
	add(int64(len(p.Folded)), "%s runs are part of the session they belong to (--no-fold-hparams keeps them apart)")
	add(int64(len(p.Empty)), "%s runs hold nothing, and are left out")
	add(t.Superseded, "%s points were written again after a restart: charts go back and forth, and the latest value is that of the highest step (--restarts step drops them)")
	add(t.Duplicates, "%s points equal another to the millisecond; MLflow keeps one of each")
	add(t.NaN, "%s values are NaN")
	add(int64(t.LastNaN), "%s metrics end with NaN: MLflow leaves them out of the run's page, and shows them in the experiment's charts (--nonfinite skip shows them in both)")
	add(t.Infinite, "%s values are infinite; MLflow keeps them as ±1.7976931348623157e308")
	add(t.Skipped, "%s values are not finite and left out (--nonfinite skip)")
	add(t.BadTimes, "%s wall times are negative, not finite or too large, and become the nearest that MLflow takes")
	add(t.SampledOut, "%s points are left out (--max-points-per-tag)")
	add(int64(t.CutParams), "%s params are cut to 6,000 characters (--long-params truncate)")
	add(int64(t.OmittedParams), "%s params are longer than 6,000 characters and left out (--long-params)")
	return lines
}

// systemKeys are keys that MLflow's pages take for measurements of the machine.
func systemKeys(p *plan.Plan) (keys []string) {
	for _, r := range p.Runs {
		for _, s := range r.Series {
			if strings.HasPrefix(s.Key, "system/") {
				keys = append(keys, s.Key)
				break
			}
		}
		if len(keys) == 1 {
			break
		}
	}
	return keys
}
