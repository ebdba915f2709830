package chart

import (
	"bytes"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
)

// growing are histograms whose values move up from step to step.
func growing(n int) *Chart {
	c := &Chart{Title: "weights", XLabel: "step", Whole: true, Note: "histograms"}
	for i := range n {
		x := float64(i)
		c.Histograms = append(c.Histograms, Histogram{X: x, Left: []float64{x, x + 1}, Right: []float64{x + 1, x + 2}, Count: []float64{3, 1}})
	}
	return c
}

func plainText(unicode bool) Text {
	return Text{Width: 26, Height: 12, Unicode: unicode, Shorten: func(s string, _ int) string { return s }, Number: func(float64) string { return "" }}
}

func TestHeatMap(t *testing.T) {
	for name, c := range map[string]struct {
		unicode bool
		want    string
	}{
		"ASCII": {false, `weights
4+                ********
 |                ********
 |        ********@@@@@@@@
2+        ********@@@@@@@@
 |********@@@@@@@@
 |********@@@@@@@@
 |@@@@@@@@
0+@@@@@@@@
 +----+--------------+----
      0              2
            step
  histograms
  @ up to 37.5 % of a histogram's values
`},
		"Unicode": {true, `weights
4┤                ▓▓▓▓▓▓▓▓
 │                ▓▓▓▓▓▓▓▓
 │        ▓▓▓▓▓▓▓▓████████
2┤        ▓▓▓▓▓▓▓▓████████
 │▓▓▓▓▓▓▓▓████████
 │▓▓▓▓▓▓▓▓████████
 │████████
0┤████████
 └────┬──────────────┬────
      0              2
            step
  histograms
  █ up to 37.5 % of a histogram's values
`},
	} {
		if got := growing(3).Draw(plainText(c.unicode)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestHeat: shares of each histogram stand where its values are, each in a band that
// reaches half way to the next.
func TestHeat(t *testing.T) {
	c := growing(3)
	b, ok := c.bounds(false)
	if want := (bounds{-0.5, 2.5, 0, 4}); !ok || b != want {
		t.Fatalf("bounds %v, want %v", b, want)
	}
	h := c.heat(b, 10, 4)
	edges := []float64{-0.5, 0.5, 1.5, 2.5}
	for i, band := range h.bands {
		shares := make([]float64, 4)
		shares[i], shares[i+1] = 0.75, 0.25
		if band.left != edges[i] || band.right != edges[i+1] || !slices.Equal(band.shares, shares) {
			t.Errorf("band %d: %+v", i, band)
		}
	}
	if h.most != 0.75 || h.level(0.75, 8) != 8 || h.level(0, 8) != 0 || h.level(1e-9, 8) != 1 {
		t.Errorf("levels of %v", h.most)
	}
	// Steps that have no room beside each other share a band.
	c = growing(1000)
	b, _ = c.bounds(false)
	h = c.heat(b, 10, 10)
	all := 0
	for _, band := range h.bands {
		all += band.of
		sum := 0.0
		for _, share := range band.shares {
			sum += share
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("shares of a band are %v", sum)
		}
	}
	if len(h.bands) != 10 || all != 1000 {
		t.Errorf("%d bands of %d histograms", len(h.bands), all)
	}
}

// TestOddHistograms: what cannot be drawn is not, and nothing else is lost by it.
func TestOddHistograms(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, c := range map[string]struct {
		h    Histogram
		some bool
	}{
		"none":            {Histogram{}, false},
		"nothing counted": {Histogram{Left: []float64{0}, Right: []float64{1}, Count: []float64{0}}, false},
		"one value":       {Histogram{Left: []float64{3}, Right: []float64{3}, Count: []float64{5}}, true},
		"infinite edges":  {Histogram{Left: []float64{-inf, 0}, Right: []float64{0, inf}, Count: []float64{1, 1}}, false},
		"some infinite":   {Histogram{Left: []float64{-inf, 0, 1}, Right: []float64{0, 1, inf}, Count: []float64{1, 1, 1}}, true},
		"NaN":             {Histogram{Left: []float64{nan}, Right: []float64{1}, Count: []float64{nan}}, false},
		"the largest":     {Histogram{Left: []float64{-math.MaxFloat64}, Right: []float64{math.MaxFloat64}, Count: []float64{math.MaxFloat64}}, true},
		"more than all":   {Histogram{Left: []float64{0, 0}, Right: []float64{1, 1}, Count: []float64{math.MaxFloat64, math.MaxFloat64}}, false},
		"goes back":       {Histogram{Left: []float64{2, 1}, Right: []float64{1, 0}, Count: []float64{1, 1}}, true},
		"less than none":  {Histogram{Left: []float64{0}, Right: []float64{1}, Count: []float64{-4}}, false},
		"nowhere":         {Histogram{X: nan, Left: []float64{0}, Right: []float64{1}, Count: []float64{1}}, false},
	} {
		chart := Chart{Histograms: []Histogram{c.h, c.h}}
		text := chart.Draw(plainText(true))
		if got := !strings.Contains(text, "nothing to draw"); got != c.some || got && !strings.Contains(text, "█") {
			t.Errorf("%s:\n%s", name, text)
		}
		for _, draw := range []func() error{
			func() error { return PNG(new(bytes.Buffer), []Chart{chart}, Size{Width: 200, Height: 200}) },
			func() error { return SVG(new(bytes.Buffer), []Chart{chart}, Size{}) },
		} {
			if err := draw(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if x, y := c.h.Stairs(10); len(x) != len(y) || (len(x) > 0) != (c.some || name == "nowhere") {
			t.Errorf("%s: %d values and %d counts", name, len(x), len(y))
		}
	}
}

func TestStairs(t *testing.T) {
	h := Histogram{Left: []float64{-1, 0, 2, 4}, Right: []float64{0, 2, 4, 9}, Count: []float64{0, 6, 2, 0}}
	for most, want := range map[int][2][]float64{
		60: {{0, 0, 2, 2, 4, 4}, {0, 6, 6, 2, 2, 0}},
		1:  {{0, 0, 4, 4}, {0, 8, 8, 0}},
	} {
		if x, y := h.Stairs(most); !slices.Equal(x, want[0]) || !slices.Equal(y, want[1]) {
			t.Errorf("%d: %v, %v, want %v", most, x, y, want)
		}
	}
}

// TestHeatMapPicture: it is dark where most values are, pale where few are, and white
// where none is.
func TestHeatMapPicture(t *testing.T) {
	c := growing(2)
	var b bytes.Buffer
	if err := PNG(&b, []Chart{*c}, Size{}); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	column := m.Bounds().Dx() * 2 / 5 // in the first histogram
	var seen []uint32
	for y := m.Bounds().Dy() - 1; y >= 0; y-- {
		r, _, _, _ := m.At(column, y).RGBA()
		if n := len(seen); n == 0 || seen[n-1] != r>>8 {
			seen = append(seen, r>>8)
		}
	}
	dark := slices.Index(seen, 0)
	if pale := slices.Index(seen[max(dark, 0):], 0x5c); dark < 0 || pale < 0 || seen[len(seen)-1] != 0xff {
		t.Errorf("from the bottom up: %x", seen)
	}
}

func TestUnitChart(t *testing.T) {
	c := Chart{Title: "pr", XLabel: "recall", YLabel: "precision", Unit: true,
		Lines: []Line{{Name: "run", Words: "3 thresholds", X: []float64{0.4, 0.6}, Y: []float64{0.5, 0.7}}}}
	if b, ok := c.bounds(true); !ok || b != (bounds{0, 1, 0, 1}) {
		t.Errorf("bounds %v", b)
	}
	text := c.Draw(plainText(true))
	for _, want := range []string{"pr  (precision)\n", "recall\n", "run  3 thresholds\n", "1.0┤"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
