package parquet

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"tbexport/convert/table"
)

// logs makes rows points as training runs log them, 2,000 steps of 10 tags a run, some milliseconds apart, noisy float32
// values, and hands out a record whenever maxRows are together.
func logs(rows, maxRows int, full func(arrow.Record)) {
	random := rand.New(rand.NewPCG(1, 2))
	b := table.NewScalarsBuilder(table.ScalarsOptions{}, maxRows)
	steps, times, values := make([]int64, 2000), make([]float64, 2000), make([]float64, 2000)
	for n := 0; n < rows; n += len(steps) {
		now, level := 1.7e9+float64(n), 3.0
		for i := range steps {
			now += 0.05 + 0.01*random.Float64()
			level *= 0.999
			steps[i], times[i], values[i] = int64(i), now, float64(float32(level+0.1*random.NormFloat64()))
		}
		p := table.Points{Run: fmt.Sprintf("sweep/%04d", n/20000), Tag: fmt.Sprintf("train/loss_%d", n/2000%10)}
		p.Steps, p.WallTimes, p.Values = steps, times, values
		for len(p.Steps) > 0 {
			k := b.Append(p)
			p.Steps, p.WallTimes, p.Values = p.Steps[k:], p.WallTimes[k:], p.Values[k:]
			if b.Rows() == maxRows {
				full(b.Record())
			}
		}
	}
	if b.Rows() > 0 {
		full(b.Record())
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, o := range []Options{
		{Compression: Zstd}, {Compression: Snappy}, {Compression: Gzip}, {Compression: None},
		{Compression: Zstd, SplitFloats: true}, {Compression: Snappy, SplitFloats: true},
	} {
		o.Workers = 1
		b.Run(fmt.Sprintf("%s/split=%v", o.Compression, o.SplitFloats), func(b *testing.B) {
			var rec arrow.Record
			logs(1_000_000, 1_000_000, func(r arrow.Record) { rec = r })
			defer rec.Release()
			b.ReportAllocs()
			b.SetBytes(10 * rec.NumRows() * 24) // of step, wall_time and value
			var out countingWriter
			for b.Loop() {
				out = countingWriter{w: io.Discard}
				e, err := New(&out, rec.Schema(), o)
				if err != nil {
					b.Fatal(err)
				}
				for range 10 {
					if err := e.Encode(rec); err != nil {
						b.Fatal(err)
					}
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(10*rec.NumRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(out.n)/float64(10*rec.NumRows()), "bytes/row")
		})
	}
}

// BenchmarkBuildAndEncode is the way from series to file: 10 million rows in row groups of a million.
func BenchmarkBuildAndEncode(b *testing.B) {
	var series []table.Points
	logs(200_000, 2000, func(rec arrow.Record) {
		p := table.Points{Run: rec.Column(0).ValueStr(0), Tag: rec.Column(1).ValueStr(0)}
		p.Steps = rec.Column(2).(*array.Int64).Int64Values()
		p.WallTimes, p.Values = rec.Column(3).(*array.Float64).Float64Values(), rec.Column(4).(*array.Float64).Float64Values()
		series = append(series, p)
	})
	for _, o := range []Options{{Compression: Zstd}, {Compression: Snappy}, {Compression: Zstd, SplitFloats: true}} {
		b.Run(fmt.Sprintf("%s/split=%v", o.Compression, o.SplitFloats), func(b *testing.B) {
			const rows = 10_000_000
			b.ReportAllocs()
			for b.Loop() {
				builder := table.NewScalarsBuilder(table.ScalarsOptions{}, 1_000_000)
				e, err := New(io.Discard, table.ScalarsSchema(table.ScalarsOptions{}), o)
				if err != nil {
					b.Fatal(err)
				}
				for n := 0; n < rows; n += 2000 {
					builder.Append(series[n/2000%len(series)])
					if builder.Rows() == 1_000_000 {
						rec := builder.Record()
						if err := e.Encode(rec); err != nil {
							b.Fatal(err)
						}
						rec.Release()
					}
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
