package convert

import (
	"math"

	"tbexport/eventfile/eventjson"
)

// Float is a number in JSON, or one of the strings "NaN", "Infinity" and
// "-Infinity", for which JSON has no numbers.
type Float = eventjson.Float

// finite is a number, or nil, which is null in JSON, if it is not finite.
func finite(x float64) *Float {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	f := Float(x)
	return &f
}
