package eventfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tfrecord"
	pb "tbexport/proto"
)

// What follows builds events, files of them and runs of these.

func scalarValue(tag string, f float32) *pb.Summary_Value {
	return &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_SimpleValue{SimpleValue: f}}
}

func tensorValue(t *testing.T, tag, plugin string, tensor *pb.TensorProto) *pb.Summary_Value {
	v := &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_Tensor{Tensor: marshal(t, tensor)}}
	if plugin != "" {
		v.Metadata = metadata(plugin)
	}
	return v
}

func metadata(plugin string) *pb.SummaryMetadata {
	return &pb.SummaryMetadata{PluginData: &pb.SummaryMetadata_PluginData{PluginName: []byte(plugin)}}
}

func doubleTensor(f float64) *pb.TensorProto {
	return &pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{f}}
}

func summary(wallTime float64, step int64, values ...*pb.Summary_Value) *pb.Event {
	return &pb.Event{WallTime: wallTime, Step: step, What: &pb.Event_Summary{Summary: &pb.Summary{Value: values}}}
}

func version(text string) *pb.Event {
	return &pb.Event{What: &pb.Event_FileVersion{FileVersion: []byte(text)}}
}

func session(status pb.SessionLog_SessionStatus, step int64) *pb.Event {
	return &pb.Event{Step: step, What: &pb.Event_SessionLog{SessionLog: &pb.SessionLog{Status: status}}}
}

func marshal(t testing.TB, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// records frames payloads, given as events or bytes.
func records(t testing.TB, payloads ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tfrecord.NewWriter(&b)
	for _, p := range payloads {
		raw, ok := p.([]byte)
		if !ok {
			raw = marshal(t, p.(proto.Message))
		}
		if err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// writeRun writes files into a new directory and returns them as a run.
func writeRun(t testing.TB, name string, files ...[]byte) Run {
	t.Helper()
	return writeRunTo(t, t.TempDir(), name, files...)
}

// writeRunTo does so in a directory, over the files of a run before it.
func writeRunTo(t testing.TB, dir, name string, files ...[]byte) Run {
	t.Helper()
	run := Run{Name: name}
	for i, content := range files {
		path := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%010d.host", i))
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		run.Files = append(run.Files, path)
	}
	return run
}

// readAll opens a run and takes all of its chunks, joined series by series in
// the order they came.
func readAll(t testing.TB, o RunOptions, run Run) ([]Chunk, *RunStats) {
	t.Helper()
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	r := NewRunReader(o)
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := r.Open(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	series := drain(t, r)
	return series, r.Stats()
}

func drain(t testing.TB, r *RunReader) (series []Chunk) {
	t.Helper()
	for {
		c, err := r.Next()
		if err == io.EOF {
			return series
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Steps); n == 0 || n != len(c.WallTimes) || n != len(c.Values) {
			t.Fatalf("chunk of %d steps, %d wall times, %d values", n, len(c.WallTimes), len(c.Values))
		}
		if n := len(series); n == 0 || series[n-1].Tag != c.Tag {
			series = append(series, Chunk{Tag: c.Tag, Origin: c.Origin})
		}
		s := &series[len(series)-1]
		if !sameFloat(s.Origin, c.Origin) {
			t.Fatalf("series %q: origin %v, then %v", c.Tag, s.Origin, c.Origin)
		}
		s.Steps = append(s.Steps, c.Steps...)
		s.WallTimes = append(s.WallTimes, c.WallTimes...)
		s.Values = append(s.Values, c.Values...)
	}
}

// text gives series as one line each, for comparison in a test's table.
func text(series []Chunk) (lines string) {
	for _, s := range series {
		lines += fmt.Sprintf("%s:", s.Tag)
		for i := range s.Steps {
			lines += fmt.Sprintf(" %d=%v", s.Steps[i], s.Values[i])
		}
		lines += "\n"
	}
	return lines
}

// logs are the payloads of the first records of each sample file: the others
// are much like them.
func logs(t testing.TB) (payloads [][]byte) {
	t.Helper()
	runs, _, err := Find(Logdir{Path: "../testdata/logs"})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range runs {
		for _, path := range run.Files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := tfrecord.NewReader(bytes.NewReader(b), int64(len(b)), tfrecord.Options{})
			for range 30 {
				p, err := r.Next()
				if err != nil {
					break
				}
				payloads = append(payloads, bytes.Clone(p))
			}
		}
	}
	if len(payloads) < 500 {
		t.Fatalf("only %d records in ../testdata/logs", len(payloads))
	}
	return payloads
}
