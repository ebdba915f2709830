package ui

import (
	"math"
	"testing"
)

func TestUnits(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Value(0.1), "0.1"},
		{Value(1.0 / 3), "0.33333"},
		{Value(6.8539e-08), "6.8539e-08"},
		{Value(math.NaN()), "NaN"},
		{Value(math.Inf(1)), "inf"},
		{Value(math.Inf(-1)), "-inf"},
		{Steps(0, 1999), "0..1,999"},
		{Steps(-3, -3), "-3"},
		{Steps(math.MinInt64, math.MaxInt64), "-9.22e+18..9.22e+18"},
		{Time(1700000000.75), "2023-11-14 22:13:20Z"},
		{Time(-0.5), "1969-12-31 23:59:59Z"},
		{Time(math.NaN()), "-"},
		{Time(1e300), "-"},
		{Time(-1e300), "-"},
		{Span(0), "0s"},
		{Span(1.375), "1.38s"},
		{Span(61), "1m01s"},
		{Span(7261), "2h01m"},
		{Span(90061), "1d01h"},
		{Span(1e15), "3.17e+07y"},
		{Span(math.Inf(1)), "-"},
		{Size(1536), "1.5 KiB"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
