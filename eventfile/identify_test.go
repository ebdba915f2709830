package eventfile_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tbexport/eventfile"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/internal/runtest"
	"tbexport/eventfile/memstore"
	"tbexport/eventfile/tfrecord"
)

// What lies in logdirs and is no event file.
var (
	lfsPointer = []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("4d", 32) + "\nsize 12345\n")
	webPage    = []byte("<!DOCTYPE html><html><head><title>x</title></head></html>")
	example    = []byte("\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f")
	examples   = eventfiletest.File(slices.Repeat([][]byte{example}, 10)...)
	curve      = eventfiletest.Curve("loss", 100)
)

func gzipped(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}

// zipped is an archive of a file that is not compressed.
func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "tfevents", Method: zip.Store})
	if err == nil {
		_, err = f.Write(content)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "tfevents", Size: int64(len(content)), Mode: 0o644, Format: tar.FormatUSTAR})
	if err == nil {
		_, err = w.Write(content)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// files is a store of files in memory, all in one run.
func files(t *testing.T, contents ...[]byte) (*memstore.Store, eventfile.Run) {
	t.Helper()
	s := new(memstore.Store)
	for i, c := range contents {
		s.Write(fmt.Sprintf("run/tfevents.%d", i), c, time.Unix(1700000000, 0))
	}
	runs, _, err := s.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, runs[0]
}

// TestNotEventFiles calls what is no event file what it is, and reads the others of
// its run.
func TestNotEventFiles(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		what    string // empty: it is read
	}{
		{"Git LFS pointer", lfsPointer, "a Git LFS pointer (git lfs pull fetches the file)"},
		{"web page", webPage, "an HTML page"},
		{"gzip", gzipped(curve), "gzip data (gunzip makes the file of it)"},
		{"Parquet", []byte("PAR1" + strings.Repeat("\x00", 200) + "PAR1"), "a Parquet file"},
		{"zip of event files", zipped(t, curve), "a zip archive (unzip makes the files of it)"},
		{"tar of event files", tarred(t, curve), "a tar archive (tar -xf makes the files of it)"},
		{"data set", examples, "a TFRecord data set of tf.train.Examples"},
		{"raw records", eventfiletest.File([]byte("a"), []byte("b")), "a TFRecord file of records that are no events"},
		{"text and then events", append([]byte("# a comment, and the curve:\n"), curve...), ""},
		{"an example and then events", append(eventfiletest.File(example), curve...), ""},
		{"events without wall times", eventfiletest.File(eventfiletest.Summary(0, 1, eventfiletest.Scalar("a", 1))), ""},
		{"nothing", nil, ""},
		{"a few bytes", []byte("\x18\x00\x00"), ""},
		{"zeros", make([]byte, 5000), ""},
		{"garbage", []byte("\x00\x01\x02\x03\xff\xfe\xfd" + strings.Repeat("\x80\x90", 50)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, run := files(t, c.content, curve)
			stats, err := eventfile.NewWalker(store, eventfile.WalkOptions{}).Walk(t.Context(), run)
			if err != nil || stats.Files[1].Records != 101 || stats.Files[1].Lost() {
				t.Fatalf("%v; the other file: %+v", err, stats.Files[1])
			}
			check := eventfile.Check(t.Context(), store, run.Files[0])
			f := stats.Files[0]
			var other *eventfile.NotEventFileError
			switch isOther := errors.As(f.Err, &other); {
			case c.what == "":
				if f.Err != nil || check != nil {
					t.Errorf("%v, %v", f.Err, check)
				}
				accounted(t, f)
			case !isOther || other.What != c.what || other.Path != f.Path || !errors.As(check, &other) || other.What != c.what:
				t.Errorf("%v, %v", f.Err, check)
			case f.Records != 0 || len(f.Damage) > 0 || !f.Lost():
				t.Errorf("%+v", f)
			}
			_, err = eventfile.NewWalker(store, eventfile.WalkOptions{Strict: true}).Walk(t.Context(), run)
			if (err != nil) != (f.Err != nil || c.what == "" && f.Lost()) {
				t.Errorf("strict: %v", err)
			}
		})
	}
	if err := eventfile.Check(t.Context(), new(memstore.Store), "missing"); err != nil {
		t.Error(err)
	}
}

// TestOtherRecords reads data sets record by record, where that is wanted, and tells
// of no steps.
func TestOtherRecords(t *testing.T) {
	damaged := slices.Clone(examples)
	damaged[5*len(examples)/10+14] ^= 1
	for _, c := range []struct {
		content       []byte
		what          string
		records, lost int
	}{
		{examples, "a TFRecord data set of tf.train.Examples", 10, 0},
		{damaged, "a TFRecord data set of tf.train.Examples", 9, 1},
		{eventfiletest.File([]byte("raw"), []byte("\xff\xff")), "a TFRecord file of records that are no events", 2, 0},
		{curve, "", 101, 0},
	} {
		r := eventfile.NewReader(eventfile.ReaderOptions{OtherRecords: true})
		r.Reset(t.Context(), "f", open(t, c.content))
		records, lost := 0, 0
		for e, err := range r.Events() {
			var d *eventfile.Damage
			switch {
			case errors.As(err, &d):
				lost++
			case err != nil:
				t.Fatal(err)
			case len(e.Raw()) == 0:
				t.Error("an event of no bytes")
			default:
				records++
			}
		}
		for _, d := range r.Stats().Damage {
			if d.Before != nil || d.After != nil {
				t.Errorf("steps: %+v", d)
			}
		}
		if r.Stats().Other != c.what || records != c.records || lost != c.lost || r.Stats().Err != nil {
			t.Errorf("%+v: %d records, %d lost", r.Stats(), records, lost)
		}
		accounted(t, r.Stats())
	}
	r := eventfile.NewReader(eventfile.ReaderOptions{OtherRecords: true})
	r.Reset(t.Context(), "f", open(t, webPage))
	if _, err := r.Next(); err == nil || err.Error() != "f: not an event file: an HTML page" {
		t.Error(err)
	}
}

// misframed frames the payloads of the curve in a wrong way.
func misframed(order binary.AppendByteOrder, slack int, lengthCRC, dataCRC func([]byte) uint32) (file []byte) {
	r := tfrecord.NewReader(bytes.NewReader(curve), int64(len(curve)), tfrecord.Options{})
	for {
		payload, err := r.Next()
		if err == io.EOF {
			return file
		}
		length := order.AppendUint64(nil, uint64(len(payload)))
		body := append(slices.Clone(payload), bytes.Repeat([]byte{0xee}, slack)...)
		file = append(file, length...)
		file = binary.LittleEndian.AppendUint32(file, lengthCRC(length))
		file = append(file, body...)
		file = binary.LittleEndian.AppendUint32(file, dataCRC(body))
	}
}

func zero([]byte) uint32 { return 0 }

func wrong(b []byte) uint32 { return tfrecord.MaskedCRC(b) ^ 0x5a5a }

// TestMisframedFiles reads every event of writers that frame wrongly throughout.
func TestMisframedFiles(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		framing tfrecord.Framing
	}{
		{"data CRCs of zero", misframed(binary.LittleEndian, 0, tfrecord.MaskedCRC, zero), tfrecord.ZeroCRCs},
		{"CRCs of zero", misframed(binary.LittleEndian, 0, zero, zero), tfrecord.ZeroCRCs},
		{"wrong CRCs", misframed(binary.LittleEndian, 0, wrong, wrong), tfrecord.WrongCRCs},
		{"big-endian lengths", misframed(binary.BigEndian, 0, wrong, wrong), tfrecord.SwappedLengths},
		{"slack", misframed(binary.LittleEndian, 30, tfrecord.MaskedCRC, tfrecord.MaskedCRC), tfrecord.Slack},
		{"slack and wrong CRCs", misframed(binary.LittleEndian, 30, tfrecord.MaskedCRC, wrong), tfrecord.UnprovenSlack},
		{"a torn tail", misframed(binary.LittleEndian, 0, zero, zero)[:5000], tfrecord.ZeroCRCs},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, run := files(t, c.content)
			want := min(101, len(c.content)/45) // of the torn one, nearly
			for _, skip := range []bool{false, true} {
				r := runtest.NewReaderOf(store, runtest.Options{WalkOptions: eventfile.WalkOptions{SkipDataCRC: skip, Resumable: true}})
				if err := r.Open(t.Context(), run); err != nil {
					t.Fatal(err)
				}
				f := r.Stats.Files[0]
				if f.Framing != c.framing || f.Unproven == skip || f.Lost() == skip || f.Err != nil {
					t.Errorf("%+v", f)
				}
				points := int64(0)
				for _, chunk := range runtest.Drain(t, r.Series) {
					for i, step := range chunk.Steps {
						if step != points || chunk.Values[i] != float64(1/float32(step+1)) {
							t.Fatalf("point %d: step %d, %v", points, step, chunk.Values[i])
						}
						points++
					}
				}
				if f.Records != points+1 || points < int64(want)-1 || c.name != "a torn tail" && points != 100 {
					t.Errorf("%d records, %d points, not %d", f.Records, points, want-1)
				}
				accounted(t, f)
			}
			var framing *eventfile.FramingError
			_, err := eventfile.NewWalker(store, eventfile.WalkOptions{Strict: true}).Walk(t.Context(), run)
			if !errors.As(err, &framing) || framing.Framing != c.framing {
				t.Errorf("strict: %v", err)
			}
			if _, err = eventfile.NewWalker(store, eventfile.WalkOptions{Strict: true, SkipDataCRC: true}).Walk(t.Context(), run); err != nil {
				t.Errorf("strict without CRCs: %v", err)
			}
		})
	}
}

// TestMisframedGrows goes on in such a file from where it was.
func TestMisframedGrows(t *testing.T) {
	for _, content := range [][]byte{misframed(binary.LittleEndian, 0, zero, zero), misframed(binary.LittleEndian, 30, tfrecord.MaskedCRC, tfrecord.MaskedCRC)} {
		store, run := files(t, content[:len(content)/2])
		w := eventfile.NewWalker(store, eventfile.WalkOptions{Resumable: true})
		before, err := w.Walk(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		store.Write(run.Files[0], content, time.Unix(1700000001, 0))
		after, err := w.Continue(t.Context(), w.State(), run)
		if err != nil || before.Points >= 100 || before.Points < 40 || after.Points != 100 || len(after.Files[0].Damage) > 0 {
			t.Errorf("%d points, then %d; %v", before.Points, after.Points, err)
		}
	}
}

// TestMisframedValues reads values again from such a file.
func TestMisframedValues(t *testing.T) {
	for _, content := range [][]byte{misframed(binary.BigEndian, 0, zero, zero), misframed(binary.LittleEndian, 30, tfrecord.MaskedCRC, tfrecord.MaskedCRC)} {
		store, run := files(t, content, curve)
		values := eventfile.NewValueReader(store)
		for _, path := range run.Files {
			f, err := store.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			r := eventfile.NewReader(eventfile.ReaderOptions{})
			r.Reset(t.Context(), path, f)
			for e, err := range r.Events() {
				if err != nil {
					t.Fatal(err)
				}
				again, err := values.Event(t.Context(), eventfile.Place{Path: path, Offset: r.Offset()})
				if err != nil || !bytes.Equal(again.Raw(), e.Raw()) {
					t.Fatalf("offset %d: %v", r.Offset(), err)
				}
			}
		}
		if err := values.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDamagedIsNotMisframed: a file that was damaged is read as ever, whatever
// happened to it.
func TestDamagedIsNotMisframed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		content := slices.Clone(curve)
		for range 1 + rnd.IntN(8) {
			at := rnd.IntN(len(content))
			if rnd.IntN(2) == 0 {
				at = rnd.IntN(60) // of the first record
			}
			switch rnd.IntN(4) {
			case 0:
				content[at] ^= 1 << rnd.IntN(8)
			case 1:
				content = slices.Delete(content, at, min(len(content), at+rnd.IntN(50)))
			case 2:
				content = slices.Insert(content, at, content[:rnd.IntN(50)]...)
			case 3:
				clear(content[at:min(len(content), at+rnd.IntN(50))])
			}
		}
		r := eventfile.NewReader(eventfile.ReaderOptions{})
		r.Reset(t.Context(), "f", open(t, content))
		strict := tfrecord.NewReader(bytes.NewReader(content), int64(len(content)), tfrecord.Options{})
		for {
			payload, want := strict.Next()
			e, got := r.Next()
			var damage *tfrecord.Damage
			var lost *eventfile.Damage
			switch {
			case want == nil && got == nil && bytes.Equal(e.Raw(), payload):
			case want == nil && errors.As(got, &lost) && lost.Cause == eventfile.CauseEvent:
			case errors.As(want, &damage) && errors.As(got, &lost) && lost.Offset == damage.Offset && lost.Bytes == damage.Bytes:
			case want == io.EOF && got == io.EOF:
			default:
				t.Fatalf("%d: %v, not %v", i, got, want)
			}
			if want == io.EOF {
				break
			}
		}
		if r.Stats().Framing != tfrecord.Sound || r.Stats().Unproven {
			t.Fatalf("%d: %v", i, r.Stats().Framing)
		}
	}
}
