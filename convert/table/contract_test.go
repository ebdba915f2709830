package table_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"

	"tbexport/convert"
	"tbexport/convert/format"
	"tbexport/convert/output"
	"tbexport/convert/sinktest"
	"tbexport/convert/table"
)

// options cut records after few rows, so that there are several.
func options() table.Options { return table.Options{MaxRows: 3} }

func openAs(f format.Format, wrap func(io.Writer) io.Writer) table.Open {
	return func(w io.Writer, s *arrow.Schema, _ table.Part) (table.Encoder, error) {
		e, err := format.New(f, wrap(w), s, format.Options{})
		if err != nil {
			return nil, err
		}
		return e, nil
	}
}

// fileOf is a FileSink of a table.
func fileOf(f format.Format, make func(table.Options) table.Table) func(testing.TB, string, func(io.Writer) io.Writer) convert.Sink {
	return func(t testing.TB, dir string, wrap func(io.Writer) io.Writer) convert.Sink {
		file, err := output.Create(filepath.Join(dir, "out"), output.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return table.NewFileSink(make(options()), file, openAs(f, wrap))
	}
}

func TestFileSinkContract(t *testing.T) {
	for _, f := range []format.Format{format.CSV, format.JSONL, format.ArrowStream, format.ArrowFile, format.Parquet} {
		t.Run(f.String(), func(t *testing.T) {
			sinktest.Run(t, sinktest.Destination{New: fileOf(f, table.NewScalars), Points: readers()[f]})
		})
	}
	for _, make := range []func(table.Options) table.Table{table.NewHParams, table.NewRuns, table.NewCurves} {
		t.Run(make(options()).Name(), func(t *testing.T) { sinktest.Run(t, sinktest.Destination{New: fileOf(format.CSV, make)}) })
	}
	t.Run("wide", func(t *testing.T) {
		from := table.Source{Runs: sinktest.Logdir(t)}
		wide, err := table.Wide().New(t.Context(), from, options())
		if err != nil {
			t.Fatal(err)
		}
		// A table can be filled again once it is finished; here after Abort, too, as it keeps no rows.
		sinktest.Run(t, sinktest.Destination{New: fileOf(format.CSV, func(table.Options) table.Table { return wide })})
	})
}

func TestDirSinkContract(t *testing.T) {
	t.Run("tables", func(t *testing.T) {
		sinktest.Run(t, sinktest.Destination{
			New: func(t testing.TB, dir string, wrap func(io.Writer) io.Writer) convert.Sink {
				var tables []table.Table
				for _, spec := range table.All() {
					made, err := spec.New(t.Context(), table.Source{}, options())
					if err != nil {
						t.Fatal(err)
					}
					tables = append(tables, made)
				}
				sink, err := table.NewDirSink(createDir(t, dir), tables, "", openAs(format.CSV, wrap))
				if err != nil {
					t.Fatal(err)
				}
				return sink
			},
			Points: func(t testing.TB, dir string) []sinktest.Point {
				return readCSV(t, filepath.Join(dir, "out", "scalars"))
			},
		})
	})
	t.Run("partitions", func(t *testing.T) {
		sinktest.Run(t, sinktest.Destination{New: func(t testing.TB, dir string, wrap func(io.Writer) io.Writer) convert.Sink {
			return table.NewPartitionSink(createDir(t, dir), table.NewScalars(options()), "part-0", openAs(format.Parquet, wrap))
		}})
	})
}

func createDir(t testing.TB, dir string) *output.Dir {
	d, err := output.CreateDir(filepath.Join(dir, "out"), output.DirOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readers read a file of scalars back, by other libraries than wrote it where there are any.
func readers() map[format.Format]func(testing.TB, string) []sinktest.Point {
	in := func(read func(testing.TB, string) []sinktest.Point) func(testing.TB, string) []sinktest.Point {
		return func(t testing.TB, dir string) []sinktest.Point { return read(t, filepath.Join(dir, "out")) }
	}
	return map[format.Format]func(testing.TB, string) []sinktest.Point{
		format.CSV: in(readCSV), format.JSONL: in(readJSONL), format.ArrowStream: in(readStream), format.ArrowFile: in(readArrowFile),
	}
}

func readCSV(t testing.TB, path string) (points []sinktest.Point) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(content(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		step, err := strconv.ParseInt(row[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		points = append(points, sinktest.Point{Run: row[0], Tag: row[1], Step: step, WallTime: number(t, row[3]), Value: number(t, row[4])})
	}
	return points
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func readJSONL(t testing.TB, path string) (points []sinktest.Point) {
	t.Helper()
	for d := json.NewDecoder(bytes.NewReader(content(t, path))); ; {
		var row struct {
			Run, Tag string
			Step     int64
			WallTime convert.Float `json:"wall_time"`
			Value    convert.Float
		}
		if err := d.Decode(&row); err == io.EOF {
			return points
		} else if err != nil {
			t.Fatal(err)
		}
		points = append(points, sinktest.Point{Run: row.Run, Tag: row.Tag, Step: row.Step, WallTime: float64(row.WallTime), Value: float64(row.Value)})
	}
}

func readStream(t testing.TB, path string) (points []sinktest.Point) {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	for r.Next() {
		points = append(points, rows(r.Record())...)
	}
	if err := r.Err(); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return points
}

func readArrowFile(t testing.TB, path string) (points []sinktest.Point) {
	t.Helper()
	r, err := ipc.NewFileReader(bytes.NewReader(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.NumRecords() {
		record, err := r.Record(i)
		if err != nil {
			t.Fatal(err)
		}
		points = append(points, rows(record)...)
	}
	return points
}

func rows(r arrow.Record) (points []sinktest.Point) {
	name := func(column, row int) string {
		c := r.Column(column).(*array.Dictionary)
		return c.Dictionary().(*array.String).Value(c.GetValueIndex(row))
	}
	for i := range int(r.NumRows()) {
		points = append(points, sinktest.Point{Run: name(0, i), Tag: name(1, i), Step: r.Column(2).(*array.Int64).Value(i),
			WallTime: r.Column(3).(*array.Float64).Value(i), Value: r.Column(4).(*array.Float64).Value(i)})
	}
	return points
}

func content(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
