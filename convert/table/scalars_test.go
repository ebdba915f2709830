package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

func series(run, tag string, n int) Points {
	p := Points{Run: run, Tag: tag, Origin: 100}
	for i := range n {
		p.Steps = append(p.Steps, int64(i))
		p.WallTimes = append(p.WallTimes, 100+float64(i))
		p.Values = append(p.Values, float64(i)/2)
	}
	return p
}

// names returns the strings of a dictionary column.
func names(rec arrow.Record, column string) []string {
	c := rec.Column(rec.Schema().FieldIndices(column)[0]).(*array.Dictionary)
	var all []string
	for i := range c.Len() {
		all = append(all, c.Dictionary().(*array.String).Value(c.GetValueIndex(i)))
	}
	return all
}

func floats(rec arrow.Record, column string) []float64 {
	return rec.Column(rec.Schema().FieldIndices(column)[0]).(*array.Float64).Float64Values()
}

func TestScalarsSchema(t *testing.T) {
	for _, c := range []struct {
		options ScalarsOptions
		want    string
	}{
		{ScalarsOptions{}, "run:dictionary tag:dictionary step:int64 wall_time:float64 value:float64"},
		{ScalarsOptions{NoRun: true, RelativeTime: true}, "tag:dictionary step:int64 wall_time:float64 value:float64 relative_time:float64"},
		{ScalarsOptions{Timestamp: true}, "run:dictionary tag:dictionary step:int64 wall_time:timestamp? value:float64"},
	} {
		var got []string
		for _, f := range ScalarsSchema(c.options).Fields() {
			null := ""
			if f.Nullable {
				null = "?"
			}
			got = append(got, f.Name+":"+f.Type.Name()+null)
		}
		if joined := strings.Join(got, " "); joined != c.want {
			t.Errorf("%+v: %s, want %s", c.options, joined, c.want)
		}
		b := NewScalarsBuilder(c.options, 10)
		b.Append(series("r", "t", 3))
		rec := b.Record()
		if !rec.Schema().Equal(ScalarsSchema(c.options)) || rec.NumRows() != 3 {
			t.Errorf("%+v: record %v", c.options, rec)
		}
		rec.Release()
	}
}

func TestAppendFillsRecords(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{RelativeTime: true}, 5)
	if n := b.Append(series("a", "x", 3)); n != 3 || b.Rows() != 3 {
		t.Fatalf("appended %d, rows %d", n, b.Rows())
	}
	p := series("b", "y", 4)
	if n := b.Append(p); n != 2 {
		t.Fatalf("appended %d where 2 fit", n)
	}
	if n := b.Append(p); n != 0 {
		t.Fatalf("appended %d to a full record", n)
	}
	first := b.Record()
	defer first.Release()
	p.Steps, p.WallTimes, p.Values = p.Steps[2:], p.WallTimes[2:], p.Values[2:]
	b.Append(p)
	second := b.Record()
	defer second.Release()

	if got := names(first, "run"); !slices.Equal(got, []string{"a", "a", "a", "b", "b"}) {
		t.Error("runs", got)
	}
	if got := names(first, "tag"); !slices.Equal(got, []string{"x", "x", "x", "y", "y"}) {
		t.Error("tags", got)
	}
	if got := floats(first, "value"); !slices.Equal(got, []float64{0, .5, 1, 0, .5}) {
		t.Error("values", got)
	}
	if got := floats(first, "relative_time"); !slices.Equal(got, []float64{0, 1, 2, 0, 1}) {
		t.Error("relative times", got)
	}
	if got := floats(second, "wall_time"); !slices.Equal(got, []float64{102, 103}) {
		t.Error("wall times", got)
	}
	if got := second.Column(2).(*array.Int64).Int64Values(); !slices.Equal(got, []int64{2, 3}) {
		t.Error("steps", got)
	}
	if d := second.Column(0).(*array.Dictionary).Dictionary(); d.Len() != 1 {
		t.Error("the second record's dictionary has strings of the first:", d)
	}
}

func TestAppendKeepsRowsWhenItGrows(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{Timestamp: true, RelativeTime: true}, 3*firstRows)
	for i := range 30 {
		b.Append(series(fmt.Sprint("run", i), "tag", firstRows/10))
	}
	rec := b.Record()
	defer rec.Release()
	if n := rec.NumRows(); n != 30*(firstRows/10) {
		t.Fatal(n, "rows")
	}
	for i, name := range names(rec, "run") {
		if name != fmt.Sprint("run", i/(firstRows/10)) || floats(rec, "value")[i] != float64(i%(firstRows/10))/2 || rec.Column(3).IsNull(i) {
			t.Fatalf("row %d is of %s, value %v", i, name, floats(rec, "value")[i])
		}
	}
}

func TestNumbersThatNoTimestampSaysAreNull(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{Timestamp: true}, 10)
	p := Points{Steps: make([]int64, 5), Values: []float64{math.NaN(), 1, 2, 3, 4}}
	p.WallTimes = []float64{1.5, math.NaN(), math.Inf(-1), 1e300, -0.25}
	b.Append(p)
	rec := b.Record()
	defer rec.Release()
	column := rec.Column(3).(*array.Timestamp)
	if got := column.String(); column.NullN() != 3 || column.Value(0) != 1_500_000 || column.Value(4) != -250_000 {
		t.Error(got)
	}
	if b.NullWallTimes() != 3 {
		t.Error(b.NullWallTimes(), "reported")
	}
	if v := rec.Column(4).(*array.Float64); v.NullN() != 0 || !math.IsNaN(v.Value(0)) {
		t.Error("NaN is a value, not", v)
	}
	b.Append(p)
	again := b.Record()
	defer again.Release()
	if b.NullWallTimes() != 6 || again.Column(3).NullN() != 3 {
		t.Error("second record:", b.NullWallTimes(), again.Column(3))
	}
}

func TestBuffersComeBack(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{}, 2*firstRows)
	p := series("run", "tag", 2*firstRows)
	b.Append(p)
	first := b.Record()
	b.Append(p)
	second := b.Record() // while the first is in use
	start := &floats(first, "value")[0]
	if start == &floats(second, "value")[0] {
		t.Fatal("two records share memory")
	}
	done := make(chan bool)
	go func() { first.Release(); close(done) }()
	<-done
	b.Append(p)
	third := b.Record()
	if start != &floats(third, "value")[0] {
		t.Error("the memory of a released record is not used again")
	}
	if got := floats(second, "value"); got[2] != 1 {
		t.Error("a record changed:", got[:3])
	}
	second.Release()
	third.Release()
}

func TestManyNamesCloseARecord(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{}, 100)
	if n := b.Append(series("run", strings.Repeat("x", maxNames), 1)); n != 1 {
		t.Fatal("the first series must fit whatever its name")
	}
	if n := b.Append(series("run", "y", 1)); n != 0 {
		t.Error("appended", n)
	}
	b.Record().Release()
	if n := b.Append(series("run", "y", 1)); n != 1 {
		t.Error("appended", n)
	}
}

func TestEmptyRecord(t *testing.T) {
	b := NewScalarsBuilder(ScalarsOptions{Timestamp: true}, 10)
	if n := b.Append(Points{}); n != 0 {
		t.Error("appended", n)
	}
	rec := b.Record()
	defer rec.Release()
	if rec.NumRows() != 0 || rec.NumCols() != 5 {
		t.Error(rec)
	}
}

func TestRecordsNeedRoom(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewScalarsBuilder(ScalarsOptions{}, 0)
}

func BenchmarkScalarsBuilder(b *testing.B) {
	p := series("run", "tag", 2000)
	builder := NewScalarsBuilder(ScalarsOptions{}, 1_000_000)
	b.ReportAllocs()
	b.SetBytes(int64(len(p.Steps)) * 24)
	for b.Loop() {
		if builder.Append(p) < len(p.Steps) {
			builder.Record().Release()
		}
	}
	b.ReportMetric(float64(len(p.Steps))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
