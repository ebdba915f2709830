package plan

import (
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		n, quota int64
		there    []int64
		want     []int64
	}{
		{0, 5, nil, nil}, {5, 0, nil, nil}, {1, 1, nil, []int64{0}}, {9, 1, nil, []int64{8}},
		{3, 5, []int64{1}, []int64{0, 2}}, {10, 2, nil, []int64{0, 9}}, {11, 3, nil, []int64{0, 5, 10}},
		{10, 4, nil, []int64{0, 3, 6, 9}}, {10, 4, []int64{0, 6}, []int64{3, 9}}, // stopped on the way
		{5000, 5000, nil, nil},
	} {
		got := Choose(c.n, c.quota, c.there)
		if c.n == 5000 {
			if len(got) != 5000 || got[4999] != 4999 {
				t.Errorf("%d of %d", len(got), c.n)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d of %d beside %v: %v, want %v", c.quota, c.n, c.there, got, c.want)
		}
	}
}

// Whatever is there already, what is chosen once is enough, and leaves no gap that
// is much larger than the others.
func TestChooseGrowing(t *testing.T) {
	for _, quota := range []int64{1, 2, 3, 7, 50} {
		var there []int64
		for n := int64(1); n < 700; n += 1 + n/9 {
			chosen := Choose(n, quota, there)
			there = append(there, chosen...)
			slices.Sort(there)
			if len(slices.Compact(slices.Clone(there))) != len(there) {
				t.Fatalf("%d of %d: %v twice", quota, n, chosen)
			}
			if again := Choose(n, quota, there); len(again) > 0 {
				t.Errorf("%d of %d: %v more the second time", quota, n, again)
			}
			for i := 1; i < len(there) && quota > 1; i++ {
				if gap := there[i] - there[i-1]; gap > 3*max(1, n/quota)+2 {
					t.Errorf("%d of %d: a gap of %d", quota, n, gap)
				}
			}
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		counts []int64
		most   int64
		want   []int64
	}{
		{[]int64{100}, 10, []int64{10}}, {[]int64{3, 100, 100}, 10, []int64{3, 4, 3}}, {[]int64{5, 5, 5}, 2, []int64{1, 1, 0}},
		{[]int64{2501, 2500}, 5000, []int64{2500, 2500}}, {[]int64{1, 0, 9}, 5, []int64{1, 0, 4}},
	} {
		if got := share(c.counts, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%d of %v: %v, want %v", c.most, c.counts, got, c.want)
		}
	}
}
