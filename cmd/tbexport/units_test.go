package main

import (
	"math"
	"testing"
)

func TestUnits(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{showValue(0.1), "0.1"},
		{showValue(1.0 / 3), "0.33333"},
		{showValue(6.8539e-08), "6.8539e-08"},
		{showValue(math.NaN()), "NaN"},
		{showValue(math.Inf(1)), "inf"},
		{showValue(math.Inf(-1)), "-inf"},
		{showSteps(0, 1999), "0..1,999"},
		{showSteps(-3, -3), "-3"},
		{showSteps(math.MinInt64, math.MaxInt64), "-9.22e+18..9.22e+18"},
		{showTime(1700000000.75), "2023-11-14 22:13:20Z"},
		{showTime(-0.5), "1969-12-31 23:59:59Z"},
		{showTime(math.NaN()), "-"},
		{showTime(1e300), "-"},
		{showTime(-1e300), "-"},
		{showSpan(0), "0s"},
		{showSpan(1.375), "1.38s"},
		{showSpan(61), "1m01s"},
		{showSpan(7261), "2h01m"},
		{showSpan(90061), "1d01h"},
		{showSpan(1e15), "3.17e+07y"},
		{showSpan(math.Inf(1)), "-"},
		{showSize(1536), "1.5 KiB"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
