package trackio

import (
	"math"
	"testing"

	"tbexport/convert/rows"
)

// FuzzParseRow: whatever a row holds, reading it ends; and a value that is
// written is read as it was.
func FuzzParseRow(f *testing.F) {
	f.Add(`{"loss": 0.5, "NaN": "NaN", "text": "x", "nested": {"a": [1]}}`, 0.1)
	f.Add(`{"a": 1e400}`, math.Copysign(0, -1))
	f.Add(`{`, math.Inf(-1))
	f.Add(`[]`, math.NaN())
	f.Fuzz(func(t *testing.T, text string, value float64) {
		var row rows.Stored
		_ = parseRow(text, &row, make(map[string]string))
		written := "{" + quote("k") + ": " + string(appendNumber(nil, value)) + "}"
		err := parseRow(written, &row, make(map[string]string))
		got := row.Values
		if err != nil || len(got) != 1 || got[0].Key != "k" ||
			math.Float64bits(got[0].Value) != math.Float64bits(value) && !(math.IsNaN(value) && math.IsNaN(got[0].Value)) {
			t.Errorf("%s became %v, %v", written, got, err)
		}
	})
}
