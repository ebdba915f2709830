package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
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

// TestNamedOthers: a file that was named and is no event file is an error of each
// verb that reads events, and nothing is written.
func TestNamedOthers(t *testing.T) {
	example := []byte("\x0a\x0f\x0a\x0d\x0a\x01a\x12\x08\x12\x06\x0a\x04\x00\x00\x80\x3f")
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"lfs":     []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("4d", 32) + "\nsize 12345\n"),
		"page":    []byte("<!DOCTYPE html><html><head><title>x</title></head></html>"),
		"table":   []byte("PAR1" + strings.Repeat("\x00", 200) + "PAR1"),
		"data":    eventfiletest.File(example, example),
		"r/curve": eventfiletest.Curve("loss", 3),
	})
	out := filepath.Join(t.TempDir(), "out.csv")
	for name, what := range map[string]string{
		"lfs": "a Git LFS pointer (git lfs pull fetches the file)", "page": "an HTML page", "table": "a Parquet file",
		"data": "a TFRecord data set of tf.train.Examples",
	} {
		path := filepath.Join(dir, name)
		want := fmt.Sprintf("tbexport: error: %s: not an event file: %s\n", path, what)
		for _, args := range [][]string{
			{"csv", path, "-o", out}, {"csv", filepath.Join(dir, "r", "curve"), path, "-o", out}, {"parquet", path, "-o", out + ".parquet"}, {"ls", path},
			{"show", path}, {"runs", path}, {"mlflow", path, "--dry-run"},
		} {
			if o := call(args...); o.status != statusFailed || o.err != want || o.stdout != "" {
				t.Errorf("%q: %+v", args, o)
			}
		}
	}
	if names := entries(t, filepath.Dir(out)); len(names) > 0 {
		t.Errorf("written: %q", names)
	}
	data := filepath.Join(dir, "data")
	for _, c := range []struct{ verb, want string }{
		{"verify", data + ": a TFRecord data set of tf.train.Examples: its records were checked, which are no events\n1 run, 1 file, 2 records in 66 B: 0 torn, 0 damaged"},
		{"dump", `{"file":"` + data + `","offset":0,"length":33,"record":"a TFRecord data set of tf.train.Examples"}` + "\n"},
	} {
		if o := mustCall(t, c.verb, data); !strings.HasPrefix(o.stdout, c.want) {
			t.Errorf("%s: %q", c.verb, o.stdout)
		}
	}
	repaired := filepath.Join(t.TempDir(), "repaired")
	mustCall(t, "repair", data, "-o", repaired)
	if !bytes.Equal(mustRead(t, filepath.Join(repaired, "data")), mustRead(t, data)) {
		t.Error("the repaired data set is another")
	}
	damaged := bytes.Clone(mustRead(t, data))
	damaged[14] ^= 1
	mustWrite(t, data, damaged)
	o := call("verify", data)
	if o.status != statusLost || strings.Contains(o.stdout, "step") || !strings.Contains(o.stdout, data+": offset 0: data CRC, 33 bytes unreadable\n") {
		t.Errorf("damaged: %+v", o)
	}
}

// TestOthersInTrees: a file of a tree that is no event file is told, and everything
// else goes on.
func TestOthersInTrees(t *testing.T) {
	curve := eventfiletest.Curve("loss", 100)
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{
		"a/events.out.tfevents.0.gz": gzipped(t, curve), "a/events.out.tfevents.1": curve, "b/events.out.tfevents.1": curve,
	})
	told := filepath.Join(dir, "a", "events.out.tfevents.0.gz") + ": not an event file: gzip data (gunzip makes the file of it)"
	for _, c := range []struct{ args, want string }{
		{"csv", "200 points"}, {"jsonl", "200 points"}, {"ls", "200 points of 2 runs"}, {"runs", "200 points"}, {"show", ""},
		{"mlflow --dry-run", "200 points"}, {"verify", "3 files, 202 records"}, {"repair -o " + filepath.Join(t.TempDir(), "out"), "202 records"},
	} {
		o := call(append(strings.Fields(c.args), dir)...)
		if o.status != statusLost || !strings.Contains(o.stdout+o.err, told) || !strings.Contains(o.stdout+o.err, c.want) {
			t.Errorf("%s: status %d, %s", c.args, o.status, o.err)
		}
	}
}

// TestMisframed reads files whose every record is framed wrongly: that is status 3,
// and 0 where CRCs are not asked for.
func TestMisframed(t *testing.T) {
	curve := eventfiletest.Curve("loss", 100)
	wrong := bytes.Clone(curve)
	for at := 0; at < len(curve); {
		at += 16 + int(curve[at]) // its payloads are short
		clear(wrong[at-4 : at])
	}
	dir := eventfiletest.Logdir(t, eventfiletest.Tree{"r/events.out.tfevents.1": wrong})
	sound := mustCall(t, "csv", eventfiletest.Logdir(t, eventfiletest.Tree{"r/events.out.tfevents.1": curve}))
	told := filepath.Join(dir, "r", "events.out.tfevents.1") + ": the writer of this file framed every record wrongly: zeros in place of its CRCs"
	repaired := filepath.Join(t.TempDir(), "repaired")
	for _, args := range []string{"csv", "jsonl", "ls", "runs", "show", "mlflow --dry-run", "verify", "dump", "repair -o " + repaired} {
		o := call(append(strings.Fields(args), dir)...)
		if o.status != statusLost || args != "dump" && strings.Count(o.stdout+o.err, told) != 1 {
			t.Errorf("%s: status %d, %s", args, o.status, o.err)
		}
		if args == "csv" && o.stdout != sound.stdout {
			t.Errorf("other points: %s", o.stdout)
		}
		if strings.HasPrefix(args, "repair") {
			args += "-all"
		}
		mustCall(t, append(strings.Fields(args), dir, "--ignore-crc")...)
	}
	mustCall(t, "csv", dir, "--no-verify")
	if !bytes.Equal(mustRead(t, filepath.Join(repaired, "r", "events.out.tfevents.1")), curve) {
		t.Error("the repaired file is another")
	}
	if o := call("csv", dir, "--strict"); o.status != statusFailed || !strings.Contains(o.err, told) {
		t.Errorf("strict: %+v", o)
	}
}
