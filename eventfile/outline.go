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

	// Of points only. Min and Max are NaN where no value is finite.
	First, Last, Min, Max float64
	NotFinite             int64
	// Course is the means of stretches of equal length, in file order and but
	// for the last one, which may be shorter; NaN where none is finite.
	Course []float64
}

// outliner makes the Outline of a run in memory that depends on its tags and
// not on its points.
type outliner struct {
	out  Outline
	byID []tagKinds // by the tag's number
}

// tagKinds is the outlines of one tag.
type tagKinds struct {
	points *tagOutliner // nil: none
	others []*tagOutliner
}

type tagOutliner struct {
	TagOutline
	dtype  pb.DataType
	course course
}

func (o *outliner) reset() {
	o.out, o.byID = Outline{}, nil
}

// restart sees a restart of the whole run.
func (o *outliner) restart(step int64) {
	for id := range o.byID {
		o.restartTag(int32(id), step)
	}
}

// restartTag sees a restart of one tag.
func (o *outliner) restartTag(id int32, step int64) {
	if int(id) >= len(o.byID) {
		return
	}
	if t := o.byID[id].points; t != nil {
		o.out.GoesBack = o.out.GoesBack || t.MaxStep >= step
	}
}

// point sees a point of a scalar series.
func (o *outliner) point(id int32, step int64, wallTime, value float64, dtype pb.DataType) {
	tag := o.tag(id)
	if tag.points == nil {
		tag.points = newTagOutliner(pluginScalars, true)
	}
	t := tag.points
	if t.Values > 0 && step <= t.MaxStep {
		o.out.GoesBack = true
	}
	t.value(step, wallTime, dtype)
	t.number(value)
}

// other sees a value that is no point.
func (o *outliner) other(id int32, e *Event, v *Value, kind string) {
	dtype := pb.DataType_DT_INVALID
	if v.Field == FieldTensor {
		dtype = tensorType(v.Tensor)
	}
	o.tag(id).other(kind).value(e.Step, e.WallTime, dtype)
}

func (o *outliner) tag(id int32) *tagKinds {
	for int(id) >= len(o.byID) {
		o.byID = append(o.byID, tagKinds{})
	}
	return &o.byID[id]
}

// other is the outline of the values of a kind that are no points.
func (k *tagKinds) other(kind string) *tagOutliner {
	for _, t := range k.others {
		if t.Kind == kind {
			return t
		}
	}
	t := newTagOutliner(kind, false)
	k.others = append(k.others, t)
	return t
}

func newTagOutliner(kind string, scalar bool) *tagOutliner {
	return &tagOutliner{TagOutline: TagOutline{Kind: kind, Scalar: scalar, Min: math.Inf(1), Max: math.Inf(-1)}}
}

func (t *tagOutliner) value(step int64, wallTime float64, dtype pb.DataType) {
	if t.Values == 0 {
		t.dtype, t.DType = dtype, TypeName(dtype)
		t.FirstStep, t.FirstTime, t.MinStep, t.MaxStep = step, wallTime, step, step
	}
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
	if t.Values == 1 {
		t.First = x
	}
	t.Last = x
	t.course.add(x)
	if x-x != 0 { // NaN or an infinity
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
	for id, kinds := range o.byID {
		all := kinds.others
		if kinds.points != nil {
			all = append([]*tagOutliner{kinds.points}, all...)
		}
		for _, t := range all {
			t.Tag, t.Course = names[id], t.course.means()
			if t.Min > t.Max {
				t.Min, t.Max = math.NaN(), math.NaN()
			}
			out.Tags = append(out.Tags, &t.TagOutline)
		}
	}
	slices.SortStableFunc(out.Tags, func(a, b *TagOutline) int { return strings.Compare(a.Tag, b.Tag) })
	o.byID = nil
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
