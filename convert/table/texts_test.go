package table

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
)

// TestHugeTexts has huge texts among small ones in records that are released at once, and
// in such that are kept while the table goes on.
func TestHugeTexts(t *testing.T) {
	huge := func(letter string, more int) string { return strings.Repeat(letter, hugePayload+more) }
	texts := [][]string{
		{"first"}, {huge("a", 0)}, {huge("b", 10)}, {"small", "ones"}, {huge("c", 5), "beside"}, {huge("d", 1)}, {""},
	}
	var events []eventfiletest.Event
	var want []string
	for step, value := range texts {
		events = append(events, eventfiletest.Summary(1000, int64(step), eventfiletest.Text("text", value...)))
		want = append(want, value...)
	}
	logdir := eventfiletest.Logdir(t, eventfiletest.Tree{"run/tfevents": eventfiletest.File(events...)})
	runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, keep := range []int{0, 1, len(want)} {
		var kept []arrow.Record
		var got []string
		take := func(n int) {
			for len(kept) > n {
				column := kept[0].Column(int(kept[0].NumCols()) - 1).(*array.String)
				for i := range column.Len() {
					got = append(got, strings.Clone(column.Value(i)))
				}
				kept[0].Release()
				kept = kept[1:]
			}
		}
		emit := func(r arrow.Record) error {
			r.Retain()
			kept = append(kept, r)
			take(keep)
			return nil
		}
		table := newTable(t, textSpec())
		_, err := convert.Each(t.Context(), runs, convert.Options{Forms: textSpec().Forms}, func(_ context.Context, in *convert.Input) error {
			return table.Add(in, emit)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := table.Finish(emit); err != nil {
			t.Fatal(err)
		}
		if take(0); !slices.Equal(got, want) {
			t.Errorf("with %d records kept, %d texts are not those of the logdir", keep, len(got))
		}
	}
}

func newTable(t *testing.T, s Spec) Table {
	t.Helper()
	table, err := s.New(t.Context(), Source{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}
