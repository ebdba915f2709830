package table

import (
	"cmp"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// HParamsSchema returns the schema of the hparams table: one row an hparam of
// a run, by run and name. What is a part of another run, as what add_hparams
// writes, stands there as that run's, see convert.FoldRuns.
//
//	run     dictionary<int32, utf8>
//	name    dictionary<int32, utf8>
//	type    dictionary<int32, utf8>  number, string, bool, list, struct or null
//	value   utf8, nullable           as text, see hparams.HParam; null for null
//	number  float64, nullable        of type number
//	bool    bool, nullable           of type bool
func HParamsSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "run", Type: nameType()},
		{Name: "name", Type: nameType()},
		{Name: "type", Type: nameType()},
		{Name: "value", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "number", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "bool", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
}

// hparamsTable is the hparams table. Which runs are parts of others depends on all
// runs, so it emits nothing before Finish.
type hparamsTable struct {
	schema  *arrow.Schema
	maxRows int
	noFold  bool
	runs    []convert.Foldable

	names [3]nameColumnBuilder // run, name, type
	value *array.StringBuilder
	num   *array.Float64Builder
	flag  *array.BooleanBuilder
}

// nameColumnBuilder collects a column of few different strings.
type nameColumnBuilder struct {
	dictionary dictionary
	indices    []int32
	nulls      []int // rows
}

func (n *nameColumnBuilder) append(s string) { n.indices = append(n.indices, n.dictionary.index(s)) }

func (n *nameColumnBuilder) appendNull() {
	n.nulls = append(n.nulls, len(n.indices))
	n.indices = append(n.indices, 0)
}

func hparamsSpec() Spec {
	return Spec{Name: "hparams", Forms: []convert.Form{convert.FormHParams}, Unit: "hparam", Folds: true, Readings: 1,
		New: made(NewHParams)}
}

// NewHParams returns the hparams table, see HParamsSchema.
func NewHParams(o Options) Table {
	t := &hparamsTable{
		schema: HParamsSchema(), maxRows: o.maxRows(), noFold: o.Runs.NoFold,
		value: array.NewStringBuilder(memory.DefaultAllocator),
		num:   array.NewFloat64Builder(memory.DefaultAllocator),
		flag:  array.NewBooleanBuilder(memory.DefaultAllocator),
	}
	for i := range t.names {
		t.names[i].dictionary.reset()
	}
	return t
}

func (t *hparamsTable) Name() string          { return hparamsSpec().Name }
func (t *hparamsTable) Schema() *arrow.Schema { return t.schema }

// Add takes the hparams of a run.
func (t *hparamsTable) Add(in *convert.Input, _ func(arrow.Record) error) error {
	t.runs = append(t.runs, in.Fold)
	return nil
}

// rows are the runs with hparams, each with the name of the run that it is a part
// of, or its own, in the order of those.
func (t *hparamsTable) rows() (rows []hparamsRow, result convert.Result) {
	whole, none := make(map[int]int), make(map[int]bool)
	if !t.noFold {
		folds := convert.FoldRuns(t.runs)
		result.NotFolded = len(folds.Several)
		for _, f := range folds.Folds {
			whole[f.Run] = f.Into
			result.Folded = append(result.Folded,
				convert.FoldedRun{Run: t.runs[f.Run].Run, Into: t.runs[f.Into].Run, Session: f.Prefix != ""})
		}
		for _, i := range folds.LeftOut {
			none[i] = true
		}
	}
	for i := range t.runs {
		if h := t.runs[i].HParams; h != nil && h.Start != nil && !none[i] {
			in, part := whole[i]
			if !part {
				in = i
			}
			rows = append(rows, hparamsRow{in, t.runs[in].Run, h.Start.Params})
		}
	}
	slices.SortStableFunc(rows, func(a, b hparamsRow) int { return cmp.Compare(a.at, b.at) })
	return rows, result
}

// hparamsRow is what is known of one run.
type hparamsRow struct {
	at     int // the run's place
	run    string
	params []hparams.HParam
}

func (t *hparamsTable) add(row *hparamsRow, emit func(arrow.Record) error) error {
	for _, p := range row.params {
		for i, text := range [3]string{row.run, p.Name, p.Kind.String()} {
			t.names[i].append(text)
		}
		t.appendValue(p)
		if len(t.names[0].indices) >= t.maxRows {
			if err := t.flush(emit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *hparamsTable) appendValue(p hparams.HParam) {
	if p.Kind == hparams.Null {
		t.value.AppendNull()
	} else {
		t.value.Append(p.String())
	}
	if p.Kind == hparams.Number {
		t.num.Append(p.Number)
	} else {
		t.num.AppendNull()
	}
	if p.Kind == hparams.Bool {
		t.flag.Append(p.Bool)
	} else {
		t.flag.AppendNull()
	}
}

// Finish emits all rows.
func (t *hparamsTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	rows, result := t.rows()
	t.runs = nil
	for i := range rows {
		if err := t.add(&rows[i], emit); err != nil {
			return result, err
		}
	}
	return result, t.flush(emit)
}

// flush emits the rows so far.
func (t *hparamsTable) flush(emit func(arrow.Record) error) error {
	rows := len(t.names[0].indices)
	if rows == 0 {
		return nil
	}
	var columns []arrow.Array
	for i := range t.names {
		columns = append(columns, t.names[i].array())
	}
	columns = append(columns, t.value.NewArray(), t.num.NewArray(), t.flag.NewArray())
	record := array.NewRecord(t.schema, columns, int64(rows))
	defer record.Release()
	for _, c := range columns {
		c.Release()
	}
	return emit(record)
}

// array returns the strings so far and leaves the builder empty.
func (n *nameColumnBuilder) array() arrow.Array {
	rows := len(n.indices)
	indices := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(n.indices))
	var valid *memory.Buffer
	if len(n.nulls) > 0 {
		bits := make([]byte, bitutil.BytesForBits(int64(rows)))
		bitutil.SetBitsTo(bits, 0, int64(rows), true)
		for _, row := range n.nulls {
			bitutil.ClearBit(bits, row)
		}
		valid = memory.NewBufferBytes(bits)
		if len(n.dictionary.indices) == 0 {
			n.dictionary.index("") // what the indices of nulls point to
		}
	}
	column := nameColumn(rows, valid, len(n.nulls), indices, n.dictionary.array())
	n.indices, n.nulls = nil, nil
	n.dictionary.reset()
	return column
}
