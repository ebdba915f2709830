package convert

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/memstore"
	"tbexport/eventfile/storetest"
)

// followText reads with a follower and gives what there is as text.
func followText(t *testing.T, store *storetest.Counter, f *Follower) string {
	t.Helper()
	runs, _, err := store.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	report, err := f.Each(t.Context(), runs, func(_ context.Context, in *Input) error {
		for c, err := range in.Series() {
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%s %s %v ", in.Run.Name, c.Tag, c.Steps)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// A reading of all must say the same.
	whole, err := Each(t.Context(), runs, Options{Store: store.Store}, func(_ context.Context, in *Input) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%+v", report.Totals()), fmt.Sprintf("%+v", whole.Totals()); got != want {
		t.Errorf("counted %s, not %s", got, want)
	}
	return b.String()
}

func TestFollower(t *testing.T) {
	files := new(memstore.Store)
	store := &storetest.Counter{Store: files}
	f := NewFollower(Options{Store: store, Jobs: 2})
	put := func(name string, events ...[]byte) { files.Write(name, slices.Concat(events...), time.Time{}) }
	at := func(steps ...int64) (file []byte) {
		for _, step := range steps {
			file = append(file, eventfiletest.File(eventfiletest.Summary(1.7e9, step, eventfiletest.Scalar("loss", 1)))...)
		}
		return file
	}
	head := eventfiletest.File(eventfiletest.Version(1.7e9))
	put("a/tfevents.1", head, at(1, 2))
	put("b/tfevents.1", head, at(1))
	for _, c := range []struct {
		name string
		do   func()
		want string
		most int64 // bytes that are read, with 128 of each file that was read before
	}{
		{"at first", func() {}, "a loss [1 2] b loss [1] ", 1000},
		{"nothing new", func() {}, "a loss [1 2] b loss [1] ", 2 * 128},
		{"a run grows", func() { put("b/tfevents.1", head, at(1, 2)) }, "a loss [1 2] b loss [1 2] ", 4*128 + int64(len(at(2)))},
		{"a torn tail", func() { put("b/tfevents.1", head, at(1, 2), at(3)[:9]) }, "a loss [1 2] b loss [1 2] ", 4*128 + 20},
		{"made whole", func() { put("b/tfevents.1", head, at(1, 2, 3)) }, "a loss [1 2] b loss [1 2 3] ", 4*128 + int64(len(at(3)))},
		{"a new file", func() { put("a/tfevents.2", head, at(3)) }, "a loss [1 2 3] b loss [1 2 3] ", 1000},
		{"a new run", func() { put("c/tfevents.1", head, at(7)) }, "a loss [1 2 3] b loss [1 2 3] c loss [7] ", 1000},
		{"a file replaced", func() { put("b/tfevents.1", head, at(5)) }, "a loss [1 2 3] b loss [5] c loss [7] ", 1000},
		{"a run is gone", func() { files.Remove("a/tfevents.1"); files.Remove("a/tfevents.2") }, "b loss [5] c loss [7] ", 2 * 128},
		{"and comes again", func() { put("a/tfevents.1", head, at(1)) }, "a loss [1] b loss [5] c loss [7] ", 1000},
	} {
		c.do()
		store.Reset()
		if got := followText(t, store, f); got != c.want {
			t.Errorf("%s: got %q, not %q", c.name, got, c.want)
		}
		if n := store.Bytes(); n > c.most {
			t.Errorf("%s: %d bytes read", c.name, n)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestFollowerAfterAnError reads anew what was not read to its end.
func TestFollowerAfterAnError(t *testing.T) {
	files := new(memstore.Store)
	files.Write("tfevents.1", eventfiletest.Curve("loss", 3), time.Time{})
	runs, _, err := files.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := NewFollower(Options{Store: files})
	read := func(ctx context.Context) (points int, err error) {
		_, err = f.Each(ctx, runs, func(_ context.Context, in *Input) error {
			for c, err := range in.Series() {
				if err != nil {
					return err
				}
				points += len(c.Steps)
			}
			return nil
		})
		return points, err
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for i, ctx := range []context.Context{t.Context(), ended, t.Context(), t.Context()} {
		points, err := read(ctx)
		if want := ctx.Err(); err != want || err == nil && points != 3 {
			t.Errorf("time %d: %d points, %v", i, points, err)
		}
	}
}
