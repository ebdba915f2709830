package table

import (
	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
)

// ScalarsOptions choose the columns of the scalars table. The zero value is the five columns run, tag, step, wall_time
// and value, with wall_time in seconds.
type ScalarsOptions struct {
	// Timestamp makes wall_time a timestamp[us, UTC] instead of float64 seconds since the epoch. It is nullable then:
	// a wall time that is NaN, infinite or beyond what int64 microseconds hold is null.
	Timestamp bool
	// RelativeTime adds the column relative_time: float64 seconds since Points.Origin.
	RelativeTime bool
	// NoRun leaves out the run column, for files whose directory already names the run.
	NoRun bool
}

// ScalarsSchema returns the schema of the scalars table: one row a point.
//
//	run            dictionary<int32, utf8>             the run's name; not with NoRun
//	tag            dictionary<int32, utf8>
//	step           int64
//	wall_time      float64 | timestamp[us, UTC]        seconds since the epoch; nullable only as a timestamp
//	value          float64                             NaN and the infinities are values
//	relative_time  float64                             seconds since the series' origin; only with RelativeTime
func ScalarsSchema(o ScalarsOptions) *arrow.Schema {
	var fields []arrow.Field
	if !o.NoRun {
		fields = append(fields, arrow.Field{Name: "run", Type: nameType()})
	}
	wallTime := arrow.Field{Name: "wall_time", Type: arrow.PrimitiveTypes.Float64}
	if o.Timestamp {
		wallTime.Type, wallTime.Nullable = arrow.FixedWidthTypes.Timestamp_us, true
	}
	fields = append(fields,
		arrow.Field{Name: "tag", Type: nameType()},
		arrow.Field{Name: "step", Type: arrow.PrimitiveTypes.Int64},
		wallTime,
		arrow.Field{Name: "value", Type: arrow.PrimitiveTypes.Float64},
	)
	if o.RelativeTime {
		fields = append(fields, arrow.Field{Name: "relative_time", Type: arrow.PrimitiveTypes.Float64})
	}
	return arrow.NewSchema(fields, nil)
}

// nameType is the type of the columns that repeat few strings.
func nameType() *arrow.DictionaryType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
}

// Points are consecutive points of one series. The three slices have the same length.
type Points struct {
	// Run and Tag name the series. They must be valid UTF-8: Arrow, Parquet and JSON have no other strings.
	Run, Tag string
	// Steps are the points' steps, in any order.
	Steps []int64
	// WallTimes are seconds since the epoch.
	WallTimes []float64
	// Values are the points' values.
	Values []float64
	// Origin is the wall time of the series' first kept point, where relative_time is 0.
	Origin float64
}

// scalarsTable is the scalars table.
type scalarsTable struct {
	builder *ScalarsBuilder
	nulls   int64 // null wall times before those of the next Finish
}

func scalarsSpec() Spec {
	return Spec{Name: "scalars", Unit: "point", Series: true, Readings: 1, New: made(NewScalars)}
}

// NewScalars returns the scalars table, see ScalarsSchema.
func NewScalars(o Options) Table {
	return &scalarsTable{builder: NewScalarsBuilder(o.Scalars, o.maxRows())}
}

func (t *scalarsTable) Name() string          { return scalarsSpec().Name }
func (t *scalarsTable) Schema() *arrow.Schema { return t.builder.schema }

// Add appends the points of a run.
func (t *scalarsTable) Add(in *convert.Input, emit func(arrow.Record) error) error {
	if in.Fold.Part {
		return nil // it has no rows of its own
	}
	for c, err := range in.Series() {
		if err != nil {
			return err
		}
		p := Points{Run: in.Run.Name, Tag: c.Tag, Steps: c.Steps, WallTimes: c.WallTimes, Values: c.Values,
			Origin: c.Origin}
		for len(p.Steps) > 0 {
			n := t.builder.Append(p)
			p.Steps, p.WallTimes, p.Values = p.Steps[n:], p.WallTimes[n:], p.Values[n:]
			if len(p.Steps) > 0 {
				if err := t.flush(emit); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Finish emits the rows that are left.
func (t *scalarsTable) Finish(emit func(arrow.Record) error) (convert.Result, error) {
	err := t.flush(emit)
	before := t.nulls
	t.nulls = t.builder.NullWallTimes()
	return convert.Result{NullWallTimes: t.nulls - before}, err
}

// flush emits the rows so far.
func (t *scalarsTable) flush(emit func(arrow.Record) error) error {
	if t.builder.Rows() == 0 {
		return nil
	}
	record := t.builder.Record()
	defer record.Release()
	return emit(record)
}
