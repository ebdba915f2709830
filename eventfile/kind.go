package eventfile

import (
	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/wire"
)

// Kind is what a value is shown as: the name of the plugin that shows it, which
// anybody can choose, or one of those below where no plugin is named. It is
// valid UTF-8.
type Kind string

// The kinds that TensorBoard's own plugins and formats have. Of the kind Scalars
// is also a value of such a tag that is no single number, and no point.
const (
	Scalars    Kind = "scalars"
	Images     Kind = "images"
	Audio      Kind = "audio"
	Histograms Kind = "histograms"
	Text       Kind = "text"
	HParams    Kind = "hparams"
	PRCurves   Kind = "pr_curves"
	Meshes     Kind = "mesh"
	Layout     Kind = "custom_scalars"

	Tensors  Kind = "tensors"  // of no plugin
	Metadata Kind = "metadata" // of no plugin, and without a value

	// Events that are no summary.
	Graphs      Kind = "graphs"
	RunMetadata Kind = "run_metadata"
	LogMessages Kind = "log_messages"
	// Others are the rest: versions of files, session logs, and events that hold
	// nothing. RunStats.NotExported does not count them.
	Others Kind = "others"
)

// String is the kind itself.
func (k Kind) String() string { return string(k) }

// primitive is the kind of the values that TensorBoard knows without a plugin:
// those of TensorFlow 1 but for simple_value, which are points. It is "" for the
// others.
func primitive(f event.Field) Kind {
	switch f {
	case event.FieldImage:
		return Images
	case event.FieldAudio:
		return Audio
	case event.FieldHisto, event.FieldOldHistogram:
		return Histograms
	}
	return ""
}

// kind is that of a value of the tag that is no point.
func (t *Tag) kind(v *event.Value) Kind {
	if k := primitive(v.Field); k != "" {
		return k
	}
	switch {
	case t.Plugin != "":
		kind, _ := wire.Text([]byte(t.Plugin))
		return Kind(kind)
	case v.Field == event.FieldNone:
		return Metadata
	}
	return Tensors
}
