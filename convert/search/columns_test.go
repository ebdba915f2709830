package search

import (
	"math"
	"slices"
	"testing"

	"tbexport/convert/table"
)

func TestSplitColumns(t *testing.T) {
	for list, want := range map[string][]string{
		"run,params.*":             {"run", "params.*"},
		"metrics.\"a,b\",`c,\"d`,": {"metrics.\"a,b\"", "`c,\"d`", ""},
		"":                         {""},
	} {
		if got := SplitColumns(list); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", list, got, want)
		}
	}
}

// TestCompare: cells that hold nothing to compare are last in either order.
func TestCompare(t *testing.T) {
	number := func(x float64) table.Cell { return table.Cell{Kind: table.CellNumber, Number: x} }
	for _, c := range []struct {
		a, b     table.Cell
		up, down int
	}{
		{number(1), number(2), -1, 1},
		{number(math.Inf(-1)), number(2), -1, 1},
		{number(math.NaN()), number(2), 1, 1},
		{table.Cell{}, number(2), 1, 1},
		{number(2), table.Cell{}, -1, -1},
		{table.Cell{}, number(math.NaN()), 0, 0},
		{table.Cell{Kind: table.CellText, Text: "a"}, table.Cell{Kind: table.CellText, Text: "b"}, -1, 1},
		{table.Cell{Kind: table.CellBool}, table.Cell{Kind: table.CellBool, Bool: true}, -1, 1},
		{table.Cell{Kind: table.CellInteger, Integer: 3}, table.Cell{Kind: table.CellInteger, Integer: 3}, 0, 0},
		{table.Cell{Kind: table.CellTime, Seconds: 3}, table.Cell{Kind: table.CellTime, Seconds: 4}, -1, 1},
	} {
		if up, down := compare(c.a, c.b, false), compare(c.a, c.b, true); up != c.up || down != c.down {
			t.Errorf("%v and %v: %d and %d, want %d and %d", c.a, c.b, up, down, c.up, c.down)
		}
	}
}
