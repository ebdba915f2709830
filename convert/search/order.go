package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tbexport/convert/table"
)

// Order is a column to sort by, lowest first or highest first. What has no
// number comes last either way.
type Order struct {
	Column     int
	Descending bool
}

// Sort sorts rows of a runs table by the first of the orders, then the next.
// Rows that are equal in all of them stay as they are.
func Sort(runs *table.Runs, rows []int, orders []Order) {
	slices.SortStableFunc(rows, func(a, b int) int {
		for _, o := range orders {
			if n := compare(runs.Cell(a, o.Column), runs.Cell(b, o.Column), o.Descending); n != 0 {
				return n
			}
		}
		return 0
	})
}

// compare orders two cells; null and NaN are last either way.
func compare(a, b table.Cell, descending bool) int {
	last := func(c table.Cell) bool {
		return c.Kind == table.CellNull || c.Kind == table.CellNumber && math.IsNaN(c.Number)
	}
	switch {
	case last(a) && last(b):
		return 0
	case last(a):
		return 1
	case last(b):
		return -1
	}
	if descending {
		a, b = b, a
	}
	switch a.Kind {
	case table.CellText:
		return strings.Compare(a.Text, b.Text)
	case table.CellNumber:
		return cmp.Compare(a.Number, b.Number)
	case table.CellInteger:
		return cmp.Compare(a.Integer, b.Integer)
	case table.CellTime:
		return cmp.Compare(a.Seconds, b.Seconds)
	}
	return cmp.Compare(truthOf(a), truthOf(b))
}

func truthOf(c table.Cell) int {
	if c.Bool {
		return 1
	}
	return 0
}
