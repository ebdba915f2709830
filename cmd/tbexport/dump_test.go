package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	pb "tbexport/proto"
)

// dumped is the lines of dump, each as what JSON makes of it.
func dumped(t *testing.T, args ...string) (lines []map[string]any) {
	t.Helper()
	o := call(append([]string{"dump"}, args...)...)
	for _, text := range strings.Split(strings.TrimSpace(o.stdout), "\n") {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestDumpCoversFiles: events and damage lie behind each other, without a gap,
// from the beginning of each file to its end.
func TestDumpCoversFiles(t *testing.T) {
	ends := make(map[string]float64)
	for _, dir := range []string{"logs", "damaged"} {
		for _, line := range dumped(t, testdata(t, dir)) {
			file := line["file"].(string)
			if line["error"] != nil || line["damage"] == "undecodable value" {
				continue
			}
			if line["offset"].(float64) != ends[file] {
				t.Errorf("%s: %v follows offset %v", file, line, ends[file])
			}
			ends[file] += line["length"].(float64)
		}
	}
	for file, end := range ends {
		if size := float64(len(mustRead(t, file))); size != end {
			t.Errorf("%s: of %v bytes, %v are accounted for", file, size, end)
		}
	}
	if len(ends) < 100 {
		t.Errorf("%d files only", len(ends))
	}
}

// TestDumpAgreesWithExport: the values of dump are those of the export.
func TestDumpAgreesWithExport(t *testing.T) {
	dir := testdata(t, "logs", "sample", "keras")
	var got, want []string
	for _, line := range dumped(t, dir) {
		values, _ := line["values"].([]any)
		for _, v := range values {
			v := v.(map[string]any)
			if v["value"] != nil {
				got = append(got, fmt.Sprint(v["tag"], line["step"], line["wall_time"], v["value"]))
			}
		}
	}
	for _, text := range strings.Split(strings.TrimSpace(mustCall(t, "jsonl", dir).stdout), "\n") {
		var row map[string]any
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint(row["tag"], row["step"], row["wall_time"], row["value"]))
	}
	seen := make(map[string]int)
	for _, row := range got {
		seen[row]++
	}
	for _, row := range want {
		if seen[row]--; seen[row] < 0 {
			t.Fatalf("dump lacks %s", row)
		}
	}
	if len(got) != len(want) || len(got) == 0 {
		t.Errorf("%d values, exported are %d", len(got), len(want))
	}
}

func TestDumpTensor(t *testing.T) {
	shape := &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dim{{Size: 2}}}
	png := []byte("\x89PNG\xff")
	for _, c := range []struct {
		tensor *pb.TensorProto
		full   bool
		want   string
	}{
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorShape: shape, FloatVal: []float32{1, 2}}, false,
			`{"dtype":"float32","shape":[2],"elements":2,"first":[1,2]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2, 3, 4, 5, 6}}, false,
			`{"dtype":"float64","shape":[],"elements":6,"first":[1,2,3,4,5]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, DoubleVal: []float64{1, 2, 3, 4, 5, 6}}, true,
			`{"dtype":"float64","shape":[],"elements":6,"all":[1,2,3,4,5,6]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_HALF, HalfVal: []int32{0x3c00}}, false, `{"dtype":"float16","shape":[],"elements":1,"first":[1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BFLOAT16, TensorContent: []byte{0x80, 0x3f}}, false, `{"dtype":"bfloat16","shape":[],"elements":1,"first":[1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_FLOAT, TensorContent: []byte{0, 0, 0xc0, 0x7f}}, false, `{"dtype":"float32","shape":[],"elements":1,"first":["NaN"]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_DOUBLE, TensorContent: []byte{0, 0, 0, 0, 0, 0, 0xf0, 0xbf}}, false, `{"dtype":"float64","shape":[],"elements":1,"first":[-1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, Int64Val: []int64{1<<63 - 1}}, false, `{"dtype":"int64","shape":[],"elements":1,"first":[9223372036854775807]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT64, TensorContent: bytes.Repeat([]byte{0xff}, 8)}, false, `{"dtype":"int64","shape":[],"elements":1,"first":[-1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, TensorContent: bytes.Repeat([]byte{0xff}, 8)}, false, `{"dtype":"uint64","shape":[],"elements":1,"first":[18446744073709551615]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT64, Uint64Val: []uint64{7}}, false, `{"dtype":"uint64","shape":[],"elements":1,"first":[7]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_UINT32, Uint32Val: []uint32{7}}, false, `{"dtype":"uint32","shape":[],"elements":1,"first":[7]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT8, TensorContent: []byte{0xff, 1}}, false, `{"dtype":"int8","shape":[],"elements":2,"first":[-1,1]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_INT16, IntVal: []int32{-3}}, false, `{"dtype":"int16","shape":[],"elements":1,"first":[-3]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, BoolVal: []bool{true}}, false, `{"dtype":"bool","shape":[],"elements":1,"first":[true]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_BOOL, TensorContent: []byte{1, 0}}, false, `{"dtype":"bool","shape":[],"elements":2,"first":[true,false]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{[]byte("a"), png}}, false,
			`{"dtype":"string","shape":[],"elements":2,"first":["a",{"bytes":5}]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{png}}, true,
			`{"dtype":"string","shape":[],"elements":1,"all":[{"base64":"` + base64.StdEncoding.EncodeToString(png) + `","bytes":5}]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_STRING, StringVal: [][]byte{bytes.Repeat([]byte("é"), 101)}}, false,
			`{"dtype":"string","shape":[],"elements":1,"first":["` + strings.Repeat("é", 100) + `..."]}`},
		{&pb.TensorProto{Dtype: pb.DataType_DT_COMPLEX64, TensorContent: make([]byte, 8)}, false, `{"dtype":"complex64","shape":[],"elements":0}`},
		{&pb.TensorProto{}, false, `{"dtype":"","shape":[],"elements":0}`},
	} {
		text, err := json.Marshal(newDumpTensor(c.tensor, c.full))
		if err != nil || string(text) != c.want {
			t.Errorf("%v: got %s, want %s; %v", c.tensor, text, c.want, err)
		}
	}
}

// TestDumpFields: what is broken is shown as far as it goes.
func TestDumpFields(t *testing.T) {
	image := newDumpImage([]byte("\x08\x04\x10\x03\x22\x02ab\x22\x7f"), true)
	if image.Height != 4 || image.Width != 3 || image.Bytes != 2 || string(image.Encoded) != "ab" {
		t.Errorf("image: %+v", image)
	}
	audio := newDumpAudio([]byte("\x0d\x00\x00\xfa\x45\x10\x01\x18\x05\x22\x02ab\x2a\x09audio/wav"), true)
	if audio.SampleRate != 8000 || audio.Channels != 1 || audio.Frames != 5 || audio.Type != "audio/wav" || string(audio.Encoded) != "ab" {
		t.Errorf("audio: %+v", audio)
	}
	one := "\x00\x00\x00\x00\x00\x00\xf0\x3f"
	histogram := newDumpHistogram([]byte("\x09"+one+"\x11"+one+"\x19"+one+"\x32\x08"+one+"\x3a\x08"+one+"\x39"+one), true)
	if histogram.Min != 1 || histogram.Max != 1 || histogram.Num != 1 || histogram.Buckets != 2 || len(histogram.Limits) != 1 || histogram.Counts[1] != 1 {
		t.Errorf("histogram: %+v", histogram)
	}
}
