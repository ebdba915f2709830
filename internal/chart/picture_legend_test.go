package chart

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

func legendStyle() text.Style { return text.Style{Font: sans(8), Handler: plot.DefaultTextHandler} }

// TestLegend: all of 20 lines are named, however long their names; of more, the
// best and the worst, in the order of their last values, and the legend stays as
// wide and as high as it may be.
func TestLegend(t *testing.T) {
	const width = panelWidth
	long := strings.Repeat("experiment/", 30)
	for _, c := range []struct {
		n           int
		prefix      string
		rows, named int
	}{
		{0, "", 0, 0},
		{1, "", 1, 1},
		{2, "run-", 1, 2},
		{6, long, 6, 6},
		{12, long, 6, 12},
		{20, long, 10, 20},
		{21, long, 10, 19},
		{60, "run-", 9, 60},
		{1000, "run-", 10, 59},
	} {
		lines, names := make([]Line, c.n), make([]string, c.n)
		for i := range names {
			names[i] = fmt.Sprint(c.prefix, i)
			lines[i] = line("", float64(i*7%max(c.n, 1)))
		}
		l := newLegend(lines, names, legendStyle(), width, legendRows)
		named := 0
		for i, cell := range l.cells {
			if cell.stroke.Color != nil {
				named++
			} else if i != len(l.cells)/2 || !strings.Contains(cell.name, "more") {
				t.Errorf("%d lines: %q is said at %d of %d", c.n, cell.name, i, len(l.cells))
			}
			if w := l.style.Width(cell.name); w > l.column {
				t.Errorf("%q takes %v of %v", cell.name, w, l.column)
			}
		}
		if l.rows != c.rows || named != c.named {
			t.Errorf("%d lines of %.10q: %d rows, %d named", c.n, c.prefix, l.rows, named)
		}
	}
	order := byLast([]Line{line("", 1, 5), line("", 9, math.NaN()), line("", 7), line("", math.NaN())})
	if !slices.Equal(order, []int{1, 2, 0, 3}) {
		t.Errorf("by last value: %v", order)
	}
}

func TestFit(t *testing.T) {
	for _, width := range []vg.Length{0, 5, 20, 100, 1000} {
		name := strings.Repeat("損e\u0301x", 100) + "/end"
		got := fit(name, legendStyle(), width)
		if w := legendStyle().Width(got); w > width && got != "…" {
			t.Errorf("%v instead of %v: %q", w, width, got)
		}
		if width == 100 && !strings.HasSuffix(got, "/end") {
			t.Errorf("got %q", got)
		}
	}
	if got := fit("loss", legendStyle(), 100); got != "loss" {
		t.Errorf("got %q", got)
	}
}

// TestInFonts: Chinese, Japanese and Korean names are written; emoji are not all
// called by the same boxes.
func TestInFonts(t *testing.T) {
	l := letters{Plain: text.Plain{Fonts: font.DefaultCache}}
	for name, want := range map[string]string{"é損失/学习率/손실…": "é損失/学习率/손실…", "a🙂": `a\U0001f642`} {
		got, escaped := l.inFonts(name)
		if got != want || escaped != (got != name) {
			t.Errorf("%s: got %q, %v", name, got, escaped)
		}
	}
	style := text.Style{Font: sans(8), Handler: l}
	if w := style.Width("損失"); w != 16 {
		t.Errorf("two wide signs of 8 points take %v", w)
	}
	if ascii, both := style.Width("loss"), style.Width("loss損"); both != ascii+8 {
		t.Errorf("%v and one more sign: %v", ascii, both)
	}
}

// TestBitmapLetters: wide signs leave dots where they stand.
func TestBitmapLetters(t *testing.T) {
	with := picture(t, []Chart{{Title: "損失", Lines: []Line{line("学习率", 1, 2)}}})
	without := picture(t, []Chart{{Title: "", Lines: []Line{line("", 1, 2)}}})
	black := func(p image.Image) int { return count(p, color.RGBA{0, 0, 0, 0xff}) }
	if more := black(with) - black(without); more < 1000 {
		t.Errorf("%d dots more", more)
	}
}
