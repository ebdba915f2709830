package rows

import (
	"fmt"
	"math"
	"testing"

	"tbexport/eventfile/kinds"
)

func TestBuckets(t *testing.T) {
	for name, c := range map[string]struct {
		h    kinds.Histogram
		want string
		ok   bool
	}{
		"side by side": {kinds.Histogram{Left: []float64{0, 1}, Right: []float64{1, 3}, Count: []float64{2, 5}}, "{[0 1 3] [2 5]}", true},
		"a gap":        {kinds.Histogram{Left: []float64{0, 2}, Right: []float64{1, 3}, Count: []float64{2, 5}}, "{[0 1 2 3] [2 0 5]}", true},
		"no limit": {kinds.Histogram{Left: []float64{0, 1}, Right: []float64{1, math.MaxFloat64}, Count: []float64{2, 5}, Old: true, Max: 4},
			"{[0 1 4] [2 5]}", true},
		"empty, with the greatest": {kinds.Histogram{Left: []float64{0, 1}, Right: []float64{1, math.MaxFloat64}, Count: []float64{2, 0}, Old: true, Max: 1},
			"{[0 1 1] [2 0]}", true},
		"nothing above the others": {kinds.Histogram{Left: []float64{0, 1}, Right: []float64{1, math.MaxFloat64}, Count: []float64{2, 0}, Old: true, Max: 0.5},
			"{[0 1] [2]}", true},
		"infinite but empty": {kinds.Histogram{Left: []float64{0, 1}, Right: []float64{1, math.Inf(1)}, Count: []float64{2, 0}, Old: true, Max: 0.5},
			"{[0 1] [2]}", true},
		"nothing at all": {kinds.Histogram{Left: []float64{math.MaxFloat64}, Right: []float64{math.MaxFloat64}, Count: []float64{0}, Old: true,
			Max: -math.MaxFloat64}, "", false},
		"overlap":  {kinds.Histogram{Left: []float64{0, 0.5}, Right: []float64{1, 3}, Count: []float64{2, 5}}, "", false},
		"infinite": {kinds.Histogram{Left: []float64{0}, Right: []float64{math.Inf(1)}, Count: []float64{2}}, "", false},
		"NaN":      {kinds.Histogram{Left: []float64{0}, Right: []float64{1}, Count: []float64{math.NaN()}}, "", false},
		"empty":    {kinds.Histogram{}, "", false},
	} {
		b, ok := BucketsOf(&c.h)
		if ok != c.ok || ok && fmt.Sprint(b) != c.want {
			t.Errorf("%s: %v, %v", name, b, ok)
		}
	}
}

// Empty neighbours are made one first; nothing that was counted is lost.
func TestLimit(t *testing.T) {
	for most, want := range map[int]string{
		9: "{[0 1 2 3 4 5 6] [1 0 0 0 2 3]} false",
		4: "{[0 1 4 5 6] [1 0 2 3]} false",
		3: "{[0 4 6] [1 5]} true",
		1: "{[0 6] [6]} true",
	} {
		b := Buckets{Edges: []float64{0, 1, 2, 3, 4, 5, 6}, Counts: []float64{1, 0, 0, 0, 2, 3}}
		coarser := b.Limit(most)
		if got := fmt.Sprint(b, coarser); got != want {
			t.Errorf("at most %d: %s, want %s", most, got, want)
		}
	}
}

// What a spool keeps it gives back, from memory and from its file.
func TestSpool(t *testing.T) {
	s := Spool{Dir: t.TempDir()}
	var places []int64
	for i := range 40 {
		at, err := s.Add(fmt.Appendf(nil, "%0*d", i*5000, i))
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, at)
	}
	for i, at := range places {
		if got, err := s.Get(at); err != nil || string(got) != fmt.Sprintf("%0*d", i*5000, i) {
			t.Fatalf("piece %d: %d bytes, %v", i, len(got), err)
		}
	}
	if s.file == nil {
		t.Error("all was held")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestSafePath(t *testing.T) {
	for name, want := range map[string]string{
		"a/b c": "a/b c", "../../x": "_/_/x", "/etc": "_/etc", "": "_", "a:b*[1]?": "a_b__1__", "ends.": "ends", "損失": "損失",
	} {
		if got := SafePath(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
