package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert/search"
	"tbexport/convert/table"
	"tbexport/internal/match"
)

// queryFlags choose rows and columns of the runs table.
type queryFlags struct {
	filter  string
	sort    []string
	columns []string
	limit   int
}

// add adds the flags; of says which table they are of, where a verb has others.
func (q *queryFlags) add(f *pflag.FlagSet, of string) {
	see := ", see above"
	if of != "" {
		see = ", as in runs"
	}
	f.StringVar(&q.filter, "filter", "", "only rows"+of+" that satisfy the `FILTER`"+see)
	f.StringArrayVar(&q.sort, "sort", nil,
		"by the `COLUMN`, lowest first, or \"COLUMN desc\" (repeatable); what has no number\ncomes last")
	f.StringArrayVar(&q.columns, "columns", nil,
		"only these columns, in this order: a comma-separated `LIST`, in which * is\nanything (repeatable)")
	f.IntVar(&q.limit, "limit", 0, "at most `N` rows (0: all)")
}

// given reports whether any of the flags chooses.
func (q *queryFlags) given() bool {
	return q.filter != "" || len(q.sort) > 0 || len(q.columns) > 0 || q.limit != 0
}

// runsQuery chooses rows and columns of the runs table.
type runsQuery struct {
	filter  *search.Filter // nil: all rows
	orders  []runsOrder
	columns []string // lists; none: all
	limit   int      // 0: none
	notes   []string // lines about columns, once it was asked
}

// runsOrder is one column to sort by.
type runsOrder struct {
	name       search.Name
	descending bool
	column     int
}

// read checks the flags.
func (q *queryFlags) read() (query runsQuery, err error) {
	if q.limit < 0 {
		return query, usagef("--limit %d: not a number of rows", q.limit)
	}
	query.columns, query.limit = q.columns, q.limit
	if q.filter != "" {
		if query.filter, err = search.Parse(q.filter); err != nil {
			return query, usagef("--filter %s: %v", q.filter, err)
		}
	}
	for _, text := range q.sort {
		var order runsOrder
		if order.name, order.descending, err = search.ParseOrder(text); err != nil {
			return query, usagef("--sort %s: %v", text, err)
		}
		query.orders = append(query.orders, order)
	}
	return query, nil
}

// choose gives the rows of the table, in their order, and the columns; nil
// columns: the query names none. A column that no run has is an error, where there
// are runs at all.
func (q *runsQuery) choose(runs *table.Runs) (rows, columns []int, err error) {
	q.notes = nil
	if err := q.find(runs); err != nil {
		return nil, nil, err
	}
	if columns, err = q.chosen(runs); err != nil {
		return nil, nil, err
	}
	rows = q.rows(runs)
	if q.limit > 0 && len(rows) > q.limit {
		rows = rows[:q.limit]
	}
	return rows, columns, nil
}

// find finds the columns of filter and order.
func (q *runsQuery) find(runs *table.Runs) error {
	if q.filter != nil {
		for _, n := range q.filter.Names() {
			if _, ok := runs.Column(n.Column); !ok && runs.Len() > 0 {
				return noColumn(runs, "--filter", n.Column)
			}
		}
	}
	orders := q.orders[:0]
	for _, o := range q.orders {
		column, ok := runs.Column(o.name.Column)
		switch {
		case ok:
			o.column = column
			orders = append(orders, o)
		case runs.Len() > 0:
			return noColumn(runs, "--sort", o.name.Column)
		}
	}
	q.orders = orders
	return nil
}

// noColumn is the error of a column that no run has.
func noColumn(runs *table.Runs, flag, name string) error {
	return fmt.Errorf("%s: no run has %s%s", flag, name, similar(nearColumns(runs, name)))
}

// nearColumns are those that are similar, or else the first of the same kind.
func nearColumns(runs *table.Runs, name string) []string {
	names := make([]string, len(runs.Columns))
	for i := range runs.Columns {
		names[i] = runs.Columns[i].Name
	}
	if near := match.Nearest(name, names, mostOffered); near != nil {
		return near
	}
	prefix, _, _ := strings.Cut(name, ".")
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, prefix+".") })
	return names[:min(len(names), mostOffered)]
}

// rows selects and sorts.
func (q *runsQuery) rows(runs *table.Runs) []int {
	rows := make([]int, runs.Len())
	for i := range rows {
		rows[i] = i
	}
	if q.filter != nil {
		rows = q.filter.Select(runs)
	}
	var orders []search.Order
	for _, o := range q.orders {
		orders = append(orders, search.Order{Column: o.column, Descending: o.descending})
		if len(rows) > 0 &&
			!slices.ContainsFunc(rows, func(row int) bool { return runs.Cell(row, o.column).Kind != table.CellNull }) {
			q.notes = append(q.notes, fmt.Sprintf("--sort %s: none of the rows has it", o.name.Column))
		}
	}
	search.Sort(runs, rows, orders)
	return rows
}

// chosen are the columns of the flag; nil: it names none. A pattern that matches
// nothing beside others that do is a note.
func (q *runsQuery) chosen(runs *table.Runs) (columns []int, err error) {
	taken := make(map[int]bool)
	for _, list := range q.columns {
		for _, item := range search.SplitColumns(list) {
			matches := search.MatchColumns(runs, item)
			switch {
			case len(matches) > 0 || runs.Len() == 0:
			case strings.Contains(item, "*"):
				q.notes = append(q.notes,
					fmt.Sprintf("--columns: no column matches %s%s", item, similar(nearColumns(runs, item))))
			default:
				return nil, noColumn(runs, "--columns", item)
			}
			for _, i := range matches {
				if !taken[i] {
					columns = append(columns, i)
					taken[i] = true
				}
			}
		}
	}
	if len(columns) == 0 && len(q.notes) > 0 {
		return nil, errors.New(q.notes[0])
	}
	return columns, nil
}
