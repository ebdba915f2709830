package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/kinds"
	"tbexport/internal/chart"
	"tbexport/internal/ui"
)

// shownForms are the forms of values that show shows beside scalars, in the order
// in which it does.
func shownForms() []convert.Form {
	return []convert.Form{convert.FormHistograms, convert.FormPRCurves, convert.FormText, convert.FormImages,
		convert.FormAudio, convert.FormMeshes, convert.FormTensors, convert.FormGraphs, convert.FormLayouts}
}

// showTables are the names of what show shows.
func showTables() []string {
	names := []string{tableScalars}
	for _, form := range shownForms() {
		names = append(names, string(form))
	}
	return names
}

// chooseKinds settles what is shown: what --table says; else, of tags that are
// chosen, all that they hold, and without a choice the scalars.
func (s *showFlags) chooseKinds() error {
	names := strings.Split(s.table, ",")
	switch chosen := slices.ContainsFunc(s.selection.tags, isPositive) || len(s.selection.tagRegexp) > 0; {
	case s.table == tableAll || s.table == "" && chosen && !s.follow:
		names = showTables()
	case s.table == "":
		names = []string{tableScalars}
	}
	for _, name := range names {
		switch name = strings.TrimSpace(name); {
		case slices.Contains(s.forms, convert.Form(name)):
		case !slices.Contains(showTables(), name):
			return usagef("--table %s: want %s", s.table, oneOf(append(showTables(), tableAll)))
		case name == tableScalars:
			s.scalars = true
		case s.follow:
			return usagef("--follow draws scalars: leave --table %s out", s.table)
		default:
			s.forms = append(s.forms, convert.Form(name))
		}
	}
	return nil
}

// isPositive reports whether a glob chooses, and does not only exclude.
func isPositive(glob string) bool { return !strings.HasPrefix(glob, "!") }

// ranged reports whether points are chosen, so that all of those are shown and not
// only the last.
func (s *selectionFlags) ranged() bool {
	return s.steps != "" || s.since != "" || s.until != "" || s.sample > 0
}

// showable is a value that is no point, before it is read.
type showable struct {
	run   string
	form  convert.Form
	value *convert.Value
}

// gathered is what was read of the runs, and keeps of what is no point only where
// it stands.
type gathered struct {
	allSeries
	forms  []convert.Form
	every  bool // value of a series, and not only the last
	values []showable
}

// take takes what is to be shown of one run.
func (g *gathered) take(ctx context.Context, in *convert.Input) error {
	if err := g.allSeries.take(ctx, in); err != nil {
		return err
	}
	if len(in.Stats.NotExported) == 0 {
		return nil // all are points
	}
	for _, form := range g.forms {
		every := g.every || form == convert.FormHistograms
		first := len(g.values)
		for v, err := range in.Standing(form) {
			if err != nil {
				return err
			}
			// Graphs without a tag have nothing in common.
			if n := len(g.values); !every && n > first && v.Tag != "" && g.values[n-1].value.Tag == v.Tag {
				g.values = g.values[:n-1]
			}
			g.values = append(g.values, showable{in.Run.Name, form, v})
		}
	}
	return nil
}

// of gives the values of a form, by tag and then by run.
func (g *gathered) of(form convert.Form) []showable {
	var all []showable
	for _, v := range g.values {
		if v.form == form {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b showable) int { return cmp.Compare(a.value.Tag, b.value.Tag) })
	return all
}

// presenter shows values.
type presenter struct {
	*showFlags
	ctx     context.Context
	reader  *eventfile.ValueReader
	screen  ui.Screen
	oneRun  bool
	pending map[string]bool // kinds of which only a line was shown
}

func (s *showFlags) newPresenter(ctx context.Context, screen ui.Screen, g *gathered) *presenter {
	p := &presenter{showFlags: s, ctx: ctx, reader: eventfile.NewValueReader(dirstore.New()), screen: screen,
		oneRun: true, pending: make(map[string]bool)}
	p.reader.SkipDataCRC = s.selection.runs.ignoreCRC
	for _, v := range g.values {
		p.oneRun = p.oneRun && v.run == g.values[0].run
	}
	return p
}

// read reads what the value holds. It is valid until the next is read.
func (p *presenter) read(v *showable) error { return v.value.Read(p.ctx, p.reader) }

// charts makes charts of the histograms and PR curves.
func (p *presenter) charts(g *gathered) ([]chart.Chart, error) {
	histograms, err := p.histograms(g.of(convert.FormHistograms))
	if err != nil {
		return nil, err
	}
	curves, err := p.prCurves(g.of(convert.FormPRCurves), g.colours())
	return append(histograms, curves...), err
}

// colours are those of the runs that have lines.
func (g *gathered) colours() map[string]int {
	runs := make(map[string]int)
	for _, x := range g.series {
		runs[x.Run] = x.Colour
	}
	return runs
}

// others are the values that are not drawn as charts.
func (g *gathered) others() (all []showable) {
	for _, form := range shownForms() {
		if form != convert.FormHistograms && form != convert.FormPRCurves {
			all = append(all, g.of(form)...)
		}
	}
	return all
}

// write shows the values below each other.
func (p *presenter) write(w io.Writer, values []showable) error {
	for i := range values {
		v := &values[i]
		if err := p.read(v); err != nil {
			return err
		}
		if err := p.present(w, v); err != nil {
			return err
		}
	}
	return nil
}

// present shows one value.
func (p *presenter) present(w io.Writer, v *showable) error {
	switch v.form {
	case convert.FormText:
		return p.text(w, v)
	case convert.FormImages:
		return p.pictures(w, v)
	case convert.FormAudio:
		return p.clips(w, v)
	}
	return p.line(w, v)
}

// line says of a value what its header says.
func (p *presenter) line(w io.Writer, v *showable) error {
	words, bytes := "", 0
	if v.form == convert.FormGraphs {
		what, b, err := v.value.Graph()
		if err != nil {
			return err
		}
		words, bytes = what, len(b)
	} else {
		var h kinds.Header
		dtype := h.Tensor(v.value.Plugin, v.value.Value.Tensor)
		part := kinds.NoMeshPart
		if content, err := kinds.DecodeMeshContent(v.value.Content); err == nil && v.form == convert.FormMeshes {
			part = content.Part
		}
		words, bytes = headerWords(&h, part, dtype.String()), len(v.value.Value.Tensor)
	}
	p.pending[string(v.form)] = true
	_, err := io.WriteString(w, p.heading(v)+": "+strings.TrimPrefix(words+", ", ", ")+ui.Size(int64(bytes))+"\n")
	return err
}

// heading names a value: its tag, its run where there are several, and its step.
func (p *presenter) heading(v *showable) string {
	name := p.screen.Name(v.value.Tag)
	if name == "" {
		name = string(v.form)
	}
	name = p.screen.Paint(ui.Bold, p.shorten(name))
	if !p.oneRun {
		name += "  " + p.shorten(p.screen.Name(v.run))
	}
	return name + ", step " + ui.Step(v.value.Step)
}

func (p *presenter) shorten(name string) string {
	if p.screen.Width == 0 {
		return name
	}
	return p.screen.Shorten(name, max(p.screen.Width/2, 16))
}

// everyItem is the --index that chooses none of several items.
const everyItem = -1

// wants reports whether --index wants an item of a value.
func (s *showFlags) wants(index int) bool { return s.index == everyItem || s.index == index }

// numbered says which item of several a value's is, as --index has it.
func numbered(index, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf(", index %d of %d", index, of)
}

// hints say how to get what was not shown whole.
func (p *presenter) hints() (lines []string) {
	var one, all []string
	for _, form := range shownForms() {
		if !p.pending[string(form)] || form == convert.FormLayouts {
			continue
		}
		all = append(all, string(form))
		if form != convert.FormMeshes { // whose parts are values of their own
			one = append(one, string(form))
		}
	}
	if len(one) > 0 {
		lines = append(lines, strings.Join(one, ", ")+": -o FILE writes one")
	}
	if len(all) > 0 {
		lines = append(lines, strings.Join(all, ", ")+": tbexport extract LOGDIR -o DIR --table "+
			strings.Join(all, ",")+" writes them to files")
	}
	if p.pending[string(convert.FormLayouts)] {
		lines = append(lines, "layouts: tbexport jsonl LOGDIR --table layouts writes their charts")
	}
	return lines
}

// errNothingShown is of a choice of values that holds none of what show shows.
var errNothingShown = errors.New("nothing of what is chosen can be shown; tbexport ls -l LOGDIR says what there is")
