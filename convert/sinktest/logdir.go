package sinktest

import (
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	pb "tbexport/proto"
)

// Logdir writes runs with all that a sink must bear, and finds them: one
// without an event, one with hparams only, values and times that are not finite
// or tell no time, steps written again, and names that mean something to a
// shell, a terminal, a file system, a table or a web page.
func Logdir(t testing.TB) []eventfile.Run {
	t.Helper()
	root := t.TempDir()
	usual := []*pb.Event{scalar("loss", 1, 1000, 0.5), scalar("acc", 1, 1001, 0.25), scalar("loss", 2, 1002, 0.75),
		scalar("loss", 1, 1003, 1.5)}
	write(t, root, "usual", usual...)
	write(t, root, "usual/below", usual...)
	write(t, root, "without events")
	write(t, root, "without points",
		&pb.Event{WallTime: 1000, What: &pb.Event_FileVersion{FileVersion: []byte("brain.Event:2")}})
	write(t, root, "hparams only", session(t))
	nan, inf := math.NaN(), math.Inf(1)
	write(t, root, "not finite", scalar("v", 1, 1000, nan), scalar("v", 2, 1001, inf), scalar("v", 3, 1002, -inf),
		scalar("v", 4, 1003, math.Copysign(0, -1)),
		scalar("t", 1, nan, 1), scalar("t", 2, inf, 2), scalar("t", 3, -1, 3), scalar("t", math.MaxInt64, 1e300, 4),
		scalar("t", math.MinInt64, 0, 5))
	var odd []*pb.Event
	for i, tag := range []string{"", " ", ".", "../../up", "/root", "a/b", "new\nline", "tab\tand\r", `"quoted"`,
		"a,b;c", "=1+1", "\x1b[31mred", "\x00", "'; DROP TABLE",
		"<b>bold</b>", "%2F", "ünï 文", "\u202eright", "not UTF-8 \xff", strings.Repeat("long ", 2000), "run", "step",
		"wall_time", "value"} {
		odd = append(odd, scalar(tag, int64(i), 1000, float64(i)))
	}
	write(t, root, "tags", odd...)
	for _, name := range []string{"a,b; c=%2F", "ünï çode", "-dash", "__HIVE_DEFAULT_PARTITION__", "$(HOME)"} {
		write(t, root, name, scalar("loss", 1, 1000, 1))
	}
	runs, _, err := dirstore.New(dirstore.Logdir{Path: root}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func scalar(tag string, step int64, wallTime, value float64) *pb.Event {
	return &pb.Event{WallTime: wallTime, Step: step, What: &pb.Event_Summary{Summary: &pb.Summary{
		Value: []*pb.Summary_Value{{Tag: []byte(tag),
			Value: &pb.Summary_Value_SimpleValue{SimpleValue: float32(value)}}}}}}
}

// session is the start of a session with hparams of every type.
func session(t testing.TB) *pb.Event {
	t.Helper()
	start := &pb.SessionStartInfo{GroupName: []byte("group"), StartTimeSecs: 1000, Hparams: []*pb.HParam{
		{Name: []byte("lr"), Value: &pb.Value{Kind: &pb.Value_NumberValue{NumberValue: 0.1}}},
		{Name: []byte("nan"), Value: &pb.Value{Kind: &pb.Value_NumberValue{NumberValue: math.NaN()}}},
		{Name: []byte("opt,\n\"imizer\""),
			Value: &pb.Value{Kind: &pb.Value_StringValue{StringValue: []byte("a\x1bdam\xff")}}},
		{Name: []byte("nesterov"), Value: &pb.Value{Kind: &pb.Value_BoolValue{BoolValue: true}}},
		{Name: []byte("none"), Value: &pb.Value{Kind: &pb.Value_NullValue{}}},
	}}
	content, err := proto.Marshal(&pb.HParamsPluginData{
		Data: &pb.HParamsPluginData_SessionStartInfo{SessionStartInfo: start}})
	if err != nil {
		t.Fatal(err)
	}
	return &pb.Event{WallTime: 1000, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{{
		Tag: []byte("_hparams_/session_start_info"),
		Metadata: &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("hparams"),
			Content: content}},
	}}}}}
}

func write(t testing.TB, root, run string, events ...*pb.Event) {
	t.Helper()
	eventfiletest.Write(t, root,
		eventfiletest.Tree{run + "/events.out.tfevents.1": eventfiletest.File(eventfiletest.Protos(events...)...)})
}
