package eventfile

import "fmt"

// TimeUnit is the unit of the wall times in event files. TensorBoard's is the
// second; some writers are given others.
type TimeUnit uint8

// The units.
const (
	Seconds TimeUnit = iota
	Milliseconds
	Microseconds
	Nanoseconds
)

// String is the unit's sign: s, ms, us or ns.
func (u TimeUnit) String() string { return [...]string{"s", "ms", "us", "ns"}[u] }

// Word is the unit in the plural.
func (u TimeUnit) Word() string {
	return [...]string{"seconds", "milliseconds", "microseconds", "nanoseconds"}[u]
}

// ParseTimeUnit reads the sign of a unit.
func ParseTimeUnit(s string) (TimeUnit, error) {
	for u := Seconds; u <= Nanoseconds; u++ {
		if s == u.String() {
			return u, nil
		}
	}
	return 0, fmt.Errorf("%s: want s, ms, us or ns", s)
}

// GuessTimeUnit gives the unit in which a wall time, taken for seconds, lies
// between the years 1973 and 5138; Seconds, where it is of no unit.
func GuessTimeUnit(wallTime float64) TimeUnit {
	switch {
	case wallTime >= 1e20:
		return Seconds
	case wallTime >= 1e17:
		return Nanoseconds
	case wallTime >= 1e14:
		return Microseconds
	case wallTime >= 1e11:
		return Milliseconds
	}
	return Seconds
}

// seconds gives a time of this unit in seconds.
func (u TimeUnit) seconds(t float64) float64 {
	switch u {
	case Milliseconds:
		return t / 1e3
	case Microseconds:
		return t / 1e6
	case Nanoseconds:
		return t / 1e9
	}
	return t
}
