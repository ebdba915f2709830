package rows

import (
	"math"

	"tbexport/eventfile/kinds"
)

// Buckets is a histogram as trackers keep it: counts of buckets side by side, and
// their edges, one more than there are counts.
type Buckets struct{ Edges, Counts []float64 }

// MostBuckets is how many buckets trackers keep of a histogram.
const MostBuckets = 512

// BucketsOf gives a histogram as buckets side by side, of which an empty one fills
// each gap. The last edge of one of the old form is its greatest number where
// its writer only says that there is no limit, and an empty one without a limit is
// none. Not ok: there are no buckets, they overlap, or an edge or a count is not finite.
func BucketsOf(h *kinds.Histogram) (b Buckets, ok bool) {
	last := len(h.Count) - 1
	all := h.Count
	if last >= 0 && h.Old && all[last] == 0 && h.Right[last] >= math.MaxFloat64 &&
		!(h.Max >= h.Left[last] && h.Max < h.Right[last]) {
		all = all[:last]
	}
	for i, count := range all {
		left, right := h.Left[i], h.Right[i]
		if i == last && h.Old && h.Max < right && h.Max >= left {
			right = h.Max
		}
		if !finite(left) || !finite(right) || !finite(count) || right < left {
			return b, false
		}
		switch n := len(b.Edges); {
		case n == 0:
			b.Edges = append(b.Edges, left)
		case left < b.Edges[n-1]:
			return b, false
		case left > b.Edges[n-1]:
			b.Edges, b.Counts = append(b.Edges, left), append(b.Counts, 0)
		}
		b.Edges, b.Counts = append(b.Edges, right), append(b.Counts, count)
	}
	return b, len(all) > 0
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Limit makes of more than most buckets at most so many: first neighbours that are
// empty are made one, by which nothing is lost, then any. coarser says that this
// was done.
func (b *Buckets) Limit(most int) (coarser bool) {
	if len(b.Counts) <= most {
		return false
	}
	b.join(func(kept int, count float64) bool { return count == 0 && b.Counts[kept] == 0 })
	each := (len(b.Counts) + most - 1) / most
	if each == 1 {
		return false
	}
	i := 0
	b.join(func(int, float64) bool { i++; return i%each != 0 })
	return true
}

// join puts each bucket after the first into the one before it where with says so,
// of the last bucket that is kept and the count of the next.
func (b *Buckets) join(with func(kept int, count float64) bool) {
	kept := 0
	for i := 1; i < len(b.Counts); i++ {
		if with(kept, b.Counts[i]) {
			b.Counts[kept] += b.Counts[i]
		} else {
			kept++
			b.Counts[kept] = b.Counts[i]
		}
		b.Edges[kept+1] = b.Edges[i+1]
	}
	b.Counts, b.Edges = b.Counts[:kept+1], b.Edges[:kept+2]
}
