package table

import "github.com/apache/arrow/go/v15/arrow"

// heldTogether is how many bytes the tables of values in one sink hold at most, all
// of them together, when a value has been added.
const heldTogether = 3 * recordPayload / 2

// rowBytes is about what a row takes beside its lists and blobs.
const rowBytes = 64

// holdings are the tables of values in one sink. What they hold depends on the
// runs alone, and so do their records.
type holdings struct {
	tables []*valuesTable
	emit   []func(arrow.Record) error // of each
}

// join makes a table one of them, unless it is of another kind.
func (h *holdings) join(t Table, emit func(arrow.Record) error) {
	if v, ok := t.(*valuesTable); ok {
		v.beside = h
		h.tables, h.emit = append(h.tables, v), append(h.emit, emit)
	}
}

// lighten emits the rows of the tables that hold most, until all hold little enough.
func (h *holdings) lighten() error {
	for {
		held, most := 0, 0
		for i, t := range h.tables {
			if held += t.weight(); t.weight() > h.tables[most].weight() {
				most = i
			}
		}
		if held <= heldTogether {
			return nil
		}
		if err := h.tables[most].flush(h.emit[most]); err != nil {
			return err
		}
	}
}

// weight is about how many bytes a table holds.
func (t *valuesTable) weight() int { return t.payload + rowBytes*t.rows }
