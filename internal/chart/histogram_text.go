package chart

import "strings"

// heatSigns are the signs of a heat map, from none to the strongest.
func (t *Text) heatSigns() []string {
	if t.Unicode {
		return []string{" ", "░", "▒", "▓", "█"}
	}
	return strings.Split(" .:-=+*#%@", "")
}

// heatRows draws the histograms as rows of signs, and gives what their scale is.
func (c *Chart) heatRows(t Text, b bounds, width, height int) (rows []string, scale string) {
	h := c.heat(b, width, height)
	signs := t.heatSigns()
	for row := height - 1; row >= 0; row-- {
		var line strings.Builder
		for x := range width {
			// The middle of a sign's stretch of the axis.
			share := (float64(x) + 0.5) / float64(width)
			band := h.at(b.left*(1-share) + b.right*share)
			line.WriteString(signs[h.level(band.shares[row], len(signs)-1)])
		}
		rows = append(rows, t.paint(inks()[0], strings.TrimRight(line.String(), " ")))
	}
	return rows, t.paint(inks()[0], signs[len(signs)-1]) + " " + h.scale()
}
