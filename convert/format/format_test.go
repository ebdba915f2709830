package format

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/parquet"
)

var all = []Format{CSV, JSONL, ArrowStream, ArrowFile, Parquet}

// TestNew makes of one record what each format begins with.
func TestNew(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "step", Type: arrow.PrimitiveTypes.Int64}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	b.Field(0).(*array.Int64Builder).AppendValues([]int64{1, -2}, nil)
	record := b.NewRecord()
	defer record.Release()
	for f, want := range map[Format]string{
		CSV: "step\n1\n-2\n", JSONL: "{\"step\":1}\n{\"step\":-2}\n", ArrowStream: "\xff\xff\xff\xff", ArrowFile: "ARROW1", Parquet: "PAR1",
	} {
		var out bytes.Buffer
		e, err := New(f, &out, schema, Options{Parquet: parquet.Options{Compression: parquet.None}})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(e.Encode(record), e.Close()); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if !bytes.HasPrefix(out.Bytes(), []byte(want)) || !f.Binary() && out.String() != want {
			t.Errorf("%s: %q", f, out.String())
		}
	}
}

// TestNewFails for a type that no format has, and for a format that there is not.
func TestNewFails(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.FixedWidthTypes.Duration_s}}, nil)
	for _, f := range []Format{CSV, JSONL, Parquet} {
		if e, err := New(f, new(bytes.Buffer), schema, Options{}); err == nil || e != nil {
			t.Errorf("%s: %v, %v", f, e, err)
		}
	}
	if _, err := New(99, new(bytes.Buffer), schema, Options{}); err == nil || err.Error() != "there is no format 99" {
		t.Error(err)
	}
}

// TestFormats: each has a name and an extension of its own.
func TestFormats(t *testing.T) {
	var seen []string
	for _, f := range all {
		for _, word := range []string{f.String(), f.Extension()} {
			if slices.Contains(seen, word) {
				t.Errorf("%s is not alone with %q", f, word)
			}
			seen = append(seen, word)
		}
		if f.Rows() <= 0 || f.LongRows() > f.Rows() {
			t.Errorf("%s: %d rows, %d long ones", f, f.Rows(), f.LongRows())
		}
	}
}
