package eventfile

import (
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	pb "tbexport/proto"
)

// Outline is what a run holds, without its points.
type Outline struct {
	// HParams is how many hparams the run's session start has.
	HParams int
	// Tags are in the order of their names; a tag that has values of several
	// kinds stands there once for each.
	Tags []*TagOutline
	// GoesBack says that the run has points that StepRestarts or
	// SessionRestarts takes out. How many, only reading the points can tell.
	GoesBack bool
}

// TagOutline is what a run has of one tag and kind.
type TagOutline struct {
	Tag    string
	Kind   string // the plugin that shows the values, in the words of RunStats.NotExported
	Scalar bool   // the values are points: one number each
	DType  string // of points and tensors, as "float32"; "mixed"; "" for what has none
	Values int64

	FirstStep, LastStep int64 // in file order
	MinStep, MaxStep    int64
	FirstTime, LastTime float64 // wall times, in file order

	// Of points only, and not with RunOptions.NoValues. Min and Max are NaN
	// where no value is finite.
	First, Last, Min, Max float64
	NotFinite             int64
	// Course is the means of stretches of equal length, in file order and but
	// for the last one, which may be shorter; NaN where none is finite.
	Course []float64
}

// outliner makes the Outline of a run in memory that depends on its tags and
// not on its points.
type outliner struct {
	noValues bool
	out      Outline
	// By the tag's number; there may be fewer than tags.
	points []*tagOutliner // nil: none
	others [][]*tagOutliner
}

type tagOutliner struct {
	TagOutline
	dtype  pb.DataType
	course *course // nil: no values
}

// restart sees a restart of the whole run.
func (o *outliner) restart(step int64) {
	for id := range o.points {
		o.restartTag(int32(id), step)
	}
}

// restartTag sees a restart of one tag.
func (o *outliner) restartTag(id int32, step int64) {
	if int(id) < len(o.points) && o.points[id] != nil && o.points[id].MaxStep >= step {
		o.out.GoesBack = true
	}
}

// point sees a point of a scalar series.
func (o *outliner) point(id int32, step int64, wallTime, value float64, dtype pb.DataType) {
	if int(id) >= len(o.points) {
		o.points = append(o.points, make([]*tagOutliner, int(id)+1-len(o.points))...)
	}
	t := o.points[id]
	if t == nil {
		t = newTagOutliner(pluginScalars, true, dtype, step, wallTime)
		o.points[id] = t
	} else if step <= t.MaxStep {
		o.out.GoesBack = true
	}
	t.value(step, wallTime, dtype)
	if !o.noValues {
		t.number(value)
	}
}

// other sees a value that is no point.
func (o *outliner) other(id int32, e *Event, v *Value, kind string) {
	dtype := pb.DataType_DT_INVALID
	if v.Field == FieldTensor {
		dtype = tensorType(v.Tensor)
	}
	if int(id) >= len(o.others) {
		o.others = append(o.others, make([][]*tagOutliner, int(id)+1-len(o.others))...)
	}
	i := slices.IndexFunc(o.others[id], func(t *tagOutliner) bool { return t.Kind == kind })
	if i < 0 {
		i = len(o.others[id])
		o.others[id] = append(o.others[id], newTagOutliner(kind, false, dtype, e.Step, e.WallTime))
	}
	o.others[id][i].value(e.Step, e.WallTime, dtype)
}

// newTagOutliner knows all of the first value but the value.
func newTagOutliner(kind string, scalar bool, dtype pb.DataType, step int64, wallTime float64) *tagOutliner {
	return &tagOutliner{dtype: dtype, TagOutline: TagOutline{
		Kind: kind, Scalar: scalar, DType: TypeName(dtype), Min: math.Inf(1), Max: math.Inf(-1),
		FirstStep: step, MinStep: step, MaxStep: step, FirstTime: wallTime,
	}}
}

func (t *tagOutliner) value(step int64, wallTime float64, dtype pb.DataType) {
	if dtype != t.dtype {
		t.DType = "mixed"
	}
	t.Values++
	t.LastStep, t.LastTime = step, wallTime
	if step > t.MaxStep {
		t.MaxStep = step
	} else if step < t.MinStep {
		t.MinStep = step
	}
}

func (t *tagOutliner) number(x float64) {
	if t.course == nil {
		t.course, t.First = new(course), x
	}
	t.Last = x
	finite := x-x == 0 // neither NaN nor an infinity
	t.course.add(x, finite)
	if !finite {
		t.NotFinite++
		return
	}
	if x < t.Min {
		t.Min = x
	}
	if x > t.Max {
		t.Max = x
	}
}

// finish gives the outline of the run; names are those of its tags.
func (o *outliner) finish(names []string, h *HParams) *Outline {
	out := o.out
	if h != nil && h.Start != nil {
		out.HParams = len(h.Start.Params)
	}
	add := func(id int, t *tagOutliner) {
		t.Tag = names[id]
		if t.course != nil {
			t.Course = t.course.means()
		}
		if t.Min > t.Max {
			t.Min, t.Max = math.NaN(), math.NaN()
		}
		out.Tags = append(out.Tags, &t.TagOutline)
	}
	for id, t := range o.points {
		if t != nil {
			add(id, t)
		}
	}
	for id, kinds := range o.others {
		for _, t := range kinds {
			add(id, t)
		}
	}
	slices.SortStableFunc(out.Tags, func(a, b *TagOutline) int { return strings.Compare(a.Tag, b.Tag) })
	o.points, o.others = nil, nil
	return &out
}

// tensorType is the type of an encoded TensorProto's elements.
func tensorType(b []byte) pb.DataType {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeField(b)
		if n < 0 {
			break
		}
		if num == 1 && typ == protowire.VarintType {
			_, _, key := protowire.ConsumeTag(b)
			x, _ := protowire.ConsumeVarint(b[key:])
			return pb.DataType(x)
		}
		b = b[n:]
	}
	return pb.DataType_DT_INVALID
}

// TypeName is a type's name as numpy and TensorFlow spell it, such as
// "float32"; empty for none.
func TypeName(d pb.DataType) string {
	switch d {
	case pb.DataType_DT_INVALID:
		return ""
	case pb.DataType_DT_FLOAT:
		return "float32"
	case pb.DataType_DT_DOUBLE:
		return "float64"
	case pb.DataType_DT_HALF:
		return "float16"
	}
	return strings.ToLower(strings.TrimPrefix(d.String(), "DT_"))
}
