package convert

import (
	"encoding/json"
	"math"
	"strconv"
)

// Float is a number in JSON, or one of the strings "NaN", "Infinity" and
// "-Infinity", for which JSON has no numbers.
type Float float64

// MarshalJSON writes the shortest number that reads back as the same.
func (f Float) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case math.IsNaN(x):
		return []byte(`"NaN"`), nil
	case math.IsInf(x, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return strconv.AppendFloat(nil, x, 'g', -1, 64), nil
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Float) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*f = Float(math.NaN())
	case `"Infinity"`:
		*f = Float(math.Inf(1))
	case `"-Infinity"`:
		*f = Float(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(f))
	}
	return nil
}

// finite is a number, or nil, which is null in JSON, if it is not finite.
func finite(x float64) *Float {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	f := Float(x)
	return &f
}
