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

// TestBest: what tells runs apart, and is filled most, comes first.
func TestBest(t *testing.T) {
	runs := rowsOf(t)
	rows := make([]int, runs.Len())
	for i := range rows {
		rows[i] = i
	}
	names := func(columns []int) (all []string) {
		for _, i := range columns {
			all = append(all, runs.Columns[i].Name)
		}
		return all
	}
	loss, _ := runs.Column("metrics.loss")
	got := names(Best(runs, rows, []int{loss}, 0))
	if len(got) < 6 || got[0] != "run" || got[1] != "metrics.loss" || got[len(got)-1] != "points" || !slices.Contains(got, "params.lr") {
		t.Errorf("got %q", got)
	}
	if slices.Index(got, "params.lr") > slices.Index(got, "start_time") {
		t.Errorf("times before params: %q", got)
	}
	if few := Best(runs, rows, nil, 3); len(few) < 3 || len(few) > 5 {
		t.Errorf("at most 3, or soon after: %q", names(few))
	}
}

// TestWord: the words of columns are read as the columns.
func TestWord(t *testing.T) {
	for column, want := range map[string]string{
		"params.lr": "params.lr", "metrics.top 5": "metrics.`top 5`", "status": "status", "metrics.a`b": "metrics.\"a`b\"",
		"metrics.both`\"": "", "no such": "",
	} {
		if got, ok := Word(column); got != want || ok != (want != "") {
			t.Errorf("%s: got %s, %v", column, got, ok)
		}
	}
}
