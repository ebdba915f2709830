package ui

import (
	"strings"
	"testing"
)

// TestGrid: the columns most wanted have room first, and stand where they belong.
func TestGrid(t *testing.T) {
	text := func(words ...string) func(int) string { return func(row int) string { return words[row] } }
	columns := []GridColumn{
		{Head: "run", Cut: 8, Place: 1, Cell: text("a", "experiments/lr=0.1")},
		{Head: "loss", Place: 3, Cell: text("0.5", "12.25")},
		{Head: "lr", Place: 2, Cell: text("0.1", "")},
		{Head: "points", Place: 4, Cell: text("1,000", "7")},
	}
	for _, c := range []struct {
		width, hidden int
		want          string
	}{
		{0, 0, "run                  lr   loss  points\na                   0.1    0.5   1,000\nexperiments/lr=0.1       12.25       7\n"},
		{24, 1, "run         lr   loss\na          0.1    0.5\nex…/lr=0.1       12.25\n"},
		{15, 2, "run       loss\na          0.5\nex…=0.1  12.25\n"},
	} {
		var b strings.Builder
		g := &Grid{Screen: Screen{Width: c.width, Unicode: true}, Rows: 2, Columns: columns}
		hidden, err := g.Write(&b)
		if err != nil || hidden != c.hidden {
			t.Errorf("%d columns: %d hidden, %v", c.width, hidden, err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if c.width > 0 && Width(line) > c.width {
				t.Errorf("%d columns: %q", c.width, line)
			}
		}
		if got := strings.Fields(b.String()); strings.Join(got[:4-c.hidden], " ") != strings.Join(strings.Fields(c.want)[:4-c.hidden], " ") {
			t.Errorf("%d columns: got\n%swant\n%s", c.width, b.String(), c.want)
		}
	}
}
