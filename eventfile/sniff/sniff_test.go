package sniff

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/tfrecord"
)

func zipped(t *testing.T, names ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "a", Format: tar.FormatUSTAR}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// visualDLLog is a log of two scalars, as VisualDL writes it.
func visualDLLog() (log []byte) {
	for i := range 2 {
		var value, record []byte
		if i > 0 {
			value = protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(i))
		}
		value = protowire.AppendString(protowire.AppendTag(value, 2, protowire.BytesType), "train/loss")
		value = protowire.AppendVarint(protowire.AppendTag(value, 3, protowire.VarintType), 1700000000000)
		value = protowire.AppendFixed32(protowire.AppendTag(value, 4, protowire.Fixed32Type), 0x3f000000)
		record = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), value)
		log = append(binary.LittleEndian.AppendUint64(log, uint64(len(record))), record...)
	}
	return log
}

func TestFile(t *testing.T) {
	curve := eventfiletest.Curve("loss", 100)
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"an event file", curve, ""},
		{"a torn one", curve[:20], ""},
		{"one that lost its beginning", curve[7:], ""},
		{"nothing", nil, ""},
		{"zeros", make([]byte, 1000), ""},
		{"a few letters", []byte("abc"), ""},
		{"Parquet", []byte("PAR1" + strings.Repeat("\x00", 200) + "PAR1"), "a Parquet file"},
		{"gzip", gzipped(t, curve), "gzip data (gunzip makes the file of it)"},
		{"zip", zipped(t, "readme"), "a zip archive (unzip makes the files of it)"},
		{"empty zip", zipped(t), "a zip archive (unzip makes the files of it)"},
		{"npz", zipped(t, "weights.npy"), "a NumPy archive (npz)"},
		{"torch", zipped(t, "archive/data.pkl", "archive/data/0"), "a PyTorch checkpoint"},
		{"old torch", []byte("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."), "a Python pickle, as older PyTorch checkpoints are"},
		{"bzip2", []byte("BZh91AY&SY\x00\x01\x02"), "bzip2 data (bunzip2 makes the file of it)"},
		{"xz", []byte("\xfd7zXZ\x00\x00\x04"), "xz data (unxz makes the file of it)"},
		{"zstd", []byte("\x28\xb5\x2f\xfd\x04\x00"), "zstd data (unzstd makes the file of it)"},
		{"tar", tarred(t), "a tar archive (tar -xf makes the files of it)"},
		{"LFS", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("4d", 32) + "\nsize 12345\n"),
			"a Git LFS pointer (git lfs pull fetches the file)"},
		{"HTML", []byte("<!DOCTYPE html><html><head><title>x</title></head></html>"), "an HTML page"},
		{"HTML behind a BOM", []byte("\xef\xbb\xbf\n <HTML lang=en>"), "an HTML page"},
		{"XML", []byte(`<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`), "an XML document"},
		{"JSON", []byte("{\n \"a\": 1}"), "JSON"},
		{"JSON array", []byte(`[[1700000000.1, 0, 0.5]]`), "JSON"},
		{"CSV", []byte("Wall time,Step,Value\n1.7e9,0,0.5\n"), "a CSV table"},
		{"TSV", []byte("a\tb\n1\t2\n"), "a table of text with tabs"},
		{"text", []byte("epoch 1: loss 0.5\nepoch 2: loss 0.4\n"), "text"},
		{"text of any language", []byte("損失 0.5"), "text"},
		{"text cut within a letter", []byte(strings.Repeat("é", HeadBytes)), "text"},
		{"Latin-1", []byte("perte moyenne \xe9gale"), ""},
		{"HDF5", []byte("\x89HDF\r\n\x1a\n\x00\x00"), "an HDF5 file, as Keras models and weights are"},
		{"NumPy", []byte("\x93NUMPY\x01\x00"), "a NumPy array"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n\x00"), "a PNG image"},
		{"JPEG", []byte("\xff\xd8\xff\xe0\x00"), "a JPEG image"},
		{"ELF", []byte("\x7fELF\x02\x01"), "a program or library (ELF)"},
		{"SQLite", []byte("SQLite format 3\x00\x10\x00"), "an SQLite database"},
		{"Arrow", []byte("ARROW1\x00\x00\xff\xff"), "an Arrow file"},
		{"VisualDL", visualDLLog(), "a VisualDL log"},
		{"VisualDL, torn", visualDLLog()[:50], "a VisualDL log"},
	} {
		if got := File(c.content[:min(len(c.content), HeadBytes)], int64(len(c.content))); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestPayload(t *testing.T) {
	event := eventfiletest.Version(1.7e9)
	mindSpore := protowire.AppendString(protowire.AppendTag(eventfiletest.Session(1.7e9, 0, 1)[:9:9], 3, protowire.BytesType), "Mindspore.Event:1")
	const dataSet = "a TFRecord data set of tf.train.Examples"
	for _, c := range []struct {
		name    string
		payload string
		want    string
		event   bool
	}{
		{"version", string(event), "", true},
		{"summary", string(eventfiletest.Summary(1.7e9, 5, eventfiletest.Scalar("a", 1))), "", true},
		{"nothing but a wall time", string(event[:9]), "", true},
		{"without a wall time", string(event[9:]), "", false},
		{"an unknown field", string(event) + "\x58\x01", "a TFRecord file of records that are no events", false},
		{"a field of another type", string(event) + "\x12\x01x", "a TFRecord file of records that are no events", false},
		{"cut short", string(event[:len(event)-1]), "a TFRecord file of records that are no events", false},
		{"nothing", "", "a TFRecord file of records that are no events", false},
		{"text", "hello", "a TFRecord file of records that are no events", false},
		{"MindSpore", string(mindSpore), "a MindSpore summary file", true},
		{"an Example", "\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f", dataSet, false},
		{"an Example without features", "\x0a\x00", dataSet, false},
		{"a SequenceExample", "\x0a\x00\x12\x07\x0a\x05\x0a\x01a\x12\x00", "a TFRecord data set of tf.train.SequenceExamples", false},
	} {
		if got := Payload([]byte(c.payload)); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
		if got := IsEvent([]byte(c.payload)); got != c.event {
			t.Errorf("%s: an event: %v", c.name, got)
		}
		if may, want := MayBeEvent([]byte(c.payload)), c.event || c.name == "without a wall time"; may != want {
			t.Errorf("%s: may be an event: %v", c.name, may)
		}
	}
}

// TestSamples: no file of the samples, whole or from any offset on, is taken for
// something else, and every record in them is an event.
func TestSamples(t *testing.T) {
	records := 0
	err := filepath.WalkDir(filepath.Join("..", "..", "testdata", "logs"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "tfevents") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i := range min(len(b), 200) {
			if what := File(b[i:min(len(b), i+HeadBytes)], int64(len(b)-i)); what != "" {
				t.Errorf("%s from %d on: %s", path, i, what)
			}
		}
		for r := tfrecord.NewReader(bytes.NewReader(b), int64(len(b)), tfrecord.Options{}); ; records++ {
			payload, err := r.Next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			// The odd ones are odd on purpose: unknown fields, empty records, no wall times.
			if !strings.Contains(path, "odd") && (!IsEvent(payload) || Payload(payload) != "") {
				t.Errorf("%s: offset %d: %q", path, r.Offset(), Payload(payload))
			}
		}
	})
	if err != nil || records < 500 {
		t.Errorf("%d records, %v", records, err)
	}
}

// FuzzSniff: no bytes make it fail, and no answer is for what IsEvent takes, but
// MindSpore's.
func FuzzSniff(f *testing.F) {
	f.Add(eventfiletest.Curve("loss", 1))
	f.Add(visualDLLog())
	f.Add([]byte("\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f"))
	f.Add([]byte("PK\x03\x04" + strings.Repeat("\xff", 30)))
	f.Fuzz(func(t *testing.T, b []byte) {
		File(b, int64(len(b)))
		if what := Payload(b); IsEvent(b) && what != "" && what != "a MindSpore summary file" || MayBeEvent(b) != (what == "" || what == "a MindSpore summary file") {
			t.Errorf("%q: %q", b, what)
		}
	})
}
