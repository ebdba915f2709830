package arrowipc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/recordtest"
	"tbexport/convert/table"
)

// records makes records whose dictionaries differ: as long as the last but with other strings, longer, shorter, the
// same.
func records(tags ...string) []arrow.Record {
	var all []arrow.Record
	b := table.NewScalarsBuilder(table.ScalarsOptions{Timestamp: true}, 100)
	for i, list := range tags {
		for k, tag := range strings.Fields(list) {
			b.Append(table.Points{
				Run: fmt.Sprint("run", i/2), Tag: tag,
				Steps: []int64{int64(i), int64(k)}, WallTimes: []float64{1e300, 1.5}, Values: []float64{float64(i), float64(k)},
			})
		}
		all = append(all, b.Record())
	}
	return all
}

func differentDictionaries() []arrow.Record {
	return records("a b", "c d", "d c", "d c", "a b c d e", "e", "")
}

func encode(t *testing.T, o Options, schema *arrow.Schema, recs []arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	e, err := New(&out, schema, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range recs {
		if err := e.Encode(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rows writes out the rows of records, whatever their dictionaries.
func rows(recs ...arrow.Record) string {
	var text strings.Builder
	for _, rec := range recs {
		for row := range int(rec.NumRows()) {
			for _, c := range rec.Columns() {
				fmt.Fprint(&text, c.ValueStr(row), " ")
			}
			fmt.Fprintln(&text)
		}
	}
	return text.String()
}

func readFile(t *testing.T, file []byte) []arrow.Record {
	t.Helper()
	r, err := ipc.NewFileReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var all []arrow.Record
	for i := range r.NumRecords() {
		rec, err := r.RecordAt(i)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
	return all
}

func TestStreamReadsBack(t *testing.T) {
	recs := differentDictionaries()
	r, err := ipc.NewReader(bytes.NewReader(encode(t, Options{}, recs[0].Schema(), recs)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	var got string
	for r.Next() {
		got += rows(r.Record())
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	if want := rows(recs...); got != want || !strings.Contains(got, "(null)") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFileReadsBack(t *testing.T) {
	recs := differentDictionaries()
	file := encode(t, Options{File: true}, recs[0].Schema(), recs)
	got := readFile(t, file)
	if len(got) != len(recs) || rows(got...) != rows(recs...) {
		t.Errorf("got\n%s\nwant\n%s", rows(got...), rows(recs...))
	}
	tags := got[0].Column(1).(*array.Dictionary).Dictionary()
	if text := tags.String(); text != `["a" "b" "c" "d" "e"]` {
		t.Error("dictionary", text)
	}
	if !bytes.Equal(file, encode(t, Options{File: true}, recs[0].Schema(), recs)) {
		t.Error("other bytes the second time")
	}
}

func TestNothingReadsBack(t *testing.T) {
	schema := table.ScalarsSchema(table.ScalarsOptions{})
	if got := readFile(t, encode(t, Options{File: true}, schema, nil)); len(got) != 0 {
		t.Error(got)
	}
	r, err := ipc.NewReader(bytes.NewReader(encode(t, Options{}, schema, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if r.Next() || r.Err() != nil || !r.Schema().Equal(schema) {
		t.Error(r.Record(), r.Err(), r.Schema())
	}
}

func everyType(t *testing.T) arrow.Record {
	name := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "name", Type: name, Nullable: true}, {Name: "text", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "int", Type: arrow.PrimitiveTypes.Int32, Nullable: true}, {Name: "bool", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i, s := range []string{"a", "b", "a", ""} {
		for _, f := range b.Fields() {
			f.AppendNull()
		}
		if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString(s); err != nil {
			t.Fatal(err)
		}
		b.Field(1).(*array.StringBuilder).Append(s)
		b.Field(2).(*array.Int32Builder).Append(int32(i))
		b.Field(3).(*array.BooleanBuilder).Append(i%2 == 0)
	}
	return b.NewRecord()
}

// Nulls stay where they are, also in a slice of a record.
func TestFileWithNulls(t *testing.T) {
	rec := everyType(t)
	recs := []arrow.Record{rec, rec.NewSlice(3, 8), rec.NewSlice(0, 1)}
	got := readFile(t, encode(t, Options{File: true}, rec.Schema(), recs))
	if rows(got...) != rows(recs...) {
		t.Errorf("got\n%s\nwant\n%s", rows(got...), rows(recs...))
	}
}

func TestRecordOfAnotherSchema(t *testing.T) {
	for _, o := range []Options{{}, {File: true}} {
		e, err := New(io.Discard, table.ScalarsSchema(table.ScalarsOptions{}), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Encode(everyType(t)); err == nil {
			t.Errorf("%+v: no error", o)
		}
		if e.Close() == nil {
			t.Errorf("%+v: the error did not stay", o)
		}
	}
}

func TestFileOfOtherDictionaries(t *testing.T) {
	numbers := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.PrimitiveTypes.Int64}
	for _, kind := range []arrow.DataType{numbers, recordtest.List(recordtest.Dictionary(), true)} {
		schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: kind}}, nil)
		_, err := New(io.Discard, schema, Options{File: true})
		if err == nil || !strings.HasPrefix(err.Error(), "arrow: column x: type "+kind.String()+" is not written to a file") {
			t.Error(err)
		}
	}
}

var errFull = errors.New("no space left on device")

// A fullDisk takes left bytes.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.left)
	if d.left -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

// Wherever the disk is full, the encoder says so, at the latest when it is closed.
func TestWriteErrors(t *testing.T) {
	recs := records("a b", "c")
	for _, o := range []Options{{}, {File: true}} {
		size := len(encode(t, o, recs[0].Schema(), recs))
		for left := range size {
			e, err := New(&fullDisk{left}, recs[0].Schema(), o)
			if err != nil {
				t.Fatal(err)
			}
			first, second, end := e.Encode(recs[0]), e.Encode(recs[1]), e.Close()
			if !errors.Is(end, errFull) || first != nil && second == nil {
				t.Fatalf("%+v, %d of %d bytes: %v, %v, %v", o, left, size, first, second, end)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	builder := table.NewScalarsBuilder(table.ScalarsOptions{}, 1_000_000)
	p := table.Points{Run: "run", Tag: "tag", Steps: make([]int64, 1_000_000)}
	p.WallTimes, p.Values = make([]float64, len(p.Steps)), make([]float64, len(p.Steps))
	builder.Append(p)
	rec := builder.Record()
	defer rec.Release()
	for _, o := range []Options{{}, {File: true}} {
		b.Run(fmt.Sprintf("file=%v", o.File), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(rec.NumRows() * 32)
			for b.Loop() {
				e, err := New(io.Discard, rec.Schema(), o)
				if err != nil {
					b.Fatal(err)
				}
				if err := errors.Join(e.Encode(rec), e.Close()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rec.NumRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// FuzzRecords: arrow's readers find in a stream and in a file what went into it, whatever the columns.
func FuzzRecords(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x02\x00\x07\x01\x03\x00\x08\x02\x00\x02\x01\x03\x00\x07some text to make values of, and some more of it"))
	f.Fuzz(func(t *testing.T, data []byte) {
		recs := recordtest.Arbitrary(data)
		want := recordtest.Rows(recs...)
		if got := recordtest.Rows(readFile(t, encode(t, Options{File: true}, recs[0].Schema(), recs))...); !slices.Equal(got, want) {
			t.Errorf("file of %s\n%q, want\n%q", recs[0].Schema(), got, want)
		}
		r, err := ipc.NewReader(bytes.NewReader(encode(t, Options{}, recs[0].Schema(), recs)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Release()
		var got []string
		for r.Next() {
			got = append(got, recordtest.Rows(r.Record())...)
		}
		if r.Err() != nil || !slices.Equal(got, want) {
			t.Errorf("stream of %s, %v\n%q, want\n%q", recs[0].Schema(), r.Err(), got, want)
		}
	})
}
