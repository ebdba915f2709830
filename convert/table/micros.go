package table

import (
	"math"
)

// Micros returns the microseconds in a number of seconds, rounded to the nearest of the exact value of the double, ties
// to even. It reports false, and 0, for NaN, the infinities and what int64 microseconds cannot hold (beyond about
// 292,000 years).
func Micros(seconds float64) (int64, bool) {
	product := seconds * 1e6
	if !(math.Abs(product) < 1<<63) { // NaN too
		return 0, false
	}
	// seconds*1e6 is exactly product + rest; product alone may already sit on the wrong side of a half.
	rest := math.FMA(seconds, 1e6, -product)
	if math.Abs(product) >= 1<<52 { // no fraction left in product, all of it in rest
		return addRounded(int64(product), rest), true
	}
	whole := math.RoundToEven(product)
	switch half := product - whole; {
	case half == 0.5 && rest > 0:
		whole++
	case half == -0.5 && rest < 0:
		whole--
	}
	return int64(whole), true
}

// addRounded returns whole plus rest, rounded to nearest, ties to even.
func addRounded(whole int64, rest float64) int64 {
	floor := math.Floor(rest)
	whole += int64(floor)
	if fraction := rest - floor; fraction > 0.5 || fraction == 0.5 && whole&1 == 1 {
		whole++
	}
	return whole
}
