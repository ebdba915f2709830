package eventfile_test

import (
	"errors"
	"io"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/build"
	"tbexport/eventfile/internal/runtest"
)

// open opens a file of bytes.
func open(t *testing.T, content []byte) eventfile.File {
	t.Helper()
	f, err := (&runtest.Memory{Files: map[string][]byte{"f": content}}).Open(t.Context(), "f")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestReader reads several files with one Reader and asserts offsets, and what
// stays of a file when the next is read.
func TestReader(t *testing.T) {
	good := build.File(t, points(2)...)
	bad := join(good[:31], build.File(t, []byte("no event")), good[31:])
	r := eventfile.NewReader(eventfile.ReaderOptions{})
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("without a file: %v", err)
	}
	r.Reset(t.Context(), "bad", open(t, bad))
	var offsets []int64
	for {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		var d *eventfile.Damage
		if !errors.As(err, &d) && (err != nil || e.What != event.WhatSummary) {
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
	r.Reset(t.Context(), "good", open(t, good))
	if e, err := r.Next(); err != nil || e.Step != 0 {
		t.Errorf("the next file: %v", err)
	}
	if first.Path != "bad" || first.Records != 2 || len(first.Damage) != 1 || r.Stats().Path != "good" || r.Stats().Records != 1 {
		t.Errorf("%+v, then %+v", first, r.Stats())
	}
}

// TestEvents: the loop gives damage and goes on, and ends where Next does.
func TestEvents(t *testing.T) {
	good := build.File(t, points(3)...)
	r := eventfile.NewReader(eventfile.ReaderOptions{})
	for name, c := range map[string]struct {
		file             []byte
		events, failures int
	}{
		"whole":      {good, 3, 0},
		"damage":     {join(good[:31], build.File(t, []byte("no event")), good[31:]), 3, 1},
		"torn":       {good[:len(good)-1], 2, 1},
		"empty":      {nil, 0, 0},
		"compressed": {[]byte("\x1f\x8b\x08\x00 and what else gzip writes"), 0, 1},
	} {
		r.Reset(t.Context(), name, open(t, c.file))
		events, failures := 0, 0
		for e, err := range r.Events() {
			if (e == nil) == (err == nil) {
				t.Fatalf("%s: %v, %v", name, e, err)
			}
			if err != nil {
				failures++
			} else {
				events++
			}
		}
		if events != c.events || failures != c.failures {
			t.Errorf("%s: %d events, %d failures", name, events, failures)
		}
	}
}

// TestReaderStaysFailed returns the error of a file again and again.
func TestReaderStaysFailed(t *testing.T) {
	r := eventfile.NewReader(eventfile.ReaderOptions{})
	r.Reset(t.Context(), "gz", open(t, []byte("\x1f\x8b\x08\x00 and what else gzip writes")))
	for range 3 {
		if _, err := r.Next(); err == nil || err.Error() != "gz: not an event file: gzip data (gunzip makes the file of it)" || r.Stats().Err != err {
			t.Errorf("error: %v", err)
		}
	}
}
