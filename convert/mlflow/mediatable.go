package mlflow

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/kinds"
)

// mostTable is about how many bytes of a table a page shows at once. Of a tag that
// has more, values are left out evenly.
const mostTable = 16 << 20

// tableBytes is about what a byte of a value becomes in a table.
const tableBytes = 3

// tableColumns are those of the table of a form.
var tableColumns = map[convert.Form][]string{
	convert.FormHistograms: {"step", "time", "num", "min", "max", "left", "right", "count"},
	convert.FormPRCurves:   {"step", "time", "threshold", "precision", "recall", "tp", "fp", "tn", "fn"},
}

// isTable says that the media of a form become tables.
func isTable(form convert.Form) bool { return tableColumns[form] != nil }

// tableName is the path of a tag's table.
func tableName(m *plan.Media) string { return mediaPath(m) + ".json" }

// tableItems gives the tables of a run, one a tag: as MLflow's log_table would
// write them, so that the page shows rows and columns.
func (m *migration) tableItems(ctx context.Context, r *plan.Run, yield func(mediaItem) error) error {
	var forms []convert.Form
	for _, f := range m.plan.Options.Media {
		if isTable(f) {
			forms = append(forms, f)
		}
	}
	var t mediaTable
	for v, err := range m.plan.MediaValues(ctx, r, m.readOptions(), forms...) {
		if err == nil && v.Media != t.media {
			if err = t.end(yield); err == nil {
				t.begin(v.Media)
			}
		}
		if err == nil && t.wants(v.Nth[0]) {
			err = t.add(v)
		}
		if err != nil {
			return err
		}
	}
	return t.end(yield)
}

// mediaTable is a table under way, as JSON with the orientation "split" of pandas.
type mediaTable struct {
	media *plan.Media
	every int64 // value that is in it
	text  bytes.Buffer
	rows  int
}

func (t *mediaTable) begin(m *plan.Media) {
	t.media, t.rows = m, 0
	t.every = 1 + m.Bytes*tableBytes/mostTable
	t.text.Reset()
	columns, _ := json.Marshal(tableColumns[m.Form]) // strings are always written
	t.text.WriteString(`{"columns":` + string(columns) + `,"data":[`)
}

// leftOut is how many values of a tag are not in its table.
func (t *mediaTable) leftOut() (n int64) {
	for i := range t.media.Values {
		if !t.wants(i) {
			n++
		}
	}
	return n
}

// wants says that the nth value is in the table: of many the last, too.
func (t *mediaTable) wants(nth int64) bool { return nth%t.every == 0 || nth == t.media.Values-1 }

// end gives the table that is under way, if there is one.
func (t *mediaTable) end(yield func(mediaItem) error) error {
	if t.media == nil {
		return nil
	}
	t.text.WriteString("]}\n")
	return yield(mediaItem{name: tableName(t.media), content: t.text.Bytes(), table: true})
}

func (t *mediaTable) add(v *plan.MediaValue) error {
	if v.Media.Form == convert.FormHistograms {
		h, err := v.Histogram()
		if err == nil {
			t.histogram(v, &h)
		}
		return err
	}
	c, err := v.PRCurve()
	for i := range c.Threshold {
		t.row(v)
		for _, column := range [][]float64{c.Threshold, c.Precision, c.Recall, c.TP, c.FP, c.TN, c.FN} {
			t.text.WriteByte(',')
			t.number(column[i])
		}
		t.text.WriteByte(']')
	}
	return err
}

// histogram adds a row. Where the histogram does not say what was counted, its
// buckets do.
func (t *mediaTable) histogram(v *plan.MediaValue, h *kinds.Histogram) {
	num, low, high := h.Num, h.Min, h.Max
	if !h.Old {
		num, low, high = 0, math.NaN(), math.NaN()
		for i, n := range h.Count {
			if num += n; n > 0 {
				if high = h.Right[i]; math.IsNaN(low) {
					low = h.Left[i]
				}
			}
		}
	}
	t.row(v)
	for _, x := range []float64{num, low, high} {
		t.text.WriteByte(',')
		t.number(x)
	}
	for _, list := range [][]float64{h.Left, h.Right, h.Count} {
		t.text.WriteString(",[")
		for i, x := range list {
			if i > 0 {
				t.text.WriteByte(',')
			}
			t.number(x)
		}
		t.text.WriteByte(']')
	}
	t.text.WriteByte(']')
}

// row begins a row, with the step and the time.
func (t *mediaTable) row(v *plan.MediaValue) {
	if t.rows++; t.rows > 1 {
		t.text.WriteByte(',')
	}
	at := time.UnixMilli(min(milliseconds(v.WallTime), mostTime)).UTC()
	t.text.WriteString("[" + strconv.FormatInt(v.Step, 10) + `,"` + at.Format("2006-01-02T15:04:05.000Z") + `"`)
}

// mostTime is the end of the year 9999.
const mostTime = 253402300799999

// number writes a number: JSON has no NaN, and the infinities become what MLflow
// makes of them.
func (t *mediaTable) number(x float64) {
	if math.IsNaN(x) {
		t.text.WriteString("null")
		return
	}
	t.text.Write(strconv.AppendFloat(t.text.AvailableBuffer(), stored(x), 'g', -1, 64))
}
