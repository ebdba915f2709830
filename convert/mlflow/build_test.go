package mlflow

import (
	"context"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
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
	eventfiletest.Write(t, logdir, eventfiletest.Tree{
		run + "/events.out.tfevents." + file: eventfiletest.File(eventfiletest.Protos(events...)...)})
}

// makePlan plans a logdir.
func makePlan(t testing.TB, logdir string, o plan.Options) *plan.Plan {
	t.Helper()
	plan, err := tryPlan(logdir, o, convert.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func tryPlan(logdir string, o plan.Options, read convert.ReadOptions) (*plan.Plan, error) {
	runs, _, err := dirstore.New(dirstore.Logdir{Path: logdir}).Find(context.Background())
	if err != nil {
		return nil, err
	}
	planner := plan.NewPlanner(Limits{}.Rules(), o)
	_, err = convert.Export(context.Background(), runs, planner, convert.Options{Read: read, Forms: o.Media})
	return planner.Plan(), err
}

func sampleRuns(t testing.TB) string { return filepath.Join("..", "..", "testdata", "logs") }

// planOf is makePlan outside of a test.
func planOf(logdir string) (*plan.Plan, error) {
	return tryPlan(logdir, everything, convert.ReadOptions{})
}
