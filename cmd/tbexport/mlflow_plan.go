package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// mostNames is how many changed names are said; --json has them all.
const mostNames = 10

// sayPlan tells in words what a migration will do; alone, of each run, and what it
// takes where nothing is there. What a migration finds there is not known to it.
func (m *mlflowFlags) sayPlan(c console, p *plan.Plan, l mlflow.Limits) error {
	t, runs := mlflow.TotalsOf(p), m.dryRun && !m.json
	if runs {
		if err := writePlannedRuns(c, p); err != nil {
			return err
		}
	}
	if line := limitsLine(l, runs); line != "" {
		c.say("%s", line)
	}
	for _, line := range planNotes(p, t, l) {
		c.say("%s", line)
	}
	for _, line := range slices.Concat(alikeNote(p), fileNotes(p), mediaNotes(p, t, l)) {
		c.say("%s", line)
	}
	takes := ""
	if m.dryRun {
		takes = fmt.Sprintf("; where none of it is there, %s calls, about %s, about %s in the database",
			humanize.Comma(t.Calls+t.VerifyCalls), estimate(t.Seconds), humanize.IBytes(uint64(t.DatabaseBytes)))
	}
	c.say("plan: %s, %s, %s of %s, %s of %s%s",
		ui.Counted(int64(t.Runs), "run"), ui.Counted(int64(t.Params), "param"), ui.Counted(t.Points, "point"),
		ui.Counted(int64(t.Series), "metric"), fileCount(t), humanize.IBytes(uint64(t.FileBytes)), takes)
	return nil
}

// limitsLine says what the server takes that a newer one, or one on another
// database, would not change; always: also of a server that takes everything.
func limitsLine(l mlflow.Limits, always bool) string {
	var limits []string
	if l.NoColon {
		limits = append(limits, `":" in names becomes "_"`)
	}
	if l.ShortParams {
		limits = append(limits, fmt.Sprintf("params have at most %d characters", l.MostParam()))
	}
	if l.IgnoresCase {
		limits = append(limits,
			"of names that differ in case or accents only, all but one are marked, as its database takes them for one")
	}
	if len(limits) == 0 && (!always || l.Version == "") {
		return ""
	}
	text := "the server"
	if l.Version != "" {
		text += " is MLflow " + l.Version
	}
	if len(limits) > 0 {
		text += ": " + strings.Join(limits, "; ")
	}
	return text
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

// writePlannedRuns writes a line for each run: what it is called, and what it
// will have. A reader that has seen enough of them is no error.
func writePlannedRuns(c console, p *plan.Plan) error {
	out := ui.UntilClosed(c.text())
	width := 0
	for _, r := range p.Runs {
		width = max(width, len(r.Name))
	}
	width = min(width, 60)
	for _, r := range p.Runs {
		text := fmt.Sprintf("%-*s  %s  %s, %s, %s", width, r.Name, started(r.Start),
			ui.Counted(r.Points(), "point"), ui.Counted(int64(len(r.Series)), "metric"),
			ui.Counted(int64(len(r.Params)), "param"))
		if status := r.Status.OrFinished(); status != convert.StatusFinished {
			text += ", " + string(status)
		}
		if r.Parent != nil {
			text += ", in " + r.Parent.Name
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
		}
	}
	return nil
}

func started(seconds float64) string {
	if seconds == 0 {
		return strings.Repeat("-", len("2006-01-02 15:04:05Z"))
	}
	return ui.Time(math.Round(seconds*1000) / 1000)
}

// planNotes are lines about what will not be as it is in the logs.
func planNotes(p *plan.Plan, t mlflow.Totals, limits mlflow.Limits) []string {
	var l noteLines
	most := humanize.Comma(int64(limits.MostParam()))
	for i, r := range p.Changed {
		if i == mostNames {
			l = append(l, fmt.Sprintf("and %d more names; --json lists them all", len(p.Changed)-i))
			break
		}
		l = append(l, fmt.Sprintf("%q becomes %q", r.From, r.To))
	}
	for i, pair := range p.SameButForCase {
		if i == mostNames {
			break
		}
		l = append(l, fmt.Sprintf("%q and %q are one on a MySQL or SQL Server database", pair[0], pair[1]))
	}
	for _, key := range systemKeys(p) {
		l = append(l,
			fmt.Sprintf("%q will be among the system metrics in MLflow's pages (--rename '^system/=sys/')", key))
	}
	l.add(int64(len(p.Folded)), "1 run is part of the session it belongs to (--no-fold-hparams keeps it apart)",
		"%s runs are part of the session they belong to (--no-fold-hparams keeps them apart)")
	l.add(int64(len(p.Empty)), "1 run holds nothing, and is left out",
		"%s runs hold nothing, and are left out")
	l.add(t.Superseded-t.Repeated-t.TwoWriters, "1 point was written again after a restart: charts go back and "+
		"forth, and the latest value is that of the highest step (--restarts step drops it)",
		"%s points were written again after a restart: charts go back and forth, and the latest value is that of the "+
			"highest step (--restarts step drops them)")
	l.add(t.Repeated,
		"1 point has the step of the next one of its series: MLflow keeps both (--restarts step drops it)",
		"%s points have the step of the next one of their series: MLflow keeps all (--restarts step drops them)")
	l.add(t.TwoWriters,
		"1 point was written by one of two writers at a time: charts go back and forth (--restarts step drops it)",
		"%s points were written by one of two writers at a time: charts go back and forth (--restarts step drops them)")
	l.add(t.Duplicates, "1 point equals another to the millisecond; MLflow keeps one of them",
		"%s points equal another to the millisecond; MLflow keeps one of each")
	l.are(t.NaN, "value", "NaN")
	l.add(int64(t.LastNaN), "1 metric ends with NaN: MLflow leaves it out of the run's page, and shows it in the "+
		"experiment's charts (--nonfinite skip shows it in both)",
		"%s metrics end with NaN: MLflow leaves them out of the run's page, and shows them in the experiment's "+
			"charts (--nonfinite skip shows them in both)")
	l.add(t.Infinite, "1 value is infinite; MLflow keeps it as ±1.7976931348623157e308",
		"%s values are infinite; MLflow keeps them as ±1.7976931348623157e308")
	l.are(t.Skipped, "value", "not finite and left out (--nonfinite skip)")
	l.add(t.BadTimes, "1 wall time is negative, not finite or too large, and becomes the nearest that MLflow takes",
		"%s wall times are negative, not finite or too large, and become the nearest that MLflow takes")
	l.are(t.SampledOut, "point", "left out (--max-points-per-tag)")
	l.are(int64(t.CutParams), "param", "cut to "+most+" characters (--long-params)")
	l.are(int64(t.OmittedParams), "param", "longer than "+most+" characters and left out (--long-params)")
	return l
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
