package eventfiletest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// TestEvents holds what is built to the generated types.
func TestEvents(t *testing.T) {
	scalars := &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("scalars")}}
	text := &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("text")}}
	hparams := &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte("hparams"), Content: []byte("c")}}
	for _, c := range []struct {
		name string
		got  Event
		want *pb.Event
	}{
		{"version", Version(1.5), &pb.Event{WallTime: 1.5, What: &pb.Event_FileVersion{FileVersion: []byte("brain.Event:2")}}},
		{"graph", Graph(2, []byte("g")), &pb.Event{WallTime: 2, What: &pb.Event_GraphDef{GraphDef: []byte("g")}}},
		{"session", Session(2, 7, SessionStart), &pb.Event{WallTime: 2, Step: 7, What: &pb.Event_SessionLog{SessionLog: &pb.SessionLog{Status: pb.SessionLog_START}}}},
		{"summary", Summary(2, -3, Scalar("a", 1.5), Double("b", 2.5), Text("t", "x", "y"), HParams("h", []byte("c"))),
			&pb.Event{WallTime: 2, Step: -3, What: &pb.Event_Summary{Summary: &pb.Summary{Value: []*pb.Summary_Value{
				{Tag: []byte("a"), Value: &pb.Summary_Value_SimpleValue{SimpleValue: 1.5}},
				{Tag: []byte("b"), Metadata: scalars, Value: &pb.Summary_Value_Tensor{Tensor: Encode(&pb.TensorProto{
					Dtype: pb.DataType_DT_DOUBLE, TensorShape: &pb.TensorShapeProto{}, TensorContent: []byte("\x00\x00\x00\x00\x00\x00\x04@")})}},
				{Tag: []byte("t"), Metadata: text, Value: &pb.Summary_Value_Tensor{Tensor: Encode(&pb.TensorProto{
					Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("x"), []byte("y")},
					TensorShape: &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{Size: 2}}}})}},
				{Tag: []byte("h"), Metadata: hparams},
			}}}}},
	} {
		got := new(pb.Event)
		if err := proto.Unmarshal(c.got, got); err != nil || !proto.Equal(got, c.want) {
			t.Errorf("%s: %v\nnot %v (%v)", c.name, got, c.want, err)
		}
		if p := Protos(c.want); len(p) != 1 || !proto.Equal(decoded(t, p[0]), c.want) {
			t.Errorf("%s: %q", c.name, p)
		}
	}
}

func decoded(t *testing.T, e Event) *pb.Event {
	t.Helper()
	m := new(pb.Event)
	if err := proto.Unmarshal(e, m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLogdir(t *testing.T) {
	dir := Logdir(t, Tree{"a/b/tfevents": Curve("loss", 3), "empty": nil})
	content, err := os.ReadFile(filepath.Join(dir, "a", "b", "tfevents"))
	if err != nil {
		t.Fatal(err)
	}
	r := tfrecord.NewReader(bytes.NewReader(content), int64(len(content)), tfrecord.Options{})
	for i := range 4 {
		payload, err := r.Next()
		if err != nil || i > 0 && decoded(t, payload).Step != int64(i-1) {
			t.Fatal(i, err)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "empty")); err != nil || info.Size() != 0 {
		t.Error(info, err)
	}
}
