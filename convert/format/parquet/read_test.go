package parquet

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/file"
)

// encode returns the file of some records.
func encode(t testing.TB, o Options, recs ...arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	e, err := New(&out, recs[0].Schema(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range recs {
		if err := e.Encode(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, b []byte) *file.Reader {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// readColumn reads one column of all row groups with arrow's reader: a text for each row, "null" for null.
func readColumn(t testing.TB, r *file.Reader, column int) []string {
	t.Helper()
	var all []string
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		c, err := group.Column(column)
		if err != nil {
			t.Fatal(err)
		}
		rows := int(group.NumRows())
		switch c := c.(type) {
		case *file.Int64ColumnChunkReader:
			all = append(all, readChunk(t, rows, c.Descriptor().MaxDefinitionLevel() > 0, c.ReadBatch)...)
		case *file.Int32ColumnChunkReader:
			all = append(all, readChunk(t, rows, c.Descriptor().MaxDefinitionLevel() > 0, c.ReadBatch)...)
		case *file.Float64ColumnChunkReader:
			all = append(all, readChunk(t, rows, c.Descriptor().MaxDefinitionLevel() > 0, c.ReadBatch)...)
		case *file.BooleanColumnChunkReader:
			all = append(all, readChunk(t, rows, c.Descriptor().MaxDefinitionLevel() > 0, c.ReadBatch)...)
		case *file.ByteArrayColumnChunkReader:
			all = append(all, readChunk(t, rows, c.Descriptor().MaxDefinitionLevel() > 0,
				func(n int64, values []parquet.ByteArray, def, rep []int16) (int64, int, error) {
					return c.ReadBatch(n, values, def, rep)
				})...)
		default:
			t.Fatalf("column %d is read by a %T", column, c)
		}
	}
	return all
}

func readChunk[T any](t testing.TB, rows int, nullable bool, read func(int64, []T, []int16, []int16) (int64, int, error)) []string {
	t.Helper()
	var all []string
	values, levels := make([]T, 1000), make([]int16, 1000)
	for len(all) < rows {
		n, present, err := read(int64(min(1000, rows-len(all))), values, levels, nil)
		if err != nil || n == 0 {
			t.Fatalf("row %d of %d: %d read, %v", len(all), rows, n, err)
		}
		for row, value := 0, 0; row < int(n); row++ {
			if nullable && levels[row] == 0 {
				all = append(all, "null")
				continue
			}
			if value >= present {
				t.Fatalf("row %d: more values than the reader says", len(all))
			}
			all = append(all, text(values[value]))
			value++
		}
	}
	return all
}

func text(v any) string {
	if b, ok := v.(parquet.ByteArray); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

// columnTexts is what readColumn must return for a column of records.
func columnTexts(column int, recs ...arrow.Record) []string {
	var all []string
	for _, rec := range recs {
		c := rec.Column(column)
		for row := range c.Len() {
			if c.IsNull(row) {
				all = append(all, "null")
				continue
			}
			all = append(all, valueText(c, row))
		}
	}
	return all
}
