package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
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
		{Name: "name", Type: name, Nullable: true}, {Name: `a "text"`, Type: arrow.BinaryTypes.String, Nullable: true},
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
	row("\"\\\n", math.MaxInt64, math.NaN(), false)
	row("", math.MinInt64, math.Inf(-1), true)
	row("é", 0, math.Inf(1), false)
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
	want := `{"name":"plain","a \"text\"":"plain","long":1,"int":1,"float":0.1,"bool":true,"time":"1970-01-01T00:00:00.000001Z"}
{"name":"\"\\\n","a \"text\"":"\"\\\n","long":9223372036854775807,"int":-1,"float":"NaN","bool":false,"time":"294247-01-10T04:00:54.775807Z"}
{"name":"","a \"text\"":"","long":-9223372036854775808,"int":0,"float":"-Infinity","bool":true,"time":"-290308-12-21T19:59:05.224192Z"}
{"name":"é","a \"text\"":"é","long":0,"int":0,"float":"Infinity","bool":false,"time":"1970-01-01T00:00:00.000000Z"}
{"name":null,"a \"text\"":null,"long":null,"int":null,"float":null,"bool":null,"time":null}
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	lines := 0
	for d := json.NewDecoder(&out); ; lines++ {
		var object map[string]any
		if err := d.Decode(&object); err == io.EOF {
			break
		} else if err != nil || len(object) != 7 {
			t.Fatalf("line %d: %v, %v", lines, object, err)
		}
	}
	if lines != 5 {
		t.Error(lines, "objects")
	}
}

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
		if out.String() != first || strings.Count(first, "\n") != 100_000 {
			t.Errorf("%d workers: other bytes", workers)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	rec := record(100)
	defer rec.Release()
	r, w := io.Pipe()
	r.Close()
	e, err := New(w, rec.Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(rec); !errors.Is(err, io.ErrClosedPipe) {
		t.Error("rows:", err)
	}
	if err := e.Close(); !errors.Is(err, io.ErrClosedPipe) {
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

func encode(t *testing.T, o Options, recs ...arrow.Record) string {
	t.Helper()
	var out strings.Builder
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
	return out.String()
}

func TestNested(t *testing.T) {
	image := arrow.StructOf(
		arrow.Field{Name: "bytes", Type: arrow.BinaryTypes.Binary, Nullable: true}, arrow.Field{Name: "path", Type: arrow.BinaryTypes.String, Nullable: true},
	)
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "blob", Type: arrow.BinaryTypes.Binary}, {Name: "counts", Type: recordtest.List(arrow.PrimitiveTypes.Float64, false), Nullable: true},
		{Name: "words", Type: recordtest.List(arrow.BinaryTypes.String, true)}, {Name: "image", Type: image, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for row := range strings.Lines(`{"blob": "/wAB", "counts": [1, 2.5], "words": ["a\"b", null], "image": {"bytes": "AAEC", "path": "x/y.png"}}
{"blob": "", "counts": [], "words": [], "image": {"bytes": null, "path": null}}
{"blob": "", "counts": null, "words": [""], "image": null}`) {
		if err := b.UnmarshalJSON([]byte(row)); err != nil {
			t.Fatal(err)
		}
	}
	b.Field(0).(*array.BinaryBuilder).Append(nil)
	l := b.Field(1).(*array.ListBuilder)
	l.Append(true)
	l.ValueBuilder().(*array.Float64Builder).Append(math.NaN())
	b.Field(2).(*array.ListBuilder).Append(true)
	b.Field(3).AppendNull()
	rec := b.NewRecord()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, `{"counts":[1.0,2.5],"words":["a\"b",null],"image":{"path":"x/y.png"}}
{"counts":[],"words":[],"image":{"path":null}}
{"counts":null,"words":[""],"image":null}
{"counts":["NaN"],"words":[],"image":null}
`},
		{Options{Inline: true}, `{"blob":"/wAB","counts":[1.0,2.5],"words":["a\"b",null],"image":{"bytes":"AAEC","path":"x/y.png"}}
{"blob":"","counts":[],"words":[],"image":{"bytes":null,"path":null}}
{"blob":"","counts":null,"words":[""],"image":null}
{"blob":"","counts":["NaN"],"words":[],"image":null}
`},
	} {
		if got := encode(t, c.o, rec); got != c.want {
			t.Errorf("%+v:\n%s\nwant\n%s", c.o, got, c.want)
		}
	}
}

// FuzzLines: whatever records hold, every row is a JSON object on a line of its own, with the columns as keys.
func FuzzLines(f *testing.F) {
	f.Add([]byte("\x02\x00\x07\x01\x03\x00\x08\x02\x00\x02\x01\x03\x00\x07some text to make values of, and some more of it"))
	f.Fuzz(func(t *testing.T, data []byte) {
		recs := recordtest.Arbitrary(data)
		rows := len(recordtest.Rows(recs...))
		lines := strings.SplitAfter(encode(t, Options{Inline: true}, recs...), "\n")
		if len(lines) != rows+1 || lines[rows] != "" {
			t.Fatalf("%d lines for %d rows", len(lines)-1, rows)
		}
		for _, line := range lines[:rows] {
			var object map[string]any
			if err := json.Unmarshal([]byte(line), &object); err != nil || len(object) != recs[0].Schema().NumFields() {
				t.Fatalf("%s: %v, %v", line, object, err)
			}
		}
	})
}
