package convert

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
)

// chunks gives n chunks, and err after them if there is one.
func chunks(n int, err error) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		for i := range n {
			if !yield(&Chunk{Tag: fmt.Sprint(i), Steps: []int64{int64(i)}}, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// TestShare gives every reader all chunks, each to all readers before the next.
func TestShare(t *testing.T) {
	var got []string
	reader := func(name string, most int) func(*Input) error {
		return func(in *Input) error {
			for range 2 { // the second range goes on after the first
				n := 0
				for c, err := range in.Series() {
					if err != nil {
						return err
					}
					got = append(got, name+c.Tag)
					if n++; n == most {
						break
					}
				}
			}
			got = append(got, name+"end")
			return nil
		}
	}
	in := &Input{series: chunks(4, nil)}
	none := func(*Input) error { got = append(got, "none"); return nil }
	if err := Share(in, reader("a", -1), none, reader("b", 1), reader("c", 3)); err != nil {
		t.Fatal(err)
	}
	want := []string{"none", "a0", "b0", "c0", "a1", "b1", "bend", "c1", "a2", "c2", "a3", "c3", "aend", "cend"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := Share(&Input{}); err != nil {
		t.Error(err)
	}
}

// TestShareFails ends all readers with the first error, and none as if it had seen all.
func TestShareFails(t *testing.T) {
	broken, full := errors.New("broken"), errors.New("full")
	count := func(n *int, at int) func(*Input) error {
		return func(in *Input) error {
			for _, err := range in.Series() {
				if err != nil {
					return err
				}
				if *n++; *n == at {
					return full
				}
			}
			*n = -1
			return nil
		}
	}
	var a, b int
	if err := Share(&Input{series: chunks(3, broken)}, count(&a, 0), count(&b, 0)); err != broken || a != 3 || b != 3 {
		t.Errorf("the series fails: %v, %d, %d", err, a, b)
	}
	a, b = 0, 0
	if err := Share(&Input{series: chunks(3, nil)}, count(&a, 0), count(&b, 2)); err != full || a != 2 || b != 2 {
		t.Errorf("a reader fails: %v, %d, %d", err, a, b)
	}
}
