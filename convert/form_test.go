package convert

import (
	"maps"
	"testing"

	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// TestFormsOfMetadata: what stands beside a value, or in place of one, is kept with what it is of, or in events; a
// tensor is one whatever its plugin.
func TestFormsOfMetadata(t *testing.T) {
	plugin := func(name, content string) *pb.SummaryMetadata {
		return &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte(name), Content: []byte(content)}}
	}
	shown := plugin("mine", "")
	shown.DisplayName = []byte("Shown")
	start := string(eventfiletest.Encode(&pb.HParamsPluginData{
		Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: &pb.SessionStartInfo{}}}))
	later := string(eventfiletest.Encode(&pb.HParamsPluginData{Version: 1,
		Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: &pb.SessionStartInfo{}}}))
	null := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorShape: &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{}}}}
	one := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1}}
	broken := &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, FloatVal: []float32{1, 2}, TensorShape: &pb.TensorShapeProto{}}
	const record, other = "_hparams_/session_start_info", "other"
	type values = []*pb.Summary_Value
	type counts = map[Form]int64
	bare := func(tag string, m *pb.SummaryMetadata) *pb.Summary_Value {
		return &pb.Summary_Value{Tag: []byte(tag), Metadata: m}
	}
	with := func(tag string, m *pb.SummaryMetadata, x *pb.TensorProto) *pb.Summary_Value {
		return &pb.Summary_Value{Tag: []byte(tag), Metadata: m, Value: &pb.Summary_Value_Tensor{Tensor: eventfiletest.Encode(x)}}
	}
	for name, c := range map[string]struct {
		values      values
		want        counts
		undecodable int64
	}{
		"a record": {
			values{bare(record, plugin("hparams", start))},
			counts{FormHParams: 1}, 0,
		},
		"a record of TensorBoard": {
			values{with(record, plugin("hparams", start), null)},
			counts{FormHParams: 1}, 0,
		},
		"a record, stripped": {
			values{bare(record, plugin("hparams", start)), with(record, nil, null)},
			counts{FormHParams: 2}, 0,
		},
		"a tensor beside a record": {
			values{with(record, plugin("hparams", start), one)},
			counts{FormTensors: 1}, 0,
		},
		"a tensor of hparams": {
			values{with(other, plugin("hparams", ""), one)},
			counts{FormTensors: 1}, 0,
		},
		"no tensor, of hparams": {
			values{with(other, plugin("hparams", ""), broken)},
			nil, 1,
		},
		"no record": {
			values{bare(record, plugin("hparams", "\x1a\xff"))},
			nil, 1,
		},
		"records of another tag": {
			values{bare(other, plugin("hparams", start)), bare(other, plugin("hparams", ""))},
			counts{FormMetadata: 1, FormEvents: 1}, 0,
		},
		"a record of another version": {
			values{bare(record, plugin("hparams", start)), bare(record, plugin("hparams", later))},
			counts{FormHParams: 1, FormEvents: 1}, 0,
		},
		"the same again": {
			values{bare(other, shown), bare(other, shown)},
			counts{FormMetadata: 2}, 0,
		},
		"another name to show": {
			values{bare(other, plugin("mine", "")), bare(other, shown)},
			counts{FormMetadata: 1, FormEvents: 1}, 0,
		},
		"another plugin": {
			values{bare(other, plugin("mine", "")), bare(other, plugin("yours", ""))},
			counts{FormMetadata: 1, FormEvents: 1}, 0,
		},
		"the first beside a point": {
			values{with(other, plugin("scalars", ""), one), bare(other, plugin("mine", "x"))},
			counts{FormEvents: 1}, 0,
		},
	} {
		events := []*pb.Event{{WallTime: 1, What: &pb.Event_Summary{Summary: &pb.Summary{Value: c.values}}}}
		dir := eventfiletest.Logdir(t, eventfiletest.Tree{"a/tfevents": eventfiletest.File(eventfiletest.Protos(events...)...)})
		runs, _, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		options := Options{Forms: []Form{FormHParams, FormTensors, FormEvents}, TagStats: true}
		report, err := Export(t.Context(), runs, new(recorder), options)
		if err != nil {
			t.Fatal(err)
		}
		totals := report.Totals()
		got := make(counts)
		for form, n := range totals.Values {
			got[form] = n.Read
		}
		if !maps.Equal(got, c.want) || totals.Undecodable != c.undecodable || totals.InNoTable != 0 {
			t.Errorf("%s: %v, %d undecodable, %d in no table", name, got, totals.Undecodable, totals.InNoTable)
		}
	}
}
