package eventfile

import (
	"errors"
	"io"
	"testing"

	"tbexport/eventfile/tfrecord"
)

// TestReader reads several files with one Reader and asserts offsets, and what
// stays of a file when the next is opened.
func TestReader(t *testing.T) {
	good := records(t, points(2)...)
	bad := join(good[:31], records(t, []byte("no event")), good[31:])
	run := writeRun(t, "run", bad, good)
	r := NewReader(false)
	if err := r.Close(); err != nil {
		t.Errorf("closing what is not open: %v", err)
	}
	if err := r.Open(run.Files[0]); err != nil {
		t.Fatal(err)
	}
	var offsets []int64
	for {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		var d *Damage
		if !errors.As(err, &d) && (err != nil || e.What != WhatSummary) {
			t.Fatal(e, err)
		}
		offsets = append(offsets, r.Offset())
	}
	if len(offsets) != 3 || offsets[0] != 0 || offsets[1] != 31 || offsets[2] != 31+24 {
		t.Errorf("offsets %v", offsets)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("behind the end: %v", err)
	}
	first := r.Stats()
	if err := r.Open(run.Files[1]); err != nil {
		t.Fatal(err)
	}
	if e, err := r.Next(); err != nil || e.Step != 0 {
		t.Errorf("the next file: %v", err)
	}
	if first.Path != run.Files[0] || first.Records != 2 || len(first.Damage) != 1 || r.Stats().Path != run.Files[1] || r.Stats().Records != 1 {
		t.Errorf("%+v, then %+v", first, r.Stats())
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	if err := r.Open(run.Files[1] + "x"); err == nil || r.Stats().Err != err || r.Stats().Path != run.Files[1]+"x" {
		t.Errorf("a missing file: %v, %+v", err, r.Stats())
	}
}

// TestReaderStaysFailed returns the error of a file again and again.
func TestReaderStaysFailed(t *testing.T) {
	run := writeRun(t, "run", []byte("\x1f\x8b\x08\x00 and what else gzip writes"))
	r := NewReader(false)
	defer r.Close()
	if err := r.Open(run.Files[0]); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := r.Next(); !errors.Is(err, tfrecord.ErrCompressed) {
			t.Errorf("error: %v", err)
		}
	}
}
