package convert

import (
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
)

// Pictures decodes a value of FormImages. They are parts of it.
func (v *Value) Pictures() ([]kinds.Picture, error) {
	if v.Value.Field == event.FieldImage {
		p, err := kinds.DecodeOldImage(v.Value.Message)
		return []kinds.Picture{p}, err
	}
	return kinds.DecodeImage(v.Value.Tensor)
}

// Clips decodes a value of FormAudio. Their bytes are parts of it.
func (v *Value) Clips() ([]kinds.Clip, error) {
	if v.Value.Field == event.FieldAudio {
		c, err := kinds.DecodeOldAudio(v.Value.Message)
		return []kinds.Clip{c}, err
	}
	return kinds.DecodeAudio(v.Value.Tensor)
}

// Text decodes a value of FormText.
func (v *Value) Text() (kinds.Text, error) { return kinds.DecodeText(v.Value.Tensor) }

// RawText is Text without a copy of each text: it is valid as long as the value.
func (v *Value) RawText() (kinds.RawText, error) { return kinds.DecodeRawText(v.Value.Tensor) }

// Histogram decodes a value of FormHistograms.
func (v *Value) Histogram() (kinds.Histogram, error) {
	if v.Value.Field == event.FieldHisto {
		return kinds.DecodeOldHistogram(v.Value.Message)
	}
	return kinds.DecodeHistogram(v.Value.Tensor)
}

// PRCurve decodes a value of FormPRCurves.
func (v *Value) PRCurve() (kinds.PRCurve, error) { return kinds.DecodePRCurve(v.Value.Tensor) }

// Graph decodes a value of FormGraphs: what it is, such as kinds.GraphDef, and its
// bytes, which are a part of it.
func (v *Value) Graph() (what string, bytes []byte, err error) {
	if v.Value != nil {
		what, _ = kinds.GraphOf(v.Plugin)
		bytes, err = kinds.DecodeGraph(v.Value.Tensor)
		return what, bytes, err
	}
	switch bytes = v.Event.Body(); v.Event.What {
	case event.WhatGraphDef:
		return kinds.GraphDef, bytes, nil
	case event.WhatMetaGraphDef:
		return kinds.MetaGraphDef, bytes, nil
	}
	_, bytes, err = kinds.DecodeTaggedRunMetadata(bytes)
	return kinds.TaggedRunMetadata, bytes, err
}
