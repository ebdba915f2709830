package parquet

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert/format/recordtest"
)

// histograms makes a record of histograms as training runs log them: 1,000 steps a tag, 12 to 30 buckets whose edges
// move little by little.
func histograms(rows int) arrow.Record {
	random := rand.New(rand.NewPCG(1, 2))
	list := recordtest.List(arrow.PrimitiveTypes.Float64, false)
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "tag", Type: recordtest.Dictionary()}, {Name: "step", Type: arrow.PrimitiveTypes.Int64},
		{Name: "left", Type: list}, {Name: "right", Type: list}, {Name: "count", Type: list},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	var columns [3]*array.Float64Builder
	for row := range rows {
		if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString(string(rune('a' + row/1000%26))); err != nil {
			panic(err)
		}
		b.Field(1).(*array.Int64Builder).Append(int64(row % 1000 * 10))
		for i := range columns {
			l := b.Field(2 + i).(*array.ListBuilder)
			l.Append(true)
			columns[i] = l.ValueBuilder().(*array.Float64Builder)
		}
		n := 12 + random.IntN(15)
		low, high := -1-0.001*float64(row%1000), 1+0.0005*float64(row%1000)
		width := (high - low) / float64(n)
		for i := range n {
			left := low + width*float64(i)
			columns[0].Append(left)
			columns[1].Append(left + width)
			columns[2].Append(math.Floor(1000 * math.Exp(-left*left*4) * (1 + 0.1*random.NormFloat64())))
		}
	}
	return b.NewRecord()
}

// BenchmarkHistograms is the histograms table: 200,000 rows.
func BenchmarkHistograms(b *testing.B) {
	rec := histograms(200_000)
	defer rec.Release()
	for name, o := range map[string]Options{"zstd": {}, "split": {SplitFloats: true}} {
		b.Run(name, func(b *testing.B) { benchmarkEncode(b, rec, o, 1, func() io.Writer { return io.Discard }) })
	}
}

// BenchmarkBlobs is the images table: 2 GB in pictures of 2 MB, in records of 64 MB, to nowhere and to a file.
func BenchmarkBlobs(b *testing.B) {
	sizes := make([]int, 32)
	for i := range sizes {
		sizes[i] = 2_000_000
	}
	rec := pictures(sizes...)
	defer rec.Release()
	path := filepath.Join(b.TempDir(), "blobs")
	for name, to := range map[string]func() io.Writer{
		"nowhere": func() io.Writer { return io.Discard },
		"file": func() io.Writer {
			f, err := os.Create(path)
			if err != nil {
				b.Fatal(err)
			}
			return f
		},
	} {
		b.Run(name, func(b *testing.B) { benchmarkEncode(b, rec, Options{}, 31, to) })
	}
}

// benchmarkEncode encodes a record so many times into one file.
func benchmarkEncode(b *testing.B, rec arrow.Record, o Options, times int, to func() io.Writer) {
	b.ReportAllocs()
	b.SetBytes(int64(times * payloadOf(rec)))
	var out countingWriter
	for b.Loop() {
		w := to()
		out = countingWriter{w: w}
		e, err := New(&out, rec.Schema(), o)
		if err != nil {
			b.Fatal(err)
		}
		for range times {
			if err := e.Encode(rec); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		if f, ok := w.(*os.File); ok {
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(out.n)/1e6, "MB")
}

func payloadOf(rec arrow.Record) (size int) {
	for _, column := range rec.Columns() {
		size += payload(column, 0, int(rec.NumRows()))
	}
	return size
}
