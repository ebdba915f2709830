package parquet

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/file"

	"tbexport/convert/format/recordtest"
)

// leafValues are what arrow's reader finds in one column of a file, and how far it is used up.
type leafValues struct {
	def, rep []int16
	values   []string // of the levels that have one
	maxDef   int16
	level    int
	value    int
}

// readLeaf reads one column of all row groups.
func readLeaf(t testing.TB, r *file.Reader, column int) *leafValues {
	t.Helper()
	l := &leafValues{maxDef: r.MetaData().Schema.Column(column).MaxDefinitionLevel()}
	for g := range r.NumRowGroups() {
		c, err := r.RowGroup(g).Column(column)
		if err != nil {
			t.Fatal(err)
		}
		switch c := c.(type) {
		case *file.Int64ColumnChunkReader:
			readLevels(t, l, c, c.ReadBatch)
		case *file.Int32ColumnChunkReader:
			readLevels(t, l, c, c.ReadBatch)
		case *file.Float64ColumnChunkReader:
			readLevels(t, l, c, c.ReadBatch)
		case *file.BooleanColumnChunkReader:
			readLevels(t, l, c, c.ReadBatch)
		case *file.ByteArrayColumnChunkReader:
			readLevels(t, l, c, func(n int64, values []parquet.ByteArray, def, rep []int16) (int64, int, error) {
				return c.ReadBatch(n, values, def, rep)
			})
		default:
			t.Fatalf("column %d is read by a %T", column, c)
		}
	}
	return l
}

func readLevels[T any](t testing.TB, l *leafValues, c file.ColumnChunkReader, read func(int64, []T, []int16, []int16) (int64, int, error)) {
	t.Helper()
	const batch = 1000
	values, def, rep := make([]T, batch), make([]int16, batch), make([]int16, batch)
	for c.HasNext() {
		n, present, err := read(batch, values, def, rep)
		if err != nil || n == 0 {
			t.Fatalf("%d levels, %v", n, err)
		}
		for i := range n {
			if l.maxDef == 0 { // the reader leaves levels that are not stored as they are
				def[i] = 0
			}
			l.def = append(l.def, def[i])
			l.rep = append(l.rep, rep[i])
		}
		for _, v := range values[:present] {
			switch v := any(v).(type) {
			case parquet.ByteArray:
				l.values = append(l.values, recordtest.Value(string(v)))
			default:
				l.values = append(l.values, recordtest.Value(v))
			}
		}
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
}

// readRows puts the rows of a file together again and writes them out as recordtest.Rows does.
func readRows(t testing.TB, r *file.Reader, schema *arrow.Schema) (rows []string) {
	t.Helper()
	var leaves []*leafValues
	for i := range r.MetaData().Schema.NumColumns() {
		leaves = append(leaves, readLeaf(t, r, i))
	}
	for range r.NumRows() {
		var cells []string
		rest := leaves
		for _, f := range schema.Fields() {
			n := countLeaves(f.Type)
			cells = append(cells, assemble(f, rest[:n], 0, 0))
			rest = rest[n:]
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	for i, l := range leaves {
		if l.level != len(l.def) || l.value != len(l.values) {
			t.Fatalf("column %d: %d of %d levels and %d of %d values are in no row", i, len(l.def)-l.level, len(l.def), len(l.values)-l.value, len(l.values))
		}
	}
	return rows
}

func countLeaves(t arrow.DataType) (n int) {
	switch t := t.(type) {
	case *arrow.ListType:
		return countLeaves(t.Elem())
	case *arrow.StructType:
		for _, f := range t.Fields() {
			n += countLeaves(f.Type)
		}
		return n
	}
	return 1
}

// assemble takes one value of a field, inside so many lists, from its leaves. def is the level of a field that is
// there.
func assemble(f arrow.Field, leaves []*leafValues, def, lists int16) string {
	first := leaves[0]
	if f.Nullable {
		if def++; first.def[first.level] < def {
			return absent(leaves, "null")
		}
	}
	switch t := f.Type.(type) {
	case *arrow.ListType:
		if def++; first.def[first.level] < def {
			return absent(leaves, "[]")
		}
		elements := []string{assemble(t.ElemField(), leaves, def, lists+1)}
		for first.level < len(first.def) && first.rep[first.level] == lists+1 {
			elements = append(elements, assemble(t.ElemField(), leaves, def, lists+1))
		}
		return recordtest.ListText(elements)
	case *arrow.StructType:
		var children []string
		for _, child := range t.Fields() {
			n := countLeaves(child.Type)
			children = append(children, assemble(child, leaves[:n], def, lists))
			leaves = leaves[n:]
		}
		return recordtest.StructText(children)
	}
	first.level++
	first.value++
	return first.values[first.value-1]
}

func absent(leaves []*leafValues, text string) string {
	for _, l := range leaves {
		l.level++
	}
	return text
}
