package main

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/text"

	"tbexport/convert"
	"tbexport/eventfile"
)

// writeShort writes a line a run.
func (l *listing) writeShort(w io.Writer, s screen) error {
	sheet := sheet{screen: s, columns: []column{
		{head: "run", floor: 24}, {head: "files", right: true, leave: 7}, {head: "size", right: true, leave: 4},
		{head: "events", right: true, leave: 6}, {head: "steps", right: true}, {head: "start", leave: 3},
		{head: "duration", right: true, leave: 2}, {head: "health"}, {head: "kinds", floor: 20, leave: 5},
		{head: "hparams", right: true, leave: 8}, {head: "writer", floor: 12, leave: 9},
	}}
	for i := range l.runs {
		r := &l.runs[i]
		sheet.add(s.name(r.Run), humanize.Comma(int64(len(r.Files))), showSize(r.bytes), humanize.Comma(r.Events), r.showSteps(),
			r.showStart(), r.showSpan(), r.shortHealth(s), s.name(r.kinds()),
			r.showHParams(), s.name(r.Writer))
	}
	return sheet.write(w)
}

// writeLong writes for each run a line about it and a table of its tags.
func (l *listing) writeLong(w io.Writer, s screen) error {
	for i := range l.runs {
		r := &l.runs[i]
		about := []string{counted(int64(len(r.Files)), "file"), showSize(r.bytes), counted(r.Events, "event"),
			r.showStart(), r.showSpan(), s.name(r.Writer)}
		if r.Outline.HParams > 0 {
			about = append(about, counted(int64(r.Outline.HParams), "hparam"))
		}
		if others := s.name(r.untagged()); others != "" {
			about = append(about, others)
		}
		about = slices.DeleteFunc(about, func(word string) bool { return word == "" || word == "-" })
		name := s.name(r.Run)
		if s.width > 0 {
			name = s.shorten(name, s.width)
			for i, word := range about {
				about[i] = s.shorten(word, s.width-len("  ,")) // of a line of wrap
			}
		}
		line := s.paint(bold, name) + "\n" + s.wrap(strings.Join(append(about, r.health(s, true)...), ", ")) + "\n"
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

func (r *listed) writeTags(w io.Writer, s screen) error {
	if len(r.Outline.Tags) == 0 {
		return nil
	}
	sheet := sheet{screen: s, indent: 2, columns: []column{
		{head: "tag", floor: 16}, {head: "kind", floor: 8, leave: 5}, {head: "dtype", leave: 8}, {head: "values", right: true, leave: 3},
		{head: "steps", right: true, leave: 2}, {head: "last", right: true}, {head: "min", right: true, leave: 6},
		{head: "max", right: true, leave: 7}, {head: "shape", leave: 4},
	}}
	for _, t := range r.Outline.Tags {
		values, steps := humanize.Comma(t.Values), showSteps(t.MinStep, t.MaxStep)
		if !t.Scalar {
			kind := t.Kind
			if kind == "scalars" {
				kind = "not one number"
			}
			sheet.add(s.name(t.Tag), s.name(kind), t.DType, values, steps, "", "", "", "")
			continue
		}
		sheet.add(s.name(t.Tag), t.Kind, t.DType, values, steps,
			showValue(t.Last), showExtreme(t, t.Min), showExtreme(t, t.Max), sparkline(s, t.Course))
	}
	return sheet.write(w)
}

// showExtreme is a lowest or highest value; there is none where no value is
// finite.
func showExtreme(t *eventfile.TagOutline, x float64) string {
	if t.NotFinite == t.Values {
		return "-"
	}
	return showValue(x)
}

// wrap breaks a line of words between commas so that it fits the screen,
// indented by two.
func (s screen) wrap(line string) string {
	out, used := "  ", 2
	for i, part := range strings.SplitAfter(line, ", ") {
		width := text.StringWidthWithoutEscSequences(strings.TrimRight(part, " "))
		if s.width > 0 && i > 0 && used+width > s.width {
			out, used = strings.TrimRight(out, " ")+"\n  ", 2
		}
		out += part
		used += text.StringWidthWithoutEscSequences(part)
	}
	return out
}

func (r *listed) showStart() string {
	if r.FirstTime == 0 {
		return "-"
	}
	return showTime(r.FirstTime)
}

func (r *listed) showSpan() string {
	if r.FirstTime == 0 {
		return "-"
	}
	return showSpan(r.LastTime - r.FirstTime)
}

func (r *listed) showSteps() string {
	if !r.steps {
		return "-"
	}
	return showSteps(r.minStep, r.maxStep)
}

// showHParams is empty where there are none, so that a logdir without any has
// no such column.
func (r *listed) showHParams() string {
	if r.Outline.HParams == 0 {
		return ""
	}
	return humanize.Comma(int64(r.Outline.HParams))
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
	kinds := make(map[string]int64)
	for _, kind := range []string{"graphs", "run_metadata", "log_messages"} {
		kinds[kind] = r.NotExported[kind]
	}
	for _, t := range r.Outline.Tags {
		if !t.Scalar {
			kinds[t.Kind] -= t.Values
		}
	}
	return strings.Join(showKinds(kinds), ", ")
}

func showKinds(kinds map[string]int64) (words []string) {
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
func (r *listed) shortHealth(s screen) string {
	if s.width > 0 && s.width < narrow {
		return r.health(s, false)[0]
	}
	return strings.Join(r.health(s, true), ", ")
}

// health says whether the run is whole: "ok", or what is wrong, worst first.
func (r *listed) health(s screen, amounts bool) (words []string) {
	add := func(i ink, word, amount string) {
		if amounts && amount != "" {
			word += " " + amount
		}
		words = append(words, s.paint(i, word))
	}
	if r.unreadable > 0 {
		add(red, "unreadable", "")
	}
	if r.lost > 0 {
		add(red, "corrupt", showSize(r.lost))
	}
	if r.torn > 0 {
		add(yellow, "torn", "")
	}
	if r.SupersededByStep > 0 {
		add(yellow, "superseded", humanize.Comma(r.SupersededByStep))
	}
	if r.Points == 0 && len(convert.OtherKinds(r.RunStats)) == 0 {
		add(faint, "empty", "")
	}
	if len(words) == 0 {
		add(green, "ok", "")
	}
	return words
}

// sparkline draws a course at one sign a mean, at most 16 of them.
func sparkline(s screen, means []float64) string {
	if len(means) > 16 {
		means = halve(means)
	}
	levels := []rune(s.pick("▁▂▃▄▅▆▇█", "_.-~=+*#"))
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range means {
		if !math.IsNaN(m) && !math.IsInf(m, 0) {
			low, high = min(low, m), max(high, m)
		}
	}
	var line []rune
	for _, m := range means {
		switch {
		case math.IsNaN(m) || math.IsInf(m, 0):
			line = append(line, ' ')
		case low == high:
			line = append(line, levels[len(levels)/2])
		default:
			// Halves, because the range of two float64 may be no float64.
			share := (m/2 - low/2) / (high/2 - low/2)
			line = append(line, levels[int(math.Round(share*float64(len(levels)-1)))])
		}
	}
	return string(line)
}

// halve joins the means by twos.
func halve(means []float64) []float64 {
	var joined []float64
	for i := 0; i < len(means); i += 2 {
		m := means[i]
		if i+1 < len(means) {
			switch n := means[i+1]; {
			case math.IsNaN(m):
				m = n
			case !math.IsNaN(n):
				m = m/2 + n/2
			}
		}
		joined = append(joined, m)
	}
	return joined
}
