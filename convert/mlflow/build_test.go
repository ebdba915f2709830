package mlflow

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// What follows writes event files, and plans of them.

func scalar(wallTime float64, step int64, tag string, value float32) *pb.Event {
	return &pb.Event{WallTime: wallTime, Step: step, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{
		{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: value}},
	}}}}
}

func started(params []*pb.HParam) *pb.Event {
	info := &pb.SessionStartInfo{StartTimeSecs: 900, Hparams: params}
	return hparamsEvent("_hparams_/session_start_info", &pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: info}})
}

func ended(status pb.SessionStatus) *pb.Event {
	return hparamsEvent("_hparams_/session_end_info", &pb.HParamsPluginData{Data: &pb.HParamsPluginData_SessionEndInfo{
		SessionEndInfo: &pb.SessionEndInfo{Status: status, EndTimeSecs: 9000}}})
}

func hparamsEvent(tag string, data *pb.HParamsPluginData) *pb.Event {
	content, err := proto.Marshal(data)
	if err != nil {
		panic(err)
	}
	return &pb.Event{WallTime: 1000, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{{
		Tag:      []byte(tag),
		Metadata: &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("hparams"), Content: content}},
	}}}}}
}

func text(s string) *pb.Value {
	return &pb.Value{Kind: &pb.Value_StringValue{StringValue: []byte(s)}}
}

func number(x float64) *pb.Value { return &pb.Value{Kind: &pb.Value_NumberValue{NumberValue: x}} }

// write puts an event file of a run below a logdir.
func write(t testing.TB, logdir, run, file string, events ...*pb.Event) {
	t.Helper()
	var b bytes.Buffer
	w := tfrecord.NewWriter(&b)
	for _, e := range events {
		raw, err := proto.Marshal(e)
		if err == nil {
			err = w.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(logdir, run)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "events.out.tfevents."+file), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// makePlan plans a logdir.
func makePlan(t testing.TB, logdir string, o plan.Options) *plan.Plan {
	t.Helper()
	plan, err := tryPlan(logdir, o, eventfile.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func tryPlan(logdir string, o plan.Options, read eventfile.RunOptions) (*plan.Plan, error) {
	runs, _, err := eventfile.Find(eventfile.Logdir{Path: logdir})
	if err != nil {
		return nil, err
	}
	planner := plan.NewPlanner(Limits{}.Rules(), o)
	_, err = convert.Export(context.Background(), runs, planner, convert.Options{Read: read})
	return planner.Plan(), err
}

func sampleRuns(t testing.TB) string { return filepath.Join("..", "..", "testdata", "logs") }

// planOf is makePlan outside of a test.
func planOf(logdir string) (*plan.Plan, error) {
	return tryPlan(logdir, everything, eventfile.RunOptions{})
}
