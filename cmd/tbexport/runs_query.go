package main

import (
	"slices"

	"github.com/spf13/pflag"

	"tbexport/convert/search"
	"tbexport/convert/table"
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
	f.StringArrayVar(&q.sort, "sort", nil, "by the `COLUMN`, lowest first, or \"COLUMN desc\" (repeatable); what has no number\ncomes last")
	f.StringArrayVar(&q.columns, "columns", nil, "only these columns, in this order: a comma-separated `LIST`, in which * is\nanything (repeatable)")
	f.IntVar(&q.limit, "limit", 0, "at most `N` rows")
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
// columns: the query names none.
func (q *runsQuery) choose(runs *table.Runs) (rows, columns []int, err error) {
	if rows, err = q.rows(runs); err != nil {
		return nil, nil, err
	}
	if q.limit > 0 && len(rows) > q.limit {
		rows = rows[:q.limit]
	}
	columns, err = q.chosen(runs)
	return rows, columns, err
}

// missing are the columns of the filter that no run has.
func (q *runsQuery) missing(runs *table.Runs) (columns []string) {
	if q.filter == nil {
		return nil
	}
	for _, n := range q.filter.Names() {
		if _, ok := runs.Column(n.Column); !ok && !slices.Contains(columns, n.Column) {
			columns = append(columns, n.Column)
		}
	}
	return columns
}

// rows selects and sorts.
func (q *runsQuery) rows(runs *table.Runs) ([]int, error) {
	rows := make([]int, runs.Len())
	for i := range rows {
		rows[i] = i
	}
	if q.filter != nil {
		rows = q.filter.Select(runs)
	}
	var orders []search.Order
	for i := range q.orders {
		o := &q.orders[i]
		column, ok := runs.Column(o.name.Column)
		if !ok {
			return nil, usagef("--sort %s: no run has it", o.name.Column)
		}
		o.column = column
		orders = append(orders, search.Order{Column: column, Descending: o.descending})
	}
	search.Sort(runs, rows, orders)
	return rows, nil
}

// chosen are the columns of the flag; nil: it names none.
func (q *runsQuery) chosen(runs *table.Runs) (columns []int, err error) {
	for _, list := range q.columns {
		for _, item := range search.SplitColumns(list) {
			matches := search.MatchColumns(runs, item)
			if len(matches) == 0 {
				return nil, usagef("--columns %s: no run has it", item)
			}
			for _, i := range matches {
				if !slices.Contains(columns, i) {
					columns = append(columns, i)
				}
			}
		}
	}
	return columns, nil
}
