package chart

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func options(width, height int) Text {
	return Text{
		Width: width, Height: height, Unicode: true,
		Shorten: func(s string, width int) string { return s[:min(len(s), width)] },
		Number:  func(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) },
	}
}

func line(name string, ys ...float64) Line {
	l := Line{Name: name, Y: ys}
	for i := range ys {
		l.X = append(l.X, float64(i))
	}
	return l
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestDraw(t *testing.T) {
	c := Chart{Title: "loss", XLabel: "step", Lines: []Line{line("run", 4, 2.667, 1.333, 0, 0)}}
	check(t, c.Draw(options(24, 9)), `
loss
4┤⠑⠢⢄⡀
 │   ⠈⠑⠢⣀
2┤       ⠑⠢⢄
 │          ⠉⠢⢄⡀
0┤             ⠈⠒⠤⣀⣀⣀⣀⣀⣀
 └┬──────────┬─────────┬
  0          2         4
           step
  ━ run  0
`)
}

func TestDrawASCII(t *testing.T) {
	c := Chart{Title: "loss", XLabel: "step", Lines: []Line{line("up", 0, 4), line("down", 4, 0)}}
	o := options(24, 9)
	o.Unicode = false
	check(t, c.Draw(o), `
loss
4+ooo                ***
 |   ooooo      *****
2+        oooooo
 |   *****      ooooo
0+***                ooo
 ++----------+---------+
  0         0.5      1.0
           step
  * up  4
  o down  0
`)
}

// TestDrawColours: each line's sign stands in its colour, and several lines
// may have dots.
func TestDrawColours(t *testing.T) {
	c := Chart{Lines: []Line{line("up", 0, 4), line("down", 4, 0)}}
	c.Lines[1].Colour = 1
	o := options(30, 8)
	o.Colour = true
	got := c.Draw(o)
	for _, want := range []string{"\x1b[36m━\x1b[0m up", "\x1b[33m━\x1b[0m down"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%q", want, got)
		}
	}
	if strings.Contains(got, "*") {
		t.Error("signs beside colours")
	}
	o.Colour = false
	if got := c.Draw(o); strings.Contains(got, "\x1b") || !strings.Contains(got, "  o down") {
		t.Errorf("without colours: %q", got)
	}
}

// TestDrawManyLines: more lines than colours have signs, and a legend that is
// too long says what it leaves out.
func TestDrawManyLines(t *testing.T) {
	var c Chart
	for i := range 12 {
		c.Lines = append(c.Lines, line("run", float64(i), float64(i)))
		c.Lines[i].Colour = i
	}
	o := options(30, 20)
	o.Colour = true
	if got := c.Draw(o); !strings.Contains(got, "\x1b[36m*\x1b[0m run") || !strings.Contains(got, "\x1b[36mC\x1b[0m run") {
		t.Errorf("lines 0 and 10 are not told apart:\n%q", got)
	}
	o.Legend = 4
	if got := c.Draw(o); strings.Count(got, " run") != 3 || !strings.HasSuffix(got, "\n  and 9 more\n") {
		t.Errorf("a legend of four lines is\n%s", got)
	}
	o.Legend = 12
	if got := c.Draw(o); strings.Count(got, " run") != 12 || strings.Contains(got, "more") {
		t.Errorf("a legend of twelve lines is\n%s", got)
	}
}

// TestDrawFits: no line is wider than it may be, whatever is drawn.
func TestDrawFits(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	charts := map[string]Chart{
		"NaN only":  {Lines: []Line{line("run", nan, nan)}},
		"one point": {Lines: []Line{line("run", 7)}},
		"constant":  {Lines: []Line{line("run", 5, 5, 5)}},
		"no points": {Lines: []Line{{Name: "run"}}},
		"huge":      {Lines: []Line{line("run", -math.MaxFloat64, inf, math.MaxFloat64)}},
		"tiny":      {Log: true, Lines: []Line{line("run", 5e-324, 0, -1, 1)}},
		"long name": {Title: strings.Repeat("title", 100), XLabel: "step", Lines: []Line{line(strings.Repeat("x", 300), 1, 2)}},
	}
	for name, c := range charts {
		for _, width := range []int{40, 80, 200} {
			for _, row := range strings.Split(c.Draw(options(width, 12)), "\n") {
				if n := utf8.RuneCountInString(row); n > width {
					t.Errorf("%s: %d columns instead of %d: %q", name, n, width, row)
				}
			}
		}
	}
	if got := (&Chart{Lines: []Line{line("run", nan, nan)}}).Draw(options(40, 8)); got != "  nothing to draw\n  ━ run  NaN  (2 not drawn)\n" {
		t.Errorf("NaN only: %q", got)
	}
	one := charts["one point"]
	if got := one.Draw(options(40, 8)); strings.Count(got, "●") != 1 {
		t.Errorf("a single point is drawn as\n%s", got)
	}
}

// TestDrawExtremes: of a million points, one that is far off is seen.
func TestDrawExtremes(t *testing.T) {
	ys := make([]float64, 1_000_000)
	ys[700_000] = 100
	c := Chart{Lines: []Line{line("run", ys...)}}
	got := c.Draw(options(60, 14))
	top := strings.Split(got, "\n")[0]
	if !strings.ContainsFunc(top, func(r rune) bool { return r > 0x2800 && r <= 0x28ff }) {
		t.Errorf("the extreme is not drawn:\n%s", got)
	}
}

// TestDrawGaps: what cannot be drawn breaks the line.
func TestDrawGaps(t *testing.T) {
	c := Chart{Lines: []Line{line("run", 1, 1, math.NaN(), 1, 1)}}
	r := newRaster(20, 5, false)
	b, _ := c.bounds(false)
	r.draw(&c, b, 0)
	row := ""
	for x := range r.width {
		sign, _ := r.cell(x, 2)
		row += string(sign)
	}
	if row != "******        ******" {
		t.Errorf("got %q", row)
	}
}

func TestBrailleDots(t *testing.T) {
	r := newRaster(1, 1, true)
	want := []rune{0x2801, 0x2809, 0x280b, 0x281b, 0x281f, 0x283f, 0x287f, 0x28ff}
	for i, sign := range want {
		r.dot(i%2, i/2, 0)
		if got, _ := r.cell(0, 0); got != sign {
			t.Errorf("%d dots: %U, want %U", i+1, got, sign)
		}
	}
}
