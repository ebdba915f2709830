// Package build makes events of the generated types, and files of them, for
// tests.
package build

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// Scalar is a value of a simple_value.
func Scalar(tag string, f float32) *pb.Summary_Value {
	return &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: f}}
}

// Tensor is a value of a tensor, with a plugin where one is named.
func Tensor(t testing.TB, tag, plugin string, tensor *pb.TensorProto) *pb.Summary_Value {
	v := &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_Tensor{Tensor: Marshal(t, tensor)}}
	if plugin != "" {
		v.Metadata = Metadata(plugin)
	}
	return v
}

// Metadata names a plugin.
func Metadata(plugin string) *pb.SummaryMetadata {
	return &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte(plugin)}}
}

// Double is a tensor of one float64.
func Double(f float64) *pb.TensorProto {
	return &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{f}}
}

// Summary is an event of values.
func Summary(wallTime float64, step int64, values ...*pb.Summary_Value) *pb.Event {
	return &pb.Event{WallTime: wallTime, Step: step, What: &pb.Event_Summary{Summary: &pb.Summary{Value: values}}}
}

// Version is the event at the beginning of a file.
func Version(text string) *pb.Event {
	return &pb.Event{What: &pb.Event_FileVersion{FileVersion: []byte(text)}}
}

// Session is a session log.
func Session(status pb.SessionLog_SessionStatus, step int64) *pb.Event {
	return &pb.Event{Step: step, What: &pb.Event_SessionLog{SessionLog: &pb.SessionLog{Status: status}}}
}

// Marshal encodes a message.
func Marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// File frames payloads, given as events or bytes.
func File(t testing.TB, payloads ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tfrecord.NewWriter(&b)
	for _, p := range payloads {
		raw, ok := p.([]byte)
		if !ok {
			raw = Marshal(t, p.(proto.Message))
		}
		if err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// Content is a tensor with tensor_content.
func Content(dtype pb.DataType, b ...byte) *pb.TensorProto {
	return &pb.TensorProto{Dtype: dtype, TensorContent: b}
}

// Shaped gives a tensor a shape.
func Shaped(t *pb.TensorProto, sizes ...int64) *pb.TensorProto {
	t.TensorShape = new(pb.TensorShapeProto)
	for _, n := range sizes {
		t.TensorShape.Dim = append(t.TensorShape.Dim, &pb.TensorShapeProto_Dim{Size: n})
	}
	return t
}

// Testdata is a path below the module's testdata.
func Testdata(t testing.TB, path string) string {
	t.Helper()
	for dir := ".."; len(dir) < 20; dir += "/.." {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "testdata", path)
		}
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// Payloads are those of the first records of each sample file: the others are
// much like them.
func Payloads(t testing.TB) (payloads [][]byte) {
	t.Helper()
	err := filepath.WalkDir(Testdata(t, "logs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "tfevents") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r := tfrecord.NewReader(bytes.NewReader(b), int64(len(b)), tfrecord.Options{})
		for range 30 {
			p, err := r.Next()
			if err != nil {
				break
			}
			payloads = append(payloads, bytes.Clone(p))
		}
		return nil
	})
	if err != nil || len(payloads) < 500 {
		t.Fatalf("%d records in testdata/logs, %v", len(payloads), err)
	}
	return payloads
}
