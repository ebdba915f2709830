package convert

import (
	"errors"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/kinds"
	"tbexport/eventfile/tensor"
)

// Form is what a value that is no point is kept as: its kind, but for what is not
// of the form that its kind's plugin writes, which is a tensor like any other.
type Form string

// The forms. FormEvents are whole events that hold nothing of another form.
const (
	FormText       Form = "text"
	FormHistograms Form = "histograms"
	FormImages     Form = "images"
	FormAudio      Form = "audio"
	FormPRCurves   Form = "pr_curves"
	FormMeshes     Form = "meshes"
	FormTensors    Form = "tensors"
	FormGraphs     Form = "graphs"
	FormLayouts    Form = "layouts"
	FormEvents     Form = "events"
	// FormMetadata is a value that says something of its tag only, and FormHParams
	// a record of the hparams plugin's; both are kept with what they are of.
	FormMetadata Form = "metadata"
	FormHParams  Form = "hparams"
)

// pluginForm is the form of the tensors of a plugin, and what tells whether one is
// of it.
func pluginForm(plugin string) (form Form, check func(b []byte) error) {
	switch eventfile.Kind(plugin) {
	case eventfile.Text:
		return FormText, func(b []byte) error { _, err := kinds.DecodeRawText(b); return err }
	case eventfile.Histograms:
		return FormHistograms, func(b []byte) error { _, err := kinds.DecodeHistogram(b); return err }
	case eventfile.Images:
		return FormImages, func(b []byte) error { _, err := kinds.DecodeImage(b); return err }
	case eventfile.Audio:
		return FormAudio, func(b []byte) error { _, err := kinds.DecodeAudio(b); return err }
	case eventfile.PRCurves:
		return FormPRCurves, func(b []byte) error { _, err := kinds.DecodePRCurve(b); return err }
	case eventfile.Layout:
		return FormLayouts, func(b []byte) error { _, err := kinds.DecodeLayout(b); return err }
	case eventfile.Meshes:
		return FormMeshes, func(b []byte) error { _, err := kinds.DecodeMesh(b); return err }
	}
	if _, ok := kinds.GraphOf(plugin); ok {
		return FormGraphs, func(b []byte) error { _, err := kinds.DecodeGraph(b); return err }
	}
	return FormTensors, nil
}

// formOf says what a value is kept as. An error says that it does not decode, and is
// an eventfile.Undecodable, as large as Verify says. It is looked at only as
// far as is needed to tell: content is what the tag's plugin keeps beside it.
func formOf(plugin string, content []byte, v *eventfile.Value) (Form, error) {
	form := ownForm(plugin, v)
	if v.Value == nil {
		return form, nil
	}
	size := eventfile.Undecodable(max(len(v.Tensor), len(v.Message)))
	if !v.Sound() {
		return form, max(size, 1)
	}
	if v.HasMetadata && plugin == string(eventfile.Meshes) {
		if _, err := kinds.DecodeMeshContent(v.PluginContent); err != nil {
			return form, eventfile.Undecodable(len(v.PluginContent))
		}
	}
	var err error
	switch {
	case v.Field == event.FieldImage:
		_, err = kinds.DecodeOldImage(v.Message)
	case v.Field == event.FieldAudio:
		_, err = kinds.DecodeOldAudio(v.Message)
	case v.Field == event.FieldHisto:
		_, err = kinds.DecodeOldHistogram(v.Message)
	case form == FormHParams:
		return hparamsForm(v)
	case v.Field == event.FieldTensor:
		form, err = tensorForm(plugin, content, v.Tensor)
	}
	if err != nil {
		return form, size
	}
	return form, nil
}

// hparamsForm is formOf of a value of the hparams plugin. What the plugin keeps is beside
// the value, which TensorBoard's own writer leaves empty: a tensor with elements is one
// like any other, and what is no record that counts says something of its tag only.
func hparamsForm(v *eventfile.Value) (Form, error) {
	if v.Field == event.FieldTensor {
		x, err := tensor.Decode(v.Tensor)
		if err != nil {
			return FormHParams, eventfile.Undecodable(len(v.Tensor))
		}
		if x.Len() > 0 || len(x.Bytes()) > 0 {
			return FormTensors, nil
		}
	}
	if !v.HasMetadata {
		return FormHParams, nil // TF1's writer strips it from all values but the first
	}
	counts, err := hparams.Check(string(v.Tag), v.PluginContent)
	switch {
	case err != nil:
		return FormHParams, eventfile.Undecodable(len(v.PluginContent))
	case !counts:
		return FormMetadata, nil
	}
	return FormHParams, nil
}

// tensorForm is formOf of a tensor.
func tensorForm(plugin string, content, b []byte) (Form, error) {
	form, check := pluginForm(plugin)
	if check != nil {
		err := check(b)
		if err == nil && form == FormMeshes && !isMeshPart(content) {
			err = kinds.ErrOtherForm
		}
		if !errors.Is(err, kinds.ErrOtherForm) {
			return form, err
		}
	}
	_, err := tensor.Decode(b)
	return FormTensors, err
}

// ownForm is what a value is kept as if it is of the form that its kind's plugin
// writes.
func ownForm(plugin string, v *eventfile.Value) Form {
	if v.Value != nil && v.Field == event.FieldTensor && v.Kind != eventfile.HParams {
		form, _ := pluginForm(plugin)
		return form
	}
	switch {
	case v.Value == nil:
		return eventForm(v.Event)
	case v.Field == event.FieldOldHistogram:
		return FormEvents
	case v.Field == event.FieldImage:
		return FormImages
	case v.Field == event.FieldAudio:
		return FormAudio
	case v.Field == event.FieldHisto:
		return FormHistograms
	case v.Kind == eventfile.HParams:
		return FormHParams
	}
	return FormMetadata
}

func isMeshPart(content []byte) bool {
	m, err := kinds.DecodeMeshContent(content)
	return err == nil && m.Part != kinds.NoMeshPart
}

// eventForm is that of an event without values.
func eventForm(e *event.Event) Form {
	switch e.What {
	case event.WhatGraphDef, event.WhatMetaGraphDef, event.WhatTaggedRunMetadata:
		return FormGraphs
	}
	return FormEvents
}
