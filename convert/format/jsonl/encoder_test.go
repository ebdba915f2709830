package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

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

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", `"\/`, "\x00\x1f\x7f\b\f\n\r\t", "é日本\U0001f600", "\xff", "a\xc3", "\xed\xa0\x80z", "\u2028", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := appendString([]byte("before"), s)[len("before"):]
		var back string
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%q: %s: %v", s, text, err)
		}
		if want := string([]rune(s)); back != want { // as Go replaces what is not UTF-8, byte by byte
			t.Errorf("%q reads back as %q, want %q", s, back, want)
		}
		if !utf8.Valid(text) || bytes.ContainsAny(text, "\n\r") {
			t.Errorf("%q breaks the line: %q", s, text)
		}
	})
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
