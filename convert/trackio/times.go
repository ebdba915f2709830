package trackio

import (
	"math"
	"time"
)

// The times that Python's datetime has, in microseconds since 1970: those of the
// years 1 to 9999.
const (
	earliest = -62_135_596_800_000_000
	latest   = 253_402_300_799_000_000
)

// micros is a time in seconds since 1970 in microseconds, or the nearest that
// Trackio can show, and whether it is not that time. NaN becomes 1970.
func micros(seconds float64) (kept int64, moved bool) {
	exact := math.Round(seconds * 1e6)
	if exact != exact {
		return 0, true
	}
	near := max(earliest, min(latest, exact))
	return int64(near), near != exact
}

// timestamp is a time in seconds since 1970 as Trackio writes it, or the nearest
// that it can show, and whether it is not that time.
func timestamp(seconds float64) (text string, moved bool) {
	kept, moved := micros(seconds)
	return time.UnixMicro(kept).UTC().Format("2006-01-02T15:04:05.000000+00:00"), moved
}

// clock is timestamp for many times, most of which are of one day.
type clock struct {
	day  int64  // since 1970
	date []byte // of the day, with the T; empty: there is none yet
}

const microsADay = 24 * 3600 * 1e6

func (c *clock) append(b []byte, seconds float64) (text []byte, moved bool) {
	kept, moved := micros(seconds)
	day, rest := kept/microsADay, kept%microsADay
	if rest < 0 {
		day, rest = day-1, rest+microsADay
	}
	if day != c.day || len(c.date) == 0 {
		c.day, c.date = day, time.UnixMicro(kept).UTC().AppendFormat(c.date[:0], "2006-01-02T")
	}
	second := rest / 1e6
	b = append(b, c.date...)
	b = append(digits(b, second/3600, 10), ':')
	b = append(digits(b, second/60%60, 10), ':')
	b = append(digits(b, second%60, 10), '.')
	return append(digits(b, rest%1e6, 100_000), "+00:00"...), moved
}

// digits appends a number with as many digits as first has, which is a power of ten.
func digits(b []byte, n, first int64) []byte {
	for ; first > 0; first /= 10 {
		b = append(b, '0'+byte(n/first%10))
	}
	return b
}
