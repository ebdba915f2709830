// Package chart draws line charts of series: as text for a terminal, and as
// PNG and SVG.
//
//	Chart ──Text──▶ lines of Braille dots, or of ASCII signs
//	      ──PNG, SVG──▶ pictures, one panel a chart (gonum/plot)
//
// Both show the same: the same bounds, ticks and lines. What cannot be drawn,
// numbers that are not finite and, on a logarithmic axis, those not above 0,
// breaks a line and is counted in the legend. The package knows nothing of
// event files, and takes names as they are to be shown.
package chart
