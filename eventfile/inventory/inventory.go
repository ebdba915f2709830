package inventory

import (
	"tbexport/eventfile"
	"tbexport/eventfile/kinds"
)

// Inventory is what a run holds, without its points.
type Inventory struct {
	// Tags are in the order of their names; a tag that has values of several
	// kinds stands there once for each.
	Tags []*Tag
	// Untagged are the values that stand in events of their own, and so are no
	// tag's, by kind; nil with Options.Brief.
	Untagged map[eventfile.Kind]Untagged
	// GoesBack says that the run has points that series.StepRestarts or
	// series.SessionRestarts takes out. How many, only reading the points can tell.
	GoesBack bool
}

// Untagged is what a run has of one kind without tags.
type Untagged struct {
	Values int64
	Bytes  int64 // as they are encoded
}

// Tag is what a run has of one tag and kind.
type Tag struct {
	Name   string
	Kind   eventfile.Kind
	Scalar bool   // the values are points: one number each
	DType  string // of points and tensors, as "float32"; "mixed"; "" for what has none
	Values int64

	FirstStep, LastStep int64 // in file order
	MinStep, MaxStep    int64
	FirstTime, LastTime float64 // wall times, in file order

	// Of points only, and not with Options.Brief. Min and Max are NaN where no value is finite.
	First, Last, Min, Max float64
	NotFinite             int64
	// Means are those of stretches of equal length, in file order and but for
	// the last one, which may be shorter; NaN where none is finite. There are
	// 32 at most.
	Means []float64

	// Content is what is known of values that are no points; nil of points, and with
	// Options.Brief.
	Content *Content
}

// Content is what is known of the values of a tag that are no points.
type Content struct {
	// Bytes are those of the values, as they are encoded; of a value that has
	// none, those of what its plugin keeps beside it.
	Bytes    int64
	Header   kinds.Header   // of the last value
	Varies   bool           // other headers say something else
	Damaged  int64          // values that do not decode, which are damage of the run, too
	MeshPart kinds.MeshPart // of tags of meshes
}
