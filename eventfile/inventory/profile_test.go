package inventory

import (
	"math"
	"slices"
	"testing"
)

// TestProfile: the means are those of the stretches, whatever their length became.
func TestProfile(t *testing.T) {
	for n := range 300 {
		var c profile
		var xs []float64
		for i := range n {
			x := float64(i * i % 17)
			if i%5 == 3 {
				x = math.NaN()
			}
			c.add(x, x == x)
			xs = append(xs, x)
		}
		got := c.means()
		length := 1
		for (n+length-1)/length > maxMeans {
			length *= 2
		}
		if want := (n + length - 1) / length; len(got) != want {
			t.Fatalf("%d points: %d means, want %d", n, len(got), want)
		}
		for i, part := range slices.Collect(slices.Chunk(xs, length)) {
			finite := slices.DeleteFunc(slices.Clone(part), math.IsNaN)
			want := math.NaN()
			if len(finite) > 0 {
				want = 0
				for _, x := range finite {
					want += x / float64(len(finite))
				}
			}
			if math.Abs(got[i]-want) > 1e-9 || math.IsNaN(got[i]) != math.IsNaN(want) {
				t.Errorf("%d points, mean %d: %v, want %v", n, i, got[i], want)
			}
		}
	}
}

func TestProfileOfExtremes(t *testing.T) {
	var c profile
	for range 100 {
		c.add(math.MaxFloat64, true)
	}
	for _, m := range c.means() {
		if m < math.MaxFloat64*(1-1e-15) || math.IsInf(m, 0) {
			t.Errorf("the mean of the largest float64 is %v", m)
		}
	}
}
