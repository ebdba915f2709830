package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Value is a measured number with five digits, which is enough to look at.
func Value(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', 5, 64)
}

// Steps is a range of steps.
func Steps(first, last int64) string {
	if first == last {
		return Step(first)
	}
	return Step(first) + ".." + Step(last)
}

// Step is a step, or about what it is where nobody counts its digits.
func Step(step int64) string {
	if step <= -1e12 || step >= 1e12 {
		return strconv.FormatFloat(float64(step), 'g', 3, 64)
	}
	return humanize.Comma(step)
}

// Time is a wall time in UTC, or - where it is none.
func Time(seconds float64) string {
	// Years 1 to 9999: what lies outside is no time, but a number that a writer
	// put there.
	if !(seconds >= -62135596800 && seconds < 253402300800) {
		return "-"
	}
	whole := math.Floor(seconds)
	return time.Unix(int64(whole), 0).UTC().Format("2006-01-02 15:04:05Z")
}

// Span is a length of time in its two largest units.
func Span(seconds float64) string {
	switch {
	case math.IsNaN(seconds) || math.IsInf(seconds, 0):
		return "-"
	case seconds < 60:
		return strconv.FormatFloat(seconds, 'g', 3, 64) + "s"
	}
	if seconds >= 1000*86400 {
		return strconv.FormatFloat(seconds/86400/365.25, 'g', 3, 64) + "y"
	}
	s := int64(seconds)
	switch {
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 86400:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
	return fmt.Sprintf("%dd%02dh", s/86400, s/3600%24)
}

// Size is a number of bytes.
func Size(bytes int64) string { return humanize.IBytes(uint64(bytes)) }

// Counted is a number of things: "1 run", "2,000 runs".
func Counted(n int64, what string) string {
	if n != 1 && strings.HasSuffix(what, "sh") {
		what += "es"
	} else if n != 1 {
		what += "s"
	}
	return humanize.Comma(n) + " " + what
}
