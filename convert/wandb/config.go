package wandb

import (
	"fmt"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/rows"
	"tbexport/eventfile/hparams"
)

// config is an hparam as JSON.
func config(h hparams.HParam) []byte {
	switch h.Kind {
	case hparams.Number:
		return appendJSON(nil, h.Number)
	case hparams.Bool:
		return fmt.Append(nil, h.Bool)
	case hparams.String:
		return jsonText(h.Text)
	case hparams.List, hparams.Struct:
		return []byte(h.Text)
	}
	return []byte("null")
}

// Counted reports whether the rows of a run are counted, as its steps do not
// grow; else W&B's steps are TensorBoard's.
func Counted(r *plan.Run) bool { return !rows.Ascending(r) }

// code is the exit status of a run. W&B calls a run without one failed, and so
// one that goes on gets 0.
func code(r *plan.Run) int64 {
	if r.Status == convert.StatusFailed {
		return 1
	}
	return 0
}

// notes say where a run comes from, in Markdown.
func (w *writer) notes(r *plan.Run) string {
	var b strings.Builder
	files, bytes := r.EventFiles()
	fmt.Fprintf(&b,
		"From TensorBoard, by tbexport %s: run %s of %s, event files: %d, bytes: %d, points: %d, series: %d.\n",
		w.options.Version, quoted(r.Path), quoted(w.options.Logdir), files, bytes, r.Points(), len(r.Series))
	add := func(what string, n int64) {
		if n > 0 {
			fmt.Fprintf(&b, "\n* %s: %d", what, n)
		}
	}
	var t plan.Totals
	t.Add(r)
	if r.Status == convert.StatusRunning {
		b.WriteString("\n* the session was still running")
	}
	if Counted(r) {
		b.WriteString("\n* steps repeat, go back or are negative: rows are counted, and " + globalStep + " is the step")
	}
	keys := rows.MediaKeys(r, key)
	for _, s := range r.Series {
		if s.Key != s.Name() {
			fmt.Fprintf(&b, "\n* %s is the tag %s", quoted(s.Key), quoted(s.Name()))
		}
	}
	for _, m := range r.Media {
		if key := keys[m]; key != m.Tag {
			b.WriteString("\n* " + quoted(key) + " is the tag " + quoted(m.Tag))
		}
	}
	add("values that are NaN", t.NaN)
	add("infinite values", t.Infinite)
	add("values left out as they are not finite", t.Skipped)
	add("points left out by sampling", t.SampledOut)
	return b.String()
}

// quoted is a text as Markdown shows it letter by letter.
func quoted(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }
