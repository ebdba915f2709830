package chart

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// tick is a labelled place on an axis, in the units of bounds.
type tick struct {
	at    float64
	label string
}

// yTicks are the ticks of the Y axis, about so many.
func (c *Chart) yTicks(b bounds, most int) []tick {
	if !c.Log {
		return numberTicks(b.low, b.high, most)
	}
	if ticks := decades(b.low, b.high); len(ticks) >= 3 {
		return ticks
	}
	if ticks := partsOfDecades(b.low, b.high); len(ticks) >= 2 {
		return ticks
	}
	// A small part of a decade: even numbers, at the places of their logarithms.
	var ticks []tick
	for _, t := range numberTicks(math.Pow(10, b.low), math.Pow(10, b.high), most) {
		if t.at > 0 {
			ticks = append(ticks, tick{math.Log10(t.at), t.label})
		}
	}
	return ticks
}

// xTicks are the ticks of the X axis, about so many.
func (c *Chart) xTicks(b bounds, most int) []tick {
	if c.Time {
		return timeTicks(b.left, b.right, most)
	}
	if c.Whole {
		return spacedTicks(b.left, b.right, most, 1)
	}
	return numberTicks(b.left, b.right, most)
}

// xName is the name of the X axis: of one of times, with the day it begins on,
// which labels may leave out.
func (c *Chart) xName(b bounds) string {
	if c.Time && areTimes(b.left, b.right) {
		return c.XLabel + ", from " + time.Unix(int64(math.Floor(b.left)), 0).UTC().Format(time.DateOnly)
	}
	return c.XLabel
}

// numberTicks are at multiples of 1, 2 or 5 times a power of ten.
func numberTicks(low, high float64, most int) []tick { return spacedTicks(low, high, most, 0) }

// spacedTicks are numberTicks that are least apart.
func spacedTicks(low, high float64, most int, least float64) (ticks []tick) {
	span := high - low
	step := math.Pow(10, math.Floor(math.Log10(span)))
	for _, part := range []float64{0.05, 0.1, 0.2, 0.5, 1, 2, 5} {
		if span/(step*part) <= float64(max(most, 2)) {
			step *= part
			break
		}
	}
	step = max(step, least)
	if step == 0 || math.IsInf(step, 0) {
		return nil
	}
	// Whole multiples, so that errors do not add up; the ends have some leeway.
	for n := math.Ceil(low/step - leeway); n*step <= high+step*leeway && len(ticks) < 100; n++ {
		ticks = append(ticks, tick{min(max(n*step, low), high), number(n*step, step)})
		if n == n+1 {
			break // a float64 holds no numbers so close together
		}
	}
	return ticks
}

// leeway is how far beside an end of the axis, in steps, a tick counts as there.
const leeway = 1e-9

// number is x with the digits that tell it from x+step.
func number(x, step float64) string {
	digits := -int(math.Floor(math.Log10(step) + 1e-9))
	largest := math.Max(math.Abs(x), step)
	if x == 0 {
		return "0"
	}
	if largest < 1e7 && digits <= 0 {
		return humanize.Comma(int64(math.Round(x)))
	}
	if largest < 1e7 && digits <= 6 {
		return strconv.FormatFloat(x, 'f', max(digits, 0), 64)
	}
	precision := max(int(math.Floor(math.Log10(largest)))+digits, 0)
	return shortExponent(strconv.FormatFloat(x, 'e', min(precision, 16), 64))
}

// shortExponent writes 1e+09 as 1e9.
func shortExponent(text string) string {
	return strings.NewReplacer("e+0", "e", "e-0", "e-", "e+", "e").Replace(text)
}

// partsOfDecades are at 1, 2 and 5 times the powers of ten.
func partsOfDecades(low, high float64) (ticks []tick) {
	for e := math.Floor(low - leeway); e <= high; e++ {
		for _, part := range []float64{1, 2, 5} {
			if at := e + math.Log10(part); at >= low-leeway && at <= high+leeway {
				label := shortExponent(strconv.FormatFloat(part*math.Pow(10, e), 'g', 3, 64))
				ticks = append(ticks, tick{min(max(at, low), high), label})
			}
		}
	}
	return ticks
}

// decades are at the powers of ten, at most nine of them.
func decades(low, high float64) (ticks []tick) {
	first, last := math.Ceil(low), math.Floor(high)
	every := math.Ceil((last - first + 1) / 9)
	for e := first; e <= last; e += every {
		label := shortExponent(strconv.FormatFloat(math.Pow(10, e), 'g', 3, 64))
		if e < -307 || e > 307 {
			label = "1e" + strconv.Itoa(int(e))
		}
		ticks = append(ticks, tick{e, label})
	}
	return ticks
}

// timeTicks are at round times of UTC, at most so many.
func timeTicks(left, right float64, most int) []tick {
	const minute, hour, day = 60, 3600, 86400
	steps := []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, minute, 2 * minute,
		5 * minute, 10 * minute, 15 * minute, 30 * minute,
		hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day}
	if !areTimes(left, right) {
		return numberTicks(left, right, most)
	}
	most = max(most, 1)
	for _, step := range steps {
		if math.Floor(right/step)-math.Ceil(left/step) >= float64(most) {
			continue
		}
		layout := "15:04:05"
		switch {
		case step >= day:
			layout = "2006-01-02"
		case step >= minute && right-left < day:
			layout = "15:04"
		case step >= minute:
			layout = "01-02 15:04"
		case step < 1:
			layout = "15:04:05.000"
		}
		var ticks []tick
		for n := math.Ceil(left / step); n*step <= right; n++ {
			ticks = append(ticks,
				tick{n * step, time.UnixMilli(int64(math.Round(n * step * 1000))).UTC().Format(layout)})
		}
		if len(ticks) > 0 {
			return ticks
		}
		break
	}
	// Parts of a millisecond, or ages.
	return numberTicks(left, right, most)
}

// areTimes reports whether both are in the years 1 to 9999.
func areTimes(left, right float64) bool { return left >= -62135596800 && right < 253402300800 }
