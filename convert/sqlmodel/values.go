package sqlmodel

import (
	"context"
	"errors"
	"iter"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
)

// valueTable is a table of values that are no points. seq is the value's place
// among those of its tag, over all sources that have it.
type valueTable struct {
	name    string
	form    convert.Form
	columns []string // but for run_id
}

func valueTables() []valueTable {
	return []valueTable{
		{"text", convert.FormText, []string{"tag", "seq", "position", "step", "wall_time", "value"}},
		{"histogram", convert.FormHistograms,
			[]string{"tag", "seq", "bucket", "step", "wall_time", "left_edge", "right_edge", "count"}},
	}
}

// has reports whether a run may have rows in the table.
func (t *valueTable) has(r *plan.Run) bool {
	for _, s := range r.Sources {
		if s.Stats.NotExported[string(t.form)] > 0 {
			return true
		}
	}
	return false
}

// values writes the rows of the tables of values.
func (w *writer) values(ctx context.Context, id int64, r *plan.RunResult) error {
	for _, t := range valueTables() {
		if !t.has(r.Run) {
			continue
		}
		rows := func(yield func([]any, error) bool) {
			for row, err := range valueRows(ctx, w.tx.Number, r, t, w.options.Read) {
				if !yield(append([]any{id}, row...), err) {
					return
				}
			}
		}
		if err := w.tx.Insert(ctx, t.name, append([]string{"run_id"}, t.columns...), rows); err != nil {
			return err
		}
	}
	return nil
}

// errEnough ends a reading whose rows are not wanted any more.
var errEnough = errors.New("enough")

// valueRows are the rows of a run in a table of values, but for run_id. What they
// are is added up in the result.
func valueRows(ctx context.Context, number func(float64) any, r *plan.RunResult, t valueTable, read convert.ReadOptions) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		seqs := make(map[string]int64) // by the tag as it is stored
		for _, s := range r.Run.Sources {
			if s.Stats.NotExported[string(t.form)] == 0 {
				continue
			}
			give := func(_ context.Context, in *convert.Input) error {
				return sourceRows(in, s, r, t, seqs, number, yield)
			}
			o := convert.Options{Jobs: 1, NoSeries: true, Forms: []convert.Form{t.form}, Read: read}
			_, err := convert.Each(ctx, []eventfile.Run{s.Run}, o, give)
			if errors.Is(err, errEnough) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// sourceRows yields the rows of one source.
func sourceRows(in *convert.Input, s *plan.Source, r *plan.RunResult, t valueTable, seqs map[string]int64,
	number func(float64) any, yield func([]any, error) bool) error {
	for v, err := range in.Values(t.form) {
		if err != nil {
			return err
		}
		rows, nul, err := rowsOf(number, t.form, v)
		if err != nil {
			return err
		}
		if nul || strings.Contains(v.Tag, "\x00") {
			r.NULs++
		}
		r.AddOtherRows(t.name, int64(len(rows)))
		tag := valueTag(s, v.Tag)
		seq := seqs[tag]
		seqs[tag]++
		for i, row := range rows {
			if !yield(append([]any{tag, seq, int64(i), v.Step, number(v.WallTime)}, row...), nil) {
				return errEnough
			}
		}
	}
	return nil
}

func valueTag(s *plan.Source, tag string) string {
	if s.Prefix != "" {
		tag = s.Prefix + "/" + tag
	}
	return withoutNUL(tag)
}

// rowsOf are the last columns of the rows of a value. nul: a text lost one.
func rowsOf(number func(float64) any, form convert.Form, v *convert.Value) (rows [][]any, nul bool, err error) {
	if form == convert.FormText {
		text, err := kinds.DecodeText(v.Value.Tensor)
		for _, t := range text.Texts {
			kept := withoutNUL(t)
			nul = nul || kept != t
			rows = append(rows, []any{kept})
		}
		return rows, nul, err
	}
	var h kinds.Histogram
	if v.Value.Field == event.FieldHisto {
		h, err = kinds.DecodeOldHistogram(v.Value.Message)
	} else {
		h, err = kinds.DecodeHistogram(v.Value.Tensor)
	}
	for i, count := range h.Count {
		rows = append(rows, []any{number(h.Left[i]), number(h.Right[i]), number(count)})
	}
	return rows, false, err
}
