package ui

import (
	"math"
)

// Sparkline draws a course at one sign a mean, at most 16 of them.
func Sparkline(s Screen, means []float64) string {
	if len(means) > 16 {
		means = halve(means)
	}
	levels := []rune(s.Pick("▁▂▃▄▅▆▇█", "_.-~=+*#"))
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range means {
		if !math.IsNaN(m) && !math.IsInf(m, 0) {
			low, high = min(low, m), max(high, m)
		}
	}
	var line []rune
	for _, m := range means {
		switch {
		case math.IsNaN(m) || math.IsInf(m, 0):
			line = append(line, ' ')
		case low == high:
			line = append(line, levels[len(levels)/2])
		default:
			// Halves, because the range of two float64 may be no float64.
			share := (m/2 - low/2) / (high/2 - low/2)
			line = append(line, levels[int(math.Round(share*float64(len(levels)-1)))])
		}
	}
	return string(line)
}

// halve joins the means by twos.
func halve(means []float64) []float64 {
	var joined []float64
	for i := 0; i < len(means); i += 2 {
		m := means[i]
		if i+1 < len(means) {
			switch n := means[i+1]; {
			case math.IsNaN(m):
				m = n
			case !math.IsNaN(n):
				m = m/2 + n/2
			}
		}
		joined = append(joined, m)
	}
	return joined
}
