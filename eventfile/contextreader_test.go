package eventfile_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"tbexport/eventfile"
)

// ending is a file that is read until its context ends, which the reading does.
type ending struct {
	eventfile.File
	cancel     context.CancelFunc
	left       int // reads until then
	afterwards int // reads after it
}

func (f *ending) ReadAt(b []byte, offset int64) (int, error) {
	if f.left--; f.left == 0 {
		f.cancel()
	} else if f.left < 0 {
		f.afterwards++
	}
	return f.File.ReadAt(b, offset)
}

// TestResetHearsItsContext: a search for something to read in a file of nothing ends with the context, and says no more
// than that.
func TestResetHearsItsContext(t *testing.T) {
	odd := bytes.Repeat([]byte("no record at all"), 1<<20)
	for left := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		f := &ending{File: open(t, odd), cancel: cancel, left: left + 1}
		r := eventfile.NewReader(eventfile.ReaderOptions{OtherRecords: true})
		r.Reset(ctx, "odd", f)
		_, err := r.Next()
		if ctx.Err() == nil {
			t.Fatalf("16 MB were searched in %d reads", left-f.left)
		}
		if !errors.Is(err, context.Canceled) || f.afterwards > 0 || r.Stats().Other != "" {
			t.Errorf("after %d reads: %v, %d more reads, %+v", left+1, err, f.afterwards, r.Stats())
		}
	}
}
