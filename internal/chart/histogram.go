package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Histogram is one of a series that a chart shows as a heat map.
type Histogram struct {
	X float64
	// The edges and counts of its buckets, of the same length. What is not finite,
	// or counts less than nothing, is not drawn.
	Left, Right, Count []float64
}

// shares calls f with the edges of each bucket that counts something, and its share
// of all.
func (h *Histogram) shares(f func(left, right, share float64)) {
	all := 0.0
	for i := range h.Count {
		if h.counts(i) {
			all += h.Count[i]
		}
	}
	for i, n := range h.Count {
		if h.counts(i) && !math.IsInf(all, 0) {
			f(min(h.Left[i], h.Right[i]), max(h.Left[i], h.Right[i]), n/all)
		}
	}
}

func (h *Histogram) counts(i int) bool {
	return h.Count[i] > 0 && isFinite(h.Count[i]) && isFinite(h.Left[i]) && isFinite(h.Right[i])
}

// heatBounds are the ends of the axes of a heat map: of the buckets that count
// something, and half of what lies between histograms beside the outer ones.
func (c *Chart) heatBounds() (b bounds, ok bool) {
	b = bounds{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	xs := c.places()
	if len(xs) == 0 {
		return b, false
	}
	for i := range c.Histograms {
		c.Histograms[i].shares(func(left, right, _ float64) {
			b.low, b.high = min(b.low, left), max(b.high, right)
		})
	}
	if b.low > b.high {
		return b, false
	}
	last := len(xs) - 1
	b.left, b.right = xs[0], xs[last]
	if last > 0 {
		b.left -= (xs[1] - xs[0]) / 2
		b.right += (xs[last] - xs[last-1]) / 2
	}
	b.left, b.right = widen(b.left, b.right)
	b.low, b.high = widen(b.low, b.high)
	return b, true
}

// places are where the histograms stand, each place once, in order.
func (c *Chart) places() []float64 {
	var xs []float64
	for i := range c.Histograms {
		if isFinite(c.Histograms[i].X) {
			xs = append(xs, c.Histograms[i].X)
		}
	}
	slices.Sort(xs)
	return slices.Compact(xs)
}

// heat is a heat map: bands beside each other, of rows from the lowest value up.
type heat struct {
	bands []band
	rows  int
	most  float64 // share of a row
}

// band is the mean of the histograms that stand at one place, or close together.
type band struct {
	left, right float64
	shares      []float64 // a row
	of          int       // histograms
}

// heat makes bands of the histograms, so many at the most.
func (c *Chart) heat(b bounds, most, rows int) heat {
	h := heat{rows: rows}
	sorted := slices.Clone(c.Histograms)
	sorted = slices.DeleteFunc(sorted, func(x Histogram) bool { return !isFinite(x.X) })
	slices.SortStableFunc(sorted, func(x, y Histogram) int { return cmp.Compare(x.X, y.X) })
	apart := len(c.places()) <= most
	for i := range sorted {
		x := &sorted[i]
		n := len(h.bands)
		if n == 0 || apart && x.X != h.bands[n-1].right ||
			!apart && place(x.X, b.left, b.right, most) != place(h.bands[n-1].right, b.left, b.right, most) {
			h.bands = append(h.bands, band{left: x.X, shares: make([]float64, rows)})
			n++
		}
		last := &h.bands[n-1]
		last.right = x.X
		last.of++
		x.spread(b, last.shares)
	}
	h.join(b)
	return h
}

// join makes the bands meet in the middle between their histograms, and means of
// their sums.
func (h *heat) join(b bounds) {
	for i := range h.bands {
		x := &h.bands[i]
		for row := range x.shares {
			x.shares[row] /= float64(x.of)
			h.most = max(h.most, x.shares[row])
		}
		if i > 0 {
			middle := h.bands[i-1].right/2 + x.left/2
			h.bands[i-1].right, x.left = middle, middle
		}
	}
	if n := len(h.bands); n > 0 {
		h.bands[0].left, h.bands[n-1].right = b.left, b.right
	}
}

// spread adds the shares of the buckets to rows, evenly over each bucket.
func (h *Histogram) spread(b bounds, rows []float64) {
	h.shares(func(left, right, share float64) {
		from, to := rowOf(left, b, len(rows)), rowOf(right, b, len(rows))
		first, last := min(int(from), len(rows)-1), min(int(to), len(rows)-1)
		if first == last || to-from <= 0 {
			rows[first] += share
			return
		}
		for row := first; row <= last; row++ {
			part := min(to, float64(row+1)) - max(from, float64(row))
			rows[row] += share * max(part, 0) / (to - from)
		}
	})
}

// rowOf is how many rows of so many lie below a value.
func rowOf(x float64, b bounds, rows int) float64 {
	share := (x/2 - b.low/2) / (b.high/2 - b.low/2)
	return min(max(share, 0), 1) * float64(rows)
}

// level is that of a share among so many above none: the square root, so that the
// tails of a distribution are seen.
func (h *heat) level(share float64, levels int) int {
	if share <= 0 || h.most <= 0 {
		return 0
	}
	return min(int(math.Ceil(math.Sqrt(share/h.most)*float64(levels))), levels)
}

// at is the band of a place.
func (h *heat) at(x float64) *band {
	i, _ := slices.BinarySearchFunc(h.bands, x, func(b band, x float64) int { return cmp.Compare(b.right, x) })
	return &h.bands[min(i, len(h.bands)-1)]
}

// scale says what the strongest colour is.
func (h *heat) scale() string {
	return "up to " + strconv.FormatFloat(h.most*100, 'g', 3, 64) + " % of a histogram's values"
}

// Stairs gives the counts of equal stretches of values as a line that begins and ends
// at nothing; nil where nothing is counted. There are as many stretches as buckets,
// but no more than most.
func (h *Histogram) Stairs(most int) (values, counts []float64) {
	c := Chart{Histograms: []Histogram{{Left: h.Left, Right: h.Right, Count: h.Count}}}
	b, ok := c.heatBounds()
	if !ok {
		return nil, nil
	}
	all, first, last := 0.0, -1, 0
	for i := range h.Count {
		if !h.counts(i) {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		all += h.Count[i]
	}
	rows := make([]float64, min(last-first+1, most))
	h.spread(b, rows)
	edge := func(i int) float64 {
		share := float64(i) / float64(len(rows))
		return b.low*(1-share) + b.high*share
	}
	values, counts = []float64{b.low}, []float64{0}
	for i, share := range rows {
		values = append(values, edge(i), edge(i+1))
		counts = append(counts, share*all, share*all)
	}
	return append(values, b.high), append(counts, 0)
}
