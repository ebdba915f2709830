package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	gostrings "strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/table"
)

func valueText(c arrow.Array, row int) string {
	switch c := c.(type) {
	case *array.Dictionary:
		return c.Dictionary().(*array.String).Value(c.GetValueIndex(row))
	case *array.String:
		return c.Value(row)
	case *array.Timestamp:
		return fmt.Sprint(int64(c.Value(row)))
	case *array.Int64:
		return fmt.Sprint(c.Value(row))
	case *array.Int32:
		return fmt.Sprint(c.Value(row))
	case *array.Float64:
		return fmt.Sprint(c.Value(row))
	case *array.Boolean:
		return fmt.Sprint(c.Value(row))
	}
	panic(c)
}

// randomRecord has a column of every type; one row of so many is null in each, none if nulls is 0.
func randomRecord(t testing.TB, rows, nulls int, seed uint64) arrow.Record {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	name := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	var fields []arrow.Field
	for _, kind := range []arrow.DataType{
		name, arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int32,
		arrow.PrimitiveTypes.Float64, arrow.FixedWidthTypes.Boolean, arrow.FixedWidthTypes.Timestamp_us,
	} {
		fields = append(fields, arrow.Field{Name: "params." + kind.Name(), Type: kind, Nullable: nulls > 0})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	extremes := []int64{math.MinInt64, math.MaxInt64, 0, -1, 1}
	for row := range rows {
		for _, f := range b.Fields() {
			if nulls > 0 && random.IntN(nulls) == 0 {
				f.AppendNull()
				continue
			}
			switch f := f.(type) {
			case *array.BinaryDictionaryBuilder:
				// runs, short runs and noise, so that all forms of run-length encoding occur
				word := []int{row / 1000, row / 9, random.IntN(500)}[row/5000%3]
				if err := f.AppendString(fmt.Sprint("name ", word)); err != nil {
					t.Fatal(err)
				}
			case *array.StringBuilder:
				f.Append(gostrings.Repeat("x", random.IntN(40)))
			case *array.Int64Builder:
				if v := extremes[row%5]; row/100%2 == 0 {
					f.Append(v)
				} else {
					f.Append(int64(row) * 10)
				}
			case *array.Int32Builder:
				f.Append(random.Int32())
			case *array.Float64Builder:
				f.Append(random.NormFloat64())
			case *array.BooleanBuilder:
				f.Append(random.IntN(3) == 0)
			case *array.TimestampBuilder:
				f.Append(arrow.Timestamp(1.7e15 + row*50_000 + random.IntN(999)))
			}
		}
	}
	return b.NewRecord()
}

func TestEveryTypeReadsBack(t *testing.T) {
	for _, rows := range []int{1, 7, 8, 129, 1000, pageRows + 4321} {
		for _, nulls := range []int{0, 1, 3} {
			recs := []arrow.Record{randomRecord(t, rows, nulls, 1), randomRecord(t, 100, nulls, 2)}
			r := open(t, encode(t, Options{Compression: Compression(rows % 4)}, recs...))
			if r.NumRows() != int64(rows+100) || r.NumRowGroups() != 2 {
				t.Fatalf("%d rows in %d row groups", r.NumRows(), r.NumRowGroups())
			}
			for i := range recs[0].NumCols() {
				got, want := readColumn(t, r, int(i)), columnTexts(int(i), recs...)
				for row := range want {
					if got[row] != want[row] {
						t.Fatalf("%d rows, nulls %d, column %s, row %d: %q, want %q", rows, nulls, recs[0].ColumnName(int(i)), row, got[row], want[row])
					}
				}
			}
		}
	}
}

func TestSlicesReadBack(t *testing.T) {
	rec := randomRecord(t, 500, 3, 1)
	part := rec.NewSlice(123, 456)
	r := open(t, encode(t, Options{}, part))
	for i := range int(part.NumCols()) {
		if got, want := readColumn(t, r, i), columnTexts(i, part); !slices.Equal(got, want) {
			t.Errorf("column %s: %q, want %q", part.ColumnName(i), got, want)
		}
	}
}

func TestLongStringsMakeSmallPages(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, n := range []int{3 << 20, 600_000, 600_000, 0, 10} {
		b.Field(0).(*array.StringBuilder).Append(gostrings.Repeat("y", n))
		b.Field(0).AppendNull()
	}
	rec := b.NewRecord()
	r := open(t, encode(t, Options{Compression: None}, rec))
	if got, want := readColumn(t, r, 0), columnTexts(0, rec); !slices.Equal(got, want) {
		t.Error("wrong strings")
	}
	pages, err := r.RowGroup(0).GetColumnPageReader(0)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int32
	for pages.Next() {
		rows = append(rows, pages.Page().NumValues())
	}
	if !slices.Equal(rows, []int32{2, 2, 6}) {
		t.Error("rows of the pages:", rows)
	}
}

// dictionaryRecord has one dictionary column.
func dictionaryRecord(names []string, indices ...int32) arrow.Record {
	s, i := array.NewStringBuilder(memory.DefaultAllocator), array.NewInt32Builder(memory.DefaultAllocator)
	s.AppendValues(names, nil)
	i.AppendValues(indices, nil)
	kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	column := array.NewDictionaryArray(kind, i.NewArray(), s.NewArray())
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: kind}}, nil)
	return array.NewRecord(schema, []arrow.Array{column}, int64(len(indices)))
}

func TestStringStatistics(t *testing.T) {
	long := gostrings.Repeat("l", maxBound+1)
	for _, c := range []struct {
		what      string
		rec       arrow.Record
		low, high string
		none      bool
	}{
		{"in order", dictionaryRecord([]string{"a", "b"}, 0, 1), "a", "b", false},
		{"unused strings", dictionaryRecord([]string{"a", "b", "c"}, 1, 1), "b", "b", false},
		{"twice the same", dictionaryRecord([]string{"b", "a", "b"}, 0, 1, 2), "a", "b", false},
		{"the empty string", dictionaryRecord([]string{"b", ""}, 0, 1), "", "b", false},
		{"bytes, not letters", dictionaryRecord([]string{"é", "z"}, 0, 1), "z", "é", false},
		{"a long one", dictionaryRecord([]string{"a", long}, 0, 1), "", "", true},
	} {
		r := open(t, encode(t, Options{}, c.rec))
		chunk, err := r.MetaData().RowGroup(0).ColumnChunk(0)
		if err != nil {
			t.Fatal(err)
		}
		stats, err := chunk.Statistics()
		if err != nil || stats == nil || !stats.HasNullCount() || stats.NullCount() != 0 {
			t.Fatalf("%s: %v, %v", c.what, stats, err)
		}
		if stats.HasMinMax() == c.none {
			t.Errorf("%s: bounds %v", c.what, stats.HasMinMax())
		} else if low, high := string(stats.EncodeMin()), string(stats.EncodeMax()); !c.none && (low != c.low || high != c.high) {
			t.Errorf("%s: %q to %q, want %q to %q", c.what, low, high, c.low, c.high)
		}
		if got, want := readColumn(t, r, 0), columnTexts(0, c.rec); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.what, got, want)
		}
	}
}

func TestBoundsOfNumbers(t *testing.T) {
	inf, zero := math.Inf(1), math.Copysign(0, -1)
	for _, c := range []struct {
		values    values
		low, high []byte
		ok        bool
	}{
		{floats{1, -2, 3}, floats{-2}.appendPage(nil, 0, 1), floats{3}.appendPage(nil, 0, 1), true},
		{floats{-inf, inf}, floats{-inf}.appendPage(nil, 0, 1), floats{inf}.appendPage(nil, 0, 1), true},
		{floats{0}, floats{zero}.appendPage(nil, 0, 1), floats{0}.appendPage(nil, 0, 1), true},
		{floats{zero}, floats{zero}.appendPage(nil, 0, 1), floats{0}.appendPage(nil, 0, 1), true},
		{floats{1, math.NaN(), 2}, nil, nil, false},
		{splits{2, 1}, floats{1}.appendPage(nil, 0, 1), floats{2}.appendPage(nil, 0, 1), true},
		{int64s{3, -1}, []byte{255, 255, 255, 255, 255, 255, 255, 255}, []byte{3, 0, 0, 0, 0, 0, 0, 0}, true},
		{int32s{3, -1}, []byte{255, 255, 255, 255}, []byte{3, 0, 0, 0}, true},
		{bools{true, true}, []byte{1}, []byte{1}, true},
		{bools{true, false}, []byte{0}, []byte{1}, true},
		{floats{}, nil, nil, false}, {int64s{}, nil, nil, false}, {int32s{}, nil, nil, false}, {bools{}, nil, nil, false}, {utf8s{}, nil, nil, false},
	} {
		low, high, ok := c.values.bounds()
		if ok != c.ok || !bytes.Equal(low, c.low) || !bytes.Equal(high, c.high) {
			t.Errorf("%v: %v to %v, %v", c.values, low, high, ok)
		}
	}
}

func TestWorkersDoNotChangeTheBytes(t *testing.T) {
	recs := []arrow.Record{randomRecord(t, 20_000, 5, 1), randomRecord(t, 3, 5, 2)}
	for _, o := range []Options{{}, {Compression: Snappy}, {Compression: Gzip}, {Compression: None}, {SplitFloats: true}} {
		o.Workers = 1
		first := encode(t, o, recs...)
		for _, o.Workers = range []int{0, 1, 2, 8} {
			if !bytes.Equal(encode(t, o, recs...), first) {
				t.Errorf("%+v: other bytes", o)
			}
		}
	}
}

func TestFooter(t *testing.T) {
	rec := randomRecord(t, 10, 2, 1)
	pairs := []KeyValue{{"tbexport.version", "1"}, {"logdir", "Größe"}}
	r := open(t, encode(t, Options{Metadata: pairs}, rec))
	meta := r.MetaData().KeyValueMetadata()
	if keys := meta.Keys(); !slices.Equal(keys, []string{"tbexport.version", "logdir", "ARROW:schema"}) || meta.Values()[1] != "Größe" {
		t.Error(meta)
	}
	var kinds []string
	for i := range r.MetaData().Schema.NumColumns() {
		c := r.MetaData().Schema.Column(i)
		kinds = append(kinds, fmt.Sprintf("%s %s %s", c.Name(), c.PhysicalType(), c.LogicalType()))
	}
	want := `params.dictionary BYTE_ARRAY String
params.utf8 BYTE_ARRAY String
params.int64 INT64 None
params.int32 INT32 None
params.float64 DOUBLE None
params.bool BOOLEAN None
params.timestamp INT64 Timestamp(isAdjustedToUTC=true, timeUnit=microseconds, is_from_converted_type=false, force_set_converted_type=false)`
	if got := gostrings.Join(kinds, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNoRows(t *testing.T) {
	schema := table.ScalarsSchema(table.ScalarsOptions{})
	empty := array.NewRecordBuilder(memory.DefaultAllocator, schema).NewRecord()
	r := open(t, encode(t, Options{}, empty))
	if r.NumRows() != 0 || r.NumRowGroups() != 0 || r.MetaData().Schema.NumColumns() != 5 {
		t.Error(r.MetaData())
	}
}

func TestWhatNewRefuses(t *testing.T) {
	good := table.ScalarsSchema(table.ScalarsOptions{})
	bad := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.ListOf(arrow.PrimitiveTypes.Float32)}}, nil)
	empty := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.StructOf()}}, nil)
	for _, c := range []struct {
		schema *arrow.Schema
		o      Options
		want   string
	}{
		{bad, Options{}, "parquet: column x: type float32 is not written to Parquet"},
		{empty, Options{}, "parquet: column x: a struct without fields is not written to Parquet"},
		{good, Options{Compression: 9}, "parquet: unknown compression Compression(9)"},
		{good, Options{Metadata: []KeyValue{{"k", "\xff"}}}, "parquet: metadata must be valid utf8"},
	} {
		if _, err := New(io.Discard, c.schema, c.o); err == nil || !gostrings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestWhatEncodeRefuses(t *testing.T) {
	rec := dictionaryRecord([]string{"a"}, 0)
	e, err := New(io.Discard, rec.Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(randomRecord(t, 1, 0, 1)); err == nil || !gostrings.HasPrefix(err.Error(), "parquet: record of another schema: ") {
		t.Error("schema:", err)
	}
	if err := errors.Join(e.Encode(rec), e.Close(), e.Close()); err != nil {
		t.Error("the encoder can go on:", err)
	}
	if err := e.Encode(rec); err == nil || err.Error() != "parquet: the encoder is closed" {
		t.Error("closed:", err)
	}

	nulls := array.NewInt64Builder(memory.DefaultAllocator)
	nulls.AppendNull()
	schema := arrow.NewSchema([]arrow.Field{{Name: "step", Type: arrow.PrimitiveTypes.Int64}}, nil)
	if e, err = New(io.Discard, schema, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(array.NewRecord(schema, []arrow.Array{nulls.NewArray()}, 1)); err != nil {
		t.Error("errors come later:", err)
	}
	if err := e.Close(); err == nil || err.Error() != "parquet: column step: 1 nulls where the schema allows none" {
		t.Error("null:", err)
	}
}

var errFull = errors.New("no space left on device")

// A fullDisk takes left bytes; then it fails, or takes less than it is given without saying why.
type fullDisk struct {
	left  int
	quiet bool
}

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.left)
	if d.left -= n; n < len(p) && !d.quiet {
		return n, errFull
	}
	return n, nil
}

// Wherever the disk is full, the encoder says so, at the latest when it is closed, and leaves nothing running.
func TestWriteErrors(t *testing.T) {
	rec, o := randomRecord(t, 5, 3, 1), Options{Compression: None}
	size := len(encode(t, o, rec, rec))
	before := runtime.NumGoroutine()
	for left := range size {
		want, quiet := errFull, left%2 == 1
		if quiet {
			want = io.ErrShortWrite
		}
		e, err := New(&fullDisk{left, quiet}, rec.Schema(), o)
		if left < len(magic) {
			if !errors.Is(err, want) {
				t.Fatalf("%d of %d bytes: New: %v", left, size, err)
			}
			continue
		}
		first, second, end := e.Encode(rec), e.Encode(rec), e.Close()
		if first != nil || !errors.Is(end, want) || second != nil && !errors.Is(second, want) || !errors.Is(e.Close(), want) {
			t.Fatalf("%d of %d bytes: %v, %v, %v", left, size, first, second, end)
		}
	}
	for range 100 { // goroutines that have done their last need a moment to be gone
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines left", runtime.NumGoroutine()-before)
}

// The caller may release a record at once; its memory is not used for another while the encoder needs it.
func TestRecordsAreRetained(t *testing.T) {
	var want []string
	var out bytes.Buffer
	e, err := New(&out, table.ScalarsSchema(table.ScalarsOptions{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	logs(40_000, 2_000, func(rec arrow.Record) {
		want = append(want, columnTexts(4, rec)...)
		if err := e.Encode(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
	})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got := readColumn(t, open(t, out.Bytes()), 4); !slices.Equal(got, want) {
		t.Error("values changed while they were encoded")
	}
}

func TestParseCompression(t *testing.T) {
	for _, c := range []Compression{Zstd, Snappy, Gzip, None} {
		if got, err := ParseCompression(c.String()); err != nil || got != c {
			t.Errorf("%s: %v, %v", c, got, err)
		}
	}
	if _, err := ParseCompression("lzo"); err == nil || err.Error() != `lzo: want zstd, snappy, gzip or none` {
		t.Error(err)
	}
}
