package main

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
)

// How numbers and times look, everywhere in the program.

// showValue is a measured number with five digits, which is enough to look at.
func showValue(x float64) string {
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

// showSteps is a range of steps.
func showSteps(first, last int64) string {
	if first == last {
		return showStep(first)
	}
	return showStep(first) + ".." + showStep(last)
}

// showStep is a step, or about what it is where nobody counts its digits.
func showStep(step int64) string {
	if step <= -1e12 || step >= 1e12 {
		return strconv.FormatFloat(float64(step), 'g', 3, 64)
	}
	return humanize.Comma(step)
}

// showTime is a wall time in UTC, or - where it is none.
func showTime(seconds float64) string {
	// Years 1 to 9999: what lies outside is no time, but a number that a writer
	// put there.
	if !(seconds >= -62135596800 && seconds < 253402300800) {
		return "-"
	}
	whole := math.Floor(seconds)
	return time.Unix(int64(whole), 0).UTC().Format("2006-01-02 15:04:05Z")
}

// showSpan is a length of time in its two largest units.
func showSpan(seconds float64) string {
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

// showSize is a number of bytes.
func showSize(bytes int64) string { return humanize.IBytes(uint64(bytes)) }
