package hparams_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
	pb "tbexport/proto"
)

// The tags of the plugin's records.
const (
	tagExperiment   = "_hparams_/experiment"
	tagSessionStart = "_hparams_/session_start_info"
	tagSessionEnd   = "_hparams_/session_end_info"
)

// What follows builds records of the hparams plugin.

func hparamsValue(t testing.TB, tag string, content any) *pb.Summary_Value {
	raw, ok := content.([]byte)
	if !ok {
		raw = build.Marshal(t, content.(proto.Message))
	}
	md := build.Metadata("hparams")
	md.PluginData.Content = raw
	return &pb.Summary_Value{Tag: []byte(tag), Metadata: md}
}

func startData(group string, params ...*pb.HParam) *pb.HParamsPluginData {
	return &pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionStartInfo{
		SessionStartInfo: &pb.SessionStartInfo{Hparams: params, GroupName: []byte(group)}}}
}

func endData(s pb.SessionStatus, time float64) *pb.HParamsPluginData {
	return &pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionEndInfo{
		SessionEndInfo: &pb.SessionEndInfo{Status: s, EndTimeSecs: time}}}
}

// param makes an hparam of a Go value, as Python's writers do.
func param(name string, value any) *pb.HParam {
	return &pb.HParam{Name: []byte(name), Value: protoValue(value)}
}

func protoValue(value any) *pb.Value {
	switch v := value.(type) {
	case float64:
		return &pb.Value{Kind: &pb.Value_NumberValue{NumberValue: v}}
	case string:
		return &pb.Value{Kind: &pb.Value_StringValue{StringValue: []byte(v)}}
	case bool:
		return &pb.Value{Kind: &pb.Value_BoolValue{BoolValue: v}}
	case []any:
		list := new(pb.ListValue)
		for _, e := range v {
			list.Values = append(list.Values, protoValue(e))
		}
		return &pb.Value{Kind: &pb.Value_ListValue{ListValue: list}}
	case []*pb.HParam:
		return &pb.Value{Kind: &pb.Value_StructValue{StructValue: &pb.Struct{Fields: v}}}
	}
	return &pb.Value{Kind: &pb.Value_NullValue{}}
}

func hparamsEvent(values ...*pb.Summary_Value) *pb.Event { return build.Summary(1, 0, values...) }

// openHParams reads a run and returns what its hparams are.
func openHParams(t *testing.T, files ...[]byte) (*hparams.HParams, *runtest.Stats) {
	t.Helper()
	r := runtest.NewReader(runtest.Options{})
	if err := r.Open(t.Context(), runtest.Write(t, "run", files...)); err != nil {
		t.Fatal(err)
	}
	return r.HParams.HParams(), r.Counted()
}

func TestHParamsOfEveryKind(t *testing.T) {
	got, stats := openHParams(t, build.File(t, hparamsEvent(hparamsValue(t, tagSessionStart, startData("",
		param("z", nil), param("bool", true), param("float", 0.1), param("int", 64.0), param("nan", math.NaN()),
		param("text", "adam"), &pb.HParam{Name: []byte("unset")}, &pb.HParam{Name: []byte("unset value"), Value: new(pb.Value)},
		param("list", []any{1.0, "a", nil, math.Inf(-1), math.NaN(), math.Inf(1)}),
		param("struct", []*pb.HParam{param("b", true), param("a", []any{})}),
		param("", "no name"), param("a.b\n\"c\"", "odd name"))))))
	want := []string{
		`|string|no name`, "a.b\n\"c\"|string|odd name", `bool|bool|True`, `float|number|0.1`, `int|number|64`,
		`list|list|[1,"a",null,"-Infinity","NaN","Infinity"]`, `nan|number|NaN`, `struct|struct|{"a":[],"b":true}`,
		`text|string|adam`, `unset|null|`, `unset value|null|`, `z|null|`,
	}
	var lines []string
	for _, p := range got.Start.Params {
		lines = append(lines, fmt.Sprintf("%s|%s|%s", p.Name, p.Kind, p))
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
	if len(stats.NotExported) != 0 || stats.HParams != (hparams.Counts{Records: 1}) {
		t.Errorf("stats %+v, not exported %v", stats.HParams, stats.NotExported)
	}
}

func TestHParamsExperiment(t *testing.T) {
	data := &pb.HParamsPluginData{Data: &pb.HParamsPluginData_Experiment{Experiment: &pb.Experiment{
		Name: []byte("search"), Description: []byte("d"), User: []byte("u"), TimeCreatedSecs: 5,
		HparamInfos: []*pb.HParamInfo{
			{Name: []byte("lr"), DisplayName: []byte("rate"), Type: pb.HParamType_HPARAM_TYPE_FLOAT64,
				Domain: &pb.HParamInfo_DomainInterval{DomainInterval: &pb.Interval{MinValue: 0.1, MaxValue: 0.5}}},
			{Name: []byte("opt"), Type: pb.HParamType_HPARAM_TYPE_STRING,
				Domain: &pb.HParamInfo_DomainDiscrete{DomainDiscrete: &pb.ListValue{Values: []*pb.Value{protoValue("a"), protoValue("b")}}}},
			{Name: []byte("on"), Type: pb.HParamType_HPARAM_TYPE_BOOL}, {Name: []byte("any")},
		},
		MetricInfos: []*pb.MetricInfo{
			{Name: &pb.MetricName{Group: []byte("validation"), Tag: []byte("acc")}, DisplayName: []byte("accuracy"),
				DatasetType: pb.MetricInfo_DATASET_VALIDATION},
			{Name: &pb.MetricName{Tag: []byte("loss")}, DatasetType: pb.MetricInfo_DATASET_TRAINING}, {},
		},
	}}}
	got, _ := openHParams(t, build.File(t, hparamsEvent(hparamsValue(t, tagExperiment, data))))
	want := &hparams.Experiment{Name: "search", Description: "d", User: "u", Created: 5,
		HParams: []hparams.HParamInfo{
			{Name: "lr", DisplayName: "rate", Type: hparams.Number, Interval: &hparams.Interval{Min: 0.1, Max: 0.5}},
			{Name: "opt", Type: hparams.String, Discrete: []hparams.HParam{{Kind: hparams.String, Text: "a"}, {Kind: hparams.String, Text: "b"}}},
			{Name: "on", Type: hparams.Bool}, {Name: "any"},
		},
		Metrics: []hparams.MetricInfo{{Group: "validation", Tag: "acc", DisplayName: "accuracy", Dataset: hparams.DatasetValidation},
			{Tag: "loss", Dataset: hparams.DatasetTraining}, {}},
	}
	if !reflect.DeepEqual(got.Experiment, want) || got.Start != nil || got.End != nil {
		t.Errorf("got  %+v\nwant %+v", got.Experiment, want)
	}
}

func TestHParamsSession(t *testing.T) {
	start := startData("trial")
	s := start.GetSessionStartInfo()
	s.StartTimeSecs, s.ModelUri, s.MonitorUrl = 7, []byte("m"), []byte("http://x")
	for name, c := range map[pb.SessionStatus]hparams.SessionStatus{
		pb.SessionStatus_STATUS_SUCCESS: hparams.StatusSuccess, pb.SessionStatus_STATUS_FAILURE: hparams.StatusFailure,
		pb.SessionStatus_STATUS_RUNNING: hparams.StatusRunning, pb.SessionStatus_STATUS_UNKNOWN: hparams.StatusUnknown, 99: hparams.StatusUnknown,
	} {
		got, _ := openHParams(t, build.File(t, hparamsEvent(hparamsValue(t, tagSessionStart, start),
			hparamsValue(t, tagSessionEnd, endData(name, 9)))))
		want := &hparams.HParams{Start: &hparams.SessionStart{Group: "trial", StartTime: 7, ModelURI: "m", MonitorURL: "http://x"},
			End: &hparams.SessionEnd{Status: c, Time: 9}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v: got %+v, want %+v", name, got, want)
		}
	}
}

// Each case is the files of a run, as lists of values, and what comes out.
func TestHParamsOddRecords(t *testing.T) {
	lr := func(v float64) *pb.Summary_Value {
		return hparamsValue(t, tagSessionStart, startData("", param("lr", v)))
	}
	end := hparamsValue(t, tagSessionEnd, endData(pb.SessionStatus_STATUS_SUCCESS, 0))
	later := startData("", param("lr", 0.1))
	later.GetSessionStartInfo().StartTimeSecs = 100
	newer := startData("", param("lr", 0.5))
	newer.Version = 1
	stripped := lr(0.1)
	stripped.Metadata = nil
	withTensor := lr(0.1)
	withTensor.Value = &pb.Summary_Value_Tensor{Tensor: build.Marshal(t, &pb.TensorProto{Dtype: pb.DataType_DT_FLOAT})}
	for name, c := range map[string]struct {
		files [][]*pb.Summary_Value
		lr    string // "": no start
		stats hparams.Counts
	}{
		"none":                          {nil, "", hparams.Counts{}},
		"null tensor":                   {[][]*pb.Summary_Value{{withTensor}}, "0.1", hparams.Counts{Records: 1}},
		"last wins":                     {[][]*pb.Summary_Value{{lr(0.1)}, {lr(0.2)}}, "0.2", hparams.Counts{Records: 2, Disagreeing: 1}},
		"said twice":                    {[][]*pb.Summary_Value{{lr(math.NaN()), lr(math.NaN())}}, "NaN", hparams.Counts{Records: 2}},
		"started twice":                 {[][]*pb.Summary_Value{{lr(0.1), hparamsValue(t, tagSessionStart, later)}}, "0.1", hparams.Counts{Records: 2}},
		"ended otherwise":               {[][]*pb.Summary_Value{{lr(0.1), end, hparamsValue(t, tagSessionEnd, endData(pb.SessionStatus_STATUS_FAILURE, 0))}}, "0.1", hparams.Counts{Records: 3, Disagreeing: 1}},
		"end without start":             {[][]*pb.Summary_Value{{end}}, "", hparams.Counts{Records: 1, EndWithoutStart: 1}},
		"version 1":                     {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionStart, newer)}}, "", hparams.Counts{OtherVersions: 1}},
		"version 1, then 0":             {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionStart, newer), lr(0.1)}}, "0.1", hparams.Counts{Records: 1, OtherVersions: 1}},
		"empty payload":                 {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionStart, []byte{}), hparamsValue(t, tagSessionEnd, []byte{}), hparamsValue(t, tagExperiment, []byte{})}}, "", hparams.Counts{Misplaced: 3}},
		"start in the tag of the end":   {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionEnd, startData(""))}}, "", hparams.Counts{Misplaced: 1}},
		"tag of nothing":                {[][]*pb.Summary_Value{{hparamsValue(t, "_hparams_/more", startData(""))}}, "", hparams.Counts{Misplaced: 1}},
		"later one without metadata":    {[][]*pb.Summary_Value{{lr(0.1), stripped}}, "0.1", hparams.Counts{Records: 1}},
		"name twice":                    {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionStart, startData("", param("lr", 0.1), param("lr", 0.2)))}}, "0.2", hparams.Counts{Records: 1, RepeatedNames: 1}},
		"names that are not UTF-8":      {[][]*pb.Summary_Value{{hparamsValue(t, tagSessionStart, startData("", param("lr", 1.0), param("\xff", 1.0), param("\xfe", 1.0)))}}, "1", hparams.Counts{Records: 1, Renamed: 2, RepeatedNames: 1}},
		"metric of the same run beside": {[][]*pb.Summary_Value{{lr(0.1), build.Scalar("hp_metric", 1)}}, "0.1", hparams.Counts{Records: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			var files [][]byte
			for _, values := range c.files {
				files = append(files, build.File(t, hparamsEvent(values...)))
			}
			h, stats := openHParams(t, files...)
			lr := ""
			if h != nil && h.Start != nil {
				lr = h.Start.Params[0].String()
			}
			if lr != c.lr {
				t.Errorf("lr %q, want %q", lr, c.lr)
			}
			if stats.HParams != c.stats {
				t.Errorf("stats %+v, want %+v", stats.HParams, c.stats)
			}
			if len(stats.NotExported) != 0 {
				t.Errorf("not exported: %v", stats.NotExported)
			}
			if stats.HParams.Records == 0 && h != nil {
				t.Errorf("no record, but %+v", h)
			}
		})
	}
}

func TestHParamsUndecodablePayloadIsDamage(t *testing.T) {
	file := build.File(t, hparamsEvent(hparamsValue(t, tagSessionStart, []byte("\x1a\xff")), build.Scalar("loss", 1)))
	run := runtest.Write(t, "run", file)
	r := runtest.NewReader(runtest.Options{})
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	f := r.Stats.Files[0]
	if len(f.Damage) != 1 || f.Damage[0].Cause != eventfile.CauseValue || f.Damage[0].Bytes != 2 || !f.Lost() || r.HParams.HParams() != nil {
		t.Errorf("damage %v, hparams %v", f.Damage, r.HParams.HParams())
	}
	if f.Bytes != f.RecordBytes+2 || r.Stats.Points != 1 {
		t.Errorf("%d bytes, %d of records, %d points", f.Bytes, f.RecordBytes, r.Stats.Points)
	}
	strict := runtest.NewReader(runtest.Options{WalkOptions: eventfile.WalkOptions{Strict: true}})
	if err := strict.Open(t.Context(), run); err == nil || !strings.Contains(err.Error(), eventfile.CauseValue) {
		t.Errorf("strict: %v", err)
	}
}

// A second run must not inherit the first one's hparams.
func TestHParamsBelongToTheirRun(t *testing.T) {
	r := runtest.NewReader(runtest.Options{})
	with := runtest.Write(t, "with", build.File(t, hparamsEvent(hparamsValue(t, tagSessionStart, startData("", param("lr", 0.1))))))
	without := runtest.Write(t, "without", build.File(t, build.Summary(1, 0, build.Scalar("loss", 1))))
	for _, c := range []struct {
		run  eventfile.Run
		want bool
	}{{with, true}, {without, false}, {with, true}} {
		if err := r.Open(t.Context(), c.run); err != nil || (r.HParams.HParams() != nil) != c.want {
			t.Errorf("%s: %v, %v", c.run.Name, r.HParams.HParams(), err)
		}
	}
}

func TestHParamText(t *testing.T) {
	for want, h := range map[string]hparams.HParam{
		"0": number(0), "-0.0": number(math.Copysign(0, -1)), "3": number(3), "-12": number(-12), "0.1": number(0.1),
		"9007199254740991": number(1<<53 - 1), "9007199254740992": number(1 << 53), "9999999999999998": number(1e16 - 2), "1e+16": number(1e16), "1e+22": number(1e22), "1e-05": number(1e-5), "0.0001": number(1e-4),
		"123456.7": number(123456.7), "NaN": number(math.NaN()), "inf": number(math.Inf(1)), "-inf": number(math.Inf(-1)),
		"1.7976931348623157e+308": number(math.MaxFloat64), "5e-324": number(math.SmallestNonzeroFloat64),
		"True": {Kind: hparams.Bool, Bool: true}, "False": {Kind: hparams.Bool}, "": {Kind: hparams.Null}, "x": {Kind: hparams.String, Text: "x"},
	} {
		if got := h.String(); got != want {
			t.Errorf("%v: %q, want %q", h.Number, got, want)
		}
	}
}

func number(f float64) hparams.HParam { return hparams.HParam{Kind: hparams.Number, Number: f} }
