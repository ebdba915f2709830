package sqlmodel

import (
	"context"
	"errors"
	"iter"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
)

// Columns of the two tables of values that are no points. seq is the value's place
// among those of its tag.
var (
	textColumns      = []string{"run_id", "tag", "seq", "position", "step", "wall_time", "value"}
	histogramColumns = []string{"run_id", "tag", "seq", "bucket", "step", "wall_time", "left_edge", "right_edge", "count"}
)

// forms are those of the values that have tables.
func forms() []convert.Form { return []convert.Form{convert.FormText, convert.FormHistograms} }

func (w *writer) values(ctx context.Context, id int64, r *plan.RunResult) error {
	for _, form := range forms() {
		table, columns := "text", textColumns
		if form == convert.FormHistograms {
			table, columns = "histogram", histogramColumns
		}
		if err := w.tx.Insert(ctx, table, columns, valueRows(ctx, w.tx, id, r.Run, form, w.options.Read)); err != nil {
			return err
		}
	}
	return nil
}

// errEnough ends a reading whose rows are not wanted any more.
var errEnough = errors.New("enough")

// valueRows are the rows of the texts or of the histograms of a run.
func valueRows(ctx context.Context, tx Tx, id int64, r *plan.Run, form convert.Form, read convert.ReadOptions) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, s := range r.Sources {
			if s.Stats.NotExported[string(form)] == 0 {
				continue
			}
			give := func(_ context.Context, in *convert.Input) error {
				tag, seq := "", int64(0)
				for v, err := range in.Values(form) {
					if err != nil {
						return err
					}
					if v.Tag != tag {
						tag, seq = v.Tag, 0
					}
					rows, err := rowsOf(tx, form, v)
					if err != nil {
						return err
					}
					for i, row := range rows {
						all := append([]any{id, valueTag(s, v.Tag), seq, int64(i), v.Step, tx.Number(v.WallTime)}, row...)
						if !yield(all, nil) {
							return errEnough
						}
					}
					seq++
				}
				return nil
			}
			_, err := convert.Each(ctx, []eventfile.Run{s.Run}, convert.Options{Jobs: 1, NoSeries: true, Forms: []convert.Form{form}, Read: read}, give)
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

func valueTag(s *plan.Source, tag string) string {
	if s.Prefix != "" {
		tag = s.Prefix + "/" + tag
	}
	return withoutNUL(tag)
}

// rowsOf are the last columns of the rows of a value.
func rowsOf(tx Tx, form convert.Form, v *convert.Value) (rows [][]any, err error) {
	if form == convert.FormText {
		text, err := kinds.DecodeText(v.Value.Tensor)
		for _, t := range text.Texts {
			rows = append(rows, []any{withoutNUL(t)})
		}
		return rows, err
	}
	var h kinds.Histogram
	if v.Value.Field == event.FieldHisto {
		h, err = kinds.DecodeOldHistogram(v.Value.Message)
	} else {
		h, err = kinds.DecodeHistogram(v.Value.Tensor)
	}
	for i, count := range h.Count {
		rows = append(rows, []any{tx.Number(h.Left[i]), tx.Number(h.Right[i]), tx.Number(count)})
	}
	return rows, err
}
