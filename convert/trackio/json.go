package trackio

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tbexport/convert/rows"
	"tbexport/eventfile/hparams"
)

// appendNumber appends a number as Trackio writes it: what JSON has no number
// for as a text.
func appendNumber(b []byte, v float64) []byte {
	switch {
	case v != v:
		return append(b, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(b, `"-Infinity"`...)
	case v == 0 && math.Signbit(v):
		return append(b, "-0.0"...) // as an integer it would have no sign
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// quote is a text as JSON.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // there is no text that cannot be marshalled
	}
	return string(b)
}

// config is an hparam as JSON.
func config(h hparams.HParam) string {
	switch h.Kind {
	case hparams.Number:
		return string(appendNumber(nil, h.Number))
	case hparams.Bool:
		return fmt.Sprint(h.Bool)
	case hparams.String:
		return quote(h.Text)
	case hparams.List, hparams.Struct:
		return h.Text
	}
	return "null"
}

// parseRow reads the metrics of a row into its values and media, in their order.
// Texts and other things are passed over.
func parseRow(text string, row *rows.Stored, names map[string]string) error {
	row.Values, row.Media = row.Values[:0], row.Media[:0]
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("a row's metrics are no JSON object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fmt.Errorf("a row's metrics: %w", err)
		}
		key, _ := t.(string)
		var raw any
		if err := d.Decode(&raw); err != nil {
			return fmt.Errorf("a row's metrics: %w", err)
		}
		name, known := names[key]
		if !known {
			name = key
			names[key] = key
		}
		if object, ok := raw.(map[string]any); ok && object["_type"] != nil {
			row.Media = append(row.Media, rows.Text{Key: name, Text: compact(object)})
		} else if value, ok := number(raw); ok {
			row.Values = append(row.Values, rows.Value{Key: name, Value: value})
		}
	}
	return nil
}

// compact is a value as JSON without spaces and with its keys in order.
func compact(value any) string {
	b, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(b)
}

// number is the inverse of appendNumber.
func number(raw any) (float64, bool) {
	switch v := raw.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case string:
		switch v {
		case "NaN":
			return math.NaN(), true
		case "Infinity":
			return math.Inf(1), true
		case "-Infinity":
			return math.Inf(-1), true
		}
	}
	return 0, false
}
