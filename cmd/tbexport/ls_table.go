package main

import (
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"tbexport/convert"
	"tbexport/eventfile/inventory"
	"tbexport/internal/ui"
)

// writeShort writes a line a run.
func (l *listing) writeShort(w io.Writer, s ui.Screen) error {
	sheet := ui.Sheet{Screen: s, Columns: []ui.Column{
		{Head: "run", Floor: 24, Whole: true}, {Head: "files", Right: true, Leave: 7},
		{Head: "size", Right: true, Leave: 4},
		{Head: "events", Right: true, Leave: 6}, {Head: "steps", Right: true, Leave: 1}, {Head: "start", Leave: 3},
		{Head: "duration", Right: true, Leave: 2}, {Head: "health"}, {Head: "kinds", Floor: 20, Leave: 5},
		{Head: "hparams", Right: true, Leave: 8}, {Head: "writer", Floor: 12, Leave: 9},
	}}
	for i := range l.runs {
		r := &l.runs[i]
		sheet.Add(s.Name(r.Run), humanize.Comma(int64(len(r.Files))), ui.Size(r.bytes), humanize.Comma(r.Events),
			r.showSteps(), r.showStart(), r.showSpan(), r.shortHealth(s), s.Name(r.kinds()),
			r.showHParams(), s.Name(r.Writer))
	}
	return sheet.Write(w)
}

// writeLong writes for each run a line about it and a table of its tags.
func (l *listing) writeLong(w io.Writer, s ui.Screen) error {
	for i := range l.runs {
		r := &l.runs[i]
		about := []string{ui.Counted(int64(len(r.Files)), "file"), ui.Size(r.bytes), ui.Counted(r.Events, "event"),
			r.showStart(), r.showSpan(), s.Name(r.Writer)}
		if r.Params > 0 {
			about = append(about, ui.Counted(int64(r.Params), "hparam"))
		}
		if others := s.Name(r.untagged()); others != "" {
			about = append(about, others)
		}
		about = slices.DeleteFunc(about, func(word string) bool { return word == "" || word == "-" })
		name := s.Name(r.Run)
		if s.Width > 0 {
			name = s.Shorten(name, s.Width)
			for i, word := range about {
				about[i] = s.Shorten(word, s.Width-len("  ,")) // of a line of wrap
			}
		}
		line := s.Paint(ui.Bold, name) + "\n" + s.Wrap(strings.Join(append(about, r.health(s, true)...), ", ")) + "\n"
		if i > 0 {
			line = "\n" + line
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
		if err := r.writeTags(w, s); err != nil {
			return err
		}
	}
	return nil
}

func (r *listed) writeTags(w io.Writer, s ui.Screen) error {
	if len(r.Inventory.Tags) == 0 {
		return nil
	}
	sheet := ui.Sheet{Screen: s, Indent: 2, Columns: []ui.Column{
		{Head: "tag", Floor: 16, Whole: true}, {Head: "kind", Floor: 8, Leave: 5}, {Head: "dtype", Leave: 9},
		{Head: "values", Right: true, Leave: 3},
		{Head: "steps", Right: true, Leave: 2}, {Head: "size", Right: true, Leave: 6},
		{Head: "last", Right: true, Leave: 1},
		{Head: "min", Right: true, Leave: 7}, {Head: "max", Right: true, Leave: 8}, {Head: "shape", Leave: 4},
	}}
	for _, t := range r.Inventory.Tags {
		values, steps := humanize.Comma(t.Values), ui.Steps(t.MinStep, t.MaxStep)
		if !t.Scalar {
			kind := kindName(t.Kind.String())
			if kind == "scalars" {
				kind = "not one number"
			}
			sheet.Add(s.Name(t.Name), s.Name(kind), t.DType, values, steps, ui.Size(t.Content.Bytes), "", "", "",
				showContent(s, t))
			continue
		}
		sheet.Add(s.Name(t.Name), t.Kind.String(), t.DType, values, steps, "",
			ui.Value(t.Last), showExtreme(t, t.Min), showExtreme(t, t.Max), ui.Sparkline(s, t.Means))
	}
	return sheet.Write(w)
}

// showExtreme is a lowest or highest value; there is none where no value is
// finite.
func showExtreme(t *inventory.Tag, x float64) string {
	if t.NotFinite == t.Values {
		return "-"
	}
	return ui.Value(x)
}

func (r *listed) showStart() string {
	if r.FirstTime == 0 {
		return "-"
	}
	return ui.Time(r.FirstTime)
}

func (r *listed) showSpan() string {
	if r.FirstTime == 0 {
		return "-"
	}
	return ui.Span(r.LastTime - r.FirstTime)
}

func (r *listed) showSteps() string {
	if !r.steps {
		return "-"
	}
	return ui.Steps(r.minStep, r.maxStep)
}

// showHParams is empty where there are none, so that a logdir without any has
// no such column.
func (r *listed) showHParams() string {
	if r.Params == 0 {
		return ""
	}
	return humanize.Comma(int64(r.Params))
}

// kinds lists what the run holds, scalars first and then the most frequent.
func (r *listed) kinds() string {
	kinds := strings.Join(showKinds(convert.OtherKinds(r.RunStats)), ", ")
	if r.Points == 0 {
		return kinds
	}
	return strings.TrimSuffix("scalars "+humanize.Comma(r.Points)+", "+kinds, ", ")
}

// untagged lists what stands in events of its own and so is no tag's.
func (r *listed) untagged() string {
	kinds, bytes := make(map[string]int64), make(map[string]int64)
	for kind, n := range r.Inventory.Untagged {
		kinds[string(kind)], bytes[string(kind)] = n.Values, n.Bytes
	}
	words := showKinds(kinds)
	for i, word := range words {
		kind, _, _ := strings.Cut(word, " ") // such kinds have one word
		words[i] += " of " + ui.Size(bytes[kind])
	}
	return strings.Join(words, ", ")
}

func showKinds(kinds map[string]int64) (words []string) {
	kinds = plurals(kinds)
	names := make([]string, 0, len(kinds))
	for name, n := range kinds {
		if n > 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if kinds[a] != kinds[b] {
			return int(min(max(kinds[b]-kinds[a], -1), 1))
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		word := name
		if name == "scalars" {
			word = "scalars of several numbers"
		}
		words = append(words, word+" "+humanize.Comma(kinds[name]))
	}
	return words
}

// narrow is the width below which a table has room for one word of health.
const narrow = 60

// shortHealth is the gravest of health on a narrow screen, and else all.
func (r *listed) shortHealth(s ui.Screen) string {
	if s.Width > 0 && s.Width < narrow {
		return r.health(s, false)[0]
	}
	return strings.Join(r.health(s, true), ", ")
}

// health says whether the run is whole: "ok", or what is wrong, worst first.
func (r *listed) health(s ui.Screen, amounts bool) (words []string) {
	add := func(i ui.Ink, word, amount string) {
		if amounts && amount != "" {
			word += " " + amount
		}
		words = append(words, s.Paint(i, word))
	}
	if r.unreadable > 0 {
		add(ui.Red, "unreadable", "")
	}
	if r.unproven > 0 {
		add(ui.Red, "unproven", "")
	}
	if r.lost > 0 {
		add(ui.Red, "corrupt", ui.Size(r.lost))
	}
	if r.torn > 0 {
		add(ui.Yellow, "torn", "")
	}
	for _, points := range []struct {
		word string
		n    int64
	}{{"superseded", r.Restarted()}, {"two writers", r.TwoWriters}, {"repeated", r.Repeated}} {
		if points.n > 0 {
			add(ui.Yellow, points.word, humanize.Comma(points.n))
		}
	}
	if r.Points == 0 && len(convert.OtherKinds(r.RunStats)) == 0 {
		add(ui.Faint, "empty", "")
	}
	if len(words) == 0 {
		add(ui.Green, "ok", "")
	}
	if r.recent {
		add(ui.Green, "recent", "")
	}
	return words
}
