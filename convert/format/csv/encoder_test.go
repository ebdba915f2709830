package csv

import (
	"bytes"
	stdcsv "encoding/csv"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/recordtest"
	"tbexport/convert/table"
)

func TestEveryType(t *testing.T) {
	name := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "name", Type: name, Nullable: true}, {Name: "text, quoted", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "long", Type: arrow.PrimitiveTypes.Int64, Nullable: true}, {Name: "int", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		{Name: "float", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "bool", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: "time", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	row := func(s string, i int64, f float64, truth bool) {
		if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString(s); err != nil {
			t.Fatal(err)
		}
		b.Field(1).(*array.StringBuilder).Append(s)
		b.Field(2).(*array.Int64Builder).Append(i)
		b.Field(3).(*array.Int32Builder).Append(int32(i))
		b.Field(4).(*array.Float64Builder).Append(f)
		b.Field(5).(*array.BooleanBuilder).Append(truth)
		b.Field(6).(*array.TimestampBuilder).Append(arrow.Timestamp(i))
	}
	row("plain", 1, 0.1, true)
	row(`a "quoted", one`, math.MaxInt64, math.NaN(), false)
	row("two\nlines", math.MinInt64, math.Inf(-1), true)
	row("", 0, math.Inf(1), false)
	for _, f := range b.Fields() {
		f.AppendNull()
	}
	rec := b.NewRecord()
	defer rec.Release()

	var out bytes.Buffer
	e, err := New(&out, schema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Encode(rec), e.Close()); err != nil {
		t.Fatal(err)
	}
	want := `name,"text, quoted",long,int,float,bool,time
plain,plain,1,1,0.1,true,1970-01-01T00:00:00.000001Z
"a ""quoted"", one","a ""quoted"", one",9223372036854775807,-1,NaN,false,294247-01-10T04:00:54.775807Z
"two
lines","two
lines",-9223372036854775808,0,-inf,true,-290308-12-21T19:59:05.224192Z
"","",0,0,inf,false,1970-01-01T00:00:00.000000Z
,,,,,,
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	rows, err := stdcsv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 6 || rows[2][0] != `a "quoted", one` {
		t.Errorf("reads back as %q, %v", rows, err)
	}
}

func TestTextsThatNeedQuotes(t *testing.T) {
	for text, want := range map[string]string{
		"a b": "a b", "": `""`, ",": `","`, `"`: `""""`, "\r": "\"\r\"", " a ": " a ", "#": "#", "'": "'", "é": "é",
	} {
		if got := string(appendField(nil, text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// record makes many rows of scalars.
func record(rows int) arrow.Record {
	b := table.NewScalarsBuilder(table.ScalarsOptions{}, rows)
	p := table.Points{Run: "sweep/0", Tag: "loss"}
	for i := range rows {
		p.Steps, p.WallTimes = append(p.Steps, int64(i)), append(p.WallTimes, 1.7e9+float64(i)*0.0537)
		p.Values = append(p.Values, float64(float32(math.Sin(float64(i)))))
	}
	b.Append(p)
	return b.Record()
}

func TestWorkersDoNotChangeTheBytes(t *testing.T) {
	rec := record(50_000)
	defer rec.Release()
	var first string
	for _, workers := range []int{1, 2, 8} {
		var out strings.Builder
		e, err := New(&out, rec.Schema(), Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(e.Encode(rec), e.Encode(rec), e.Close()); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if out.String() != first || strings.Count(first, "\n") != 100_001 {
			t.Errorf("%d workers: other bytes", workers)
		}
	}
}

type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	rec := record(100)
	defer rec.Release()
	if _, err := New(&fullDisk{}, rec.Schema(), Options{}); !errors.Is(err, errFull) {
		t.Error("header:", err)
	}
	e, err := New(&fullDisk{left: 100}, rec.Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(rec); !errors.Is(err, errFull) || err.Error() != "csv: no space left on device" {
		t.Error("rows:", err)
	}
	if err := e.Close(); !errors.Is(err, errFull) {
		t.Error("close:", err)
	}
}

func BenchmarkEncode(b *testing.B) {
	rec := record(1_000_000)
	defer rec.Release()
	b.ReportAllocs()
	var size countingWriter
	for b.Loop() {
		size = 0
		e, err := New(&size, rec.Schema(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(e.Encode(rec), e.Close()); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(size))
	b.ReportMetric(float64(rec.NumRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type countingWriter int64

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}

// TestNested: lists are JSON text, and a picture is its path.
func TestNested(t *testing.T) {
	image := arrow.StructOf(
		arrow.Field{Name: "bytes", Type: arrow.BinaryTypes.Binary, Nullable: true}, arrow.Field{Name: "path", Type: arrow.BinaryTypes.String, Nullable: true},
	)
	lines := arrow.StructOf(arrow.Field{Name: "value", Type: arrow.BinaryTypes.String}, arrow.Field{Name: "lower", Type: arrow.BinaryTypes.String, Nullable: true})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "blob", Type: arrow.BinaryTypes.Binary}, {Name: "counts", Type: recordtest.List(arrow.PrimitiveTypes.Int64, false), Nullable: true},
		{Name: "image", Type: image, Nullable: true}, {Name: "series", Type: recordtest.List(lines, false)},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for row := range strings.Lines(`{"blob": "/wAB", "counts": [1, 2], "image": {"bytes": "AAEC", "path": "x,y.png"}, "series": [{"value": "a", "lower": null}]}
{"blob": "", "counts": [], "image": {"bytes": null, "path": null}, "series": []}
{"blob": "", "counts": null, "image": null, "series": []}
{"blob": "", "counts": [7], "image": {"bytes": null, "path": ""}, "series": []}`) {
		if err := b.UnmarshalJSON([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	rec := b.NewRecord()
	var out bytes.Buffer
	e, err := New(&out, schema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Encode(rec), e.Close()); err != nil {
		t.Fatal(err)
	}
	want := `counts,image,series
"[1,2]","x,y.png","[{""value"":""a"",""lower"":null}]"
[],,[]
,,[]
[7],"",[]
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}
