package table

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"tbexport/convert"
	"tbexport/convert/extract"
)

// recordPayload is how many bytes of lists and blobs close a record: memory does
// not grow with their number, and no Arrow array comes near its 2 GiB.
const recordPayload = 16 << 20

// hugePayload is how many bytes of an event begin a record of its own.
const hugePayload = 2 * recordPayload

// valuesTable is a table of values that are no points: one row an item of a value.
type valuesTable struct {
	spec    valuesSpec
	schema  *arrow.Schema
	maxRows int

	run, tag  nameColumnBuilder
	step      *array.Int64Builder
	seconds   *array.Float64Builder // nil with timestamps
	timestamp *array.TimestampBuilder
	columns   []builder // after those that all tables begin with
	rows      int
	payload   int       // bytes of the columns so far
	beside    *holdings // the tables of the sink; nil: there is only this one
	nullTimes int64

	files  *extract.Dir // nil: values stay in the table
	silent bool         // nobody reads the rows
}

// valuesSpec is what one table of values adds to what all have.
type valuesSpec struct {
	name, unit string
	forms      []convert.Form
	tagNull    bool // there are rows without a tag
	fields     []arrow.Field
	metadata   map[string]string // of the schema
	// rows appends the rows of a value.
	rows func(t *valuesTable, in *convert.Input, v *convert.Value) error
	// run appends the rows of a run instead, of tables whose rows are not of one
	// value each; nil: rows does.
	run func(t *valuesTable, in *convert.Input, emit func(arrow.Record) error) error
	// tags says that rows are made of Input.Tags, and have neither step nor time.
	tags bool
	// files says that each row has a file, where they are extracted.
	files bool
	// blobs says that rows have bytes.
	blobs bool
}

func (s valuesSpec) spec() Spec {
	return Spec{
		Name: s.name, Unit: s.unit, Forms: s.forms, TagStats: s.tags, Readings: 1, Files: s.files, Blobs: s.blobs,
		New: made(func(o Options) Table { return newValuesTable(s, o) }),
	}
}

func newValuesTable(s valuesSpec, o Options) *valuesTable {
	t := &valuesTable{spec: s, maxRows: o.maxRows(), silent: o.Silent}
	if s.files {
		t.files = o.Extract
	}
	fields := []arrow.Field{{Name: "run", Type: nameType()}, {Name: "tag", Type: nameType(), Nullable: s.tagNull}}
	if !s.tags {
		wallTime := arrow.Field{Name: "wall_time", Type: arrow.PrimitiveTypes.Float64}
		t.step = array.NewInt64Builder(new(columnMemory))
		if o.Scalars.Timestamp {
			wallTime.Type, wallTime.Nullable = arrow.FixedWidthTypes.Timestamp_us, true
			t.timestamp = array.NewTimestampBuilder(new(columnMemory),
				arrow.FixedWidthTypes.Timestamp_us.(*arrow.TimestampType))
		} else {
			t.seconds = array.NewFloat64Builder(new(columnMemory))
		}
		fields = append(fields, arrow.Field{Name: "step", Type: arrow.PrimitiveTypes.Int64}, wallTime)
	}
	t.columns = newColumns(s.fields, o.Silent)
	var metadata *arrow.Metadata
	if s.metadata != nil {
		m := arrow.MetadataFrom(s.metadata)
		metadata = &m
	}
	t.schema = arrow.NewSchema(append(fields, s.fields...), metadata)
	if o.Silent {
		t.schema = arrow.NewSchema(nil, nil)
	}
	t.run.dictionary.reset()
	t.tag.dictionary.reset()
	return t
}

// isOfKinds reports whether a table is of what is no scalar.
func isOfKinds(t Table) bool { _, ok := t.(*valuesTable); return ok }

func (t *valuesTable) Name() string          { return t.spec.name }
func (t *valuesTable) Schema() *arrow.Schema { return t.schema }

// Add appends the rows of a run.
func (t *valuesTable) Add(in *convert.Input, emit func(arrow.Record) error) error {
	if in.Fold.Part {
		return nil // it has no rows of its own
	}
	if t.files != nil {
		t.files.Begin(t.spec.name, in.Run.Name, in.ValueTags(t.spec.forms[0]))
	}
	if t.spec.run != nil {
		return t.spec.run(t, in, emit)
	}
	for _, form := range t.spec.forms {
		for v, err := range in.Values(form) {
			if err == nil && len(v.Event.Raw()) >= hugePayload {
				err = t.flush(emit)
			}
			if err == nil {
				err = t.spec.rows(t, in, v)
			}
			if err == nil && t.payload >= recordPayload {
				v.Free() // the rows hold what is needed of it
			}
			if err == nil {
				err = t.flushIfFull(emit)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// begin begins a row of a value, all of whose further columns are to be appended.
// payload is what they hold of lists and blobs, in bytes.
func (t *valuesTable) begin(run string, v *convert.Value, payload int) {
	t.run.append(run)
	if v.NoTag {
		t.tag.appendNull()
	} else {
		t.tag.append(v.Tag)
	}
	if t.step != nil {
		t.step.Append(v.Step)
		t.appendWallTime(v.WallTime)
	}
	t.rows++
	t.payload += payload
}

// item is where the file of a row is from.
func (t *valuesTable) item(run string, v *convert.Value, index int) extract.Item {
	return extract.Item{Table: t.spec.name, Run: run, Tag: v.Tag, Step: v.Step, Index: int64(index)}
}

// extract writes the file of a row, where files are written, and gives its path; f
// makes what is in it.
func (t *valuesTable) extract(item extract.Item, f func() (extract.File, error)) (path string, err error) {
	if t.files == nil {
		return "", nil
	}
	file, err := f()
	if err != nil {
		return "", err
	}
	return t.files.Write(item, file)
}

func (t *valuesTable) appendWallTime(seconds float64) {
	if t.seconds != nil {
		t.seconds.Append(seconds)
		return
	}
	micros, ok := Micros(seconds)
	if !ok {
		t.nullTimes++
		t.timestamp.AppendNull()
		return
	}
	t.timestamp.Append(arrow.Timestamp(micros))
}

func (t *valuesTable) flushIfFull(emit func(arrow.Record) error) error {
	switch {
	case t.rows >= t.maxRows || t.payload >= recordPayload:
		return t.flush(emit)
	case t.beside != nil:
		return t.beside.lighten()
	}
	return nil
}

// Finish emits the rows that are left.
func (t *valuesTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	err := t.flush(emit)
	result := convert.Result{NullWallTimes: t.nullTimes}
	t.nullTimes = 0
	return result, err
}

// flush emits the rows so far.
func (t *valuesTable) flush(emit func(arrow.Record) error) error {
	if t.rows == 0 {
		return nil
	}
	columns := []arrow.Array{t.run.array(), t.tag.array()}
	switch {
	case t.seconds != nil:
		columns = append(columns, t.step.NewArray(), t.seconds.NewArray())
	case t.timestamp != nil:
		columns = append(columns, t.step.NewArray(), t.timestamp.NewArray())
	}
	for _, b := range t.columns {
		columns = append(columns, b.NewArray())
	}
	of := columns
	if t.silent {
		of = nil
	}
	record := array.NewRecord(t.schema, of, int64(t.rows))
	defer record.Release()
	for _, c := range columns {
		c.Release()
	}
	t.rows, t.payload = 0, 0
	return emit(record)
}
