package rowtext

import (
	"math"
	"strconv"
	"time"
)

func appendInt(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }

// appendFloat appends the shortest text that reads back to the same float64, as Python's repr writes it: with a point
// or an exponent always, so that no reader takes the column for integers, and an exponent only below 1e-4 and from
// 1e16.
func (s Syntax) appendFloat(dst []byte, v float64) []byte {
	switch size := math.Abs(v); {
	case v != v:
		return append(dst, s.NaN...)
	case v > math.MaxFloat64:
		return append(dst, s.Inf...)
	case v < -math.MaxFloat64:
		return append(dst, s.NegInf...)
	case size >= 1e16 || size < 1e-4 && size != 0:
		return strconv.AppendFloat(dst, v, 'e', -1, 64)
	case size == math.Trunc(size):
		return append(strconv.AppendFloat(dst, v, 'f', -1, 64), ".0"...)
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// appendMicros appends microseconds since the epoch as RFC 3339 in UTC, always with six decimals: readers that look at
// the first row to learn the form find the same in all. Years that RFC 3339 has no form for are written with more or
// negative digits.
func appendMicros(dst []byte, micros int64) []byte {
	return time.UnixMicro(micros).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
}
