package chart

import (
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

func legendStyle() text.Style { return text.Style{Font: sans(8), Handler: plot.DefaultTextHandler} }

// TestLegend: however many lines there are and however long their names, the
// legend stays as wide and as high as it may be, and says what it leaves out.
func TestLegend(t *testing.T) {
	const width = panelWidth
	long := strings.Repeat("experiment/", 30)
	for _, c := range []struct {
		n          int
		prefix     string
		rows, more int
	}{
		{0, "", 0, 0},
		{1, "", 1, 0},
		{2, "run-", 1, 0},
		{6, long, 6, 0},
		{12, long, 6, 0},
		{13, long, 6, 2},
		{1000, "run-", 6, 965},
	} {
		lines, names := make([]Line, c.n), make([]string, c.n)
		for i := range names {
			names[i] = fmt.Sprint(c.prefix, i)
		}
		l := newLegend(lines, names, legendStyle(), width)
		if l.rows != c.rows || l.more != c.more || len(l.names)+l.more != c.n {
			t.Errorf("%d lines of %.10q: %d rows of %d names, and %d more", c.n, c.prefix, l.rows, len(l.names), l.more)
		}
		for i, name := range l.names {
			if w := l.style.Width(name); w > l.column || !strings.HasSuffix(name, fmt.Sprint(i)) {
				t.Errorf("%q takes %v of %v", name, w, l.column)
			}
		}
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

// TestInFont: runs with Chinese names must not all be called by the same boxes.
func TestInFont(t *testing.T) {
	if got := inFont("é損失/🙂…"); got != `é\u640d\u5931/\U0001f642…` {
		t.Errorf("got %q", got)
	}
}
