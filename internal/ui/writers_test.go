package ui

import (
	"encoding/json"
	"io"
	"strings"
	"syscall"
	"testing"
)

// TestVisibleText: signs are whole whatever pieces they come in.
func TestVisibleText(t *testing.T) {
	const text = "a,\x1b[2J,\u202eb,\u009b2J,損失\n\"x\ry\"\n"
	const want = `a,\x1b[2J,\u202eb,\u009b2J,損失` + "\n" + `"x\ry"` + "\n"
	for size := 1; size < len(text); size++ {
		var b strings.Builder
		w := VisibleText(&b)
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if got, err := io.WriteString(w, rest[:n]); got != n || err != nil {
				t.Fatal(got, err)
			}
			rest = rest[n:]
		}
		if b.String() != want {
			t.Errorf("in pieces of %d: got %q, want %q", size, b.String(), want)
		}
	}
}

func TestVisibleJSONText(t *testing.T) {
	text, err := json.Marshal("\u202e\u009b損")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := VisibleJSONText(&b).Write(text); err != nil || b.String() != `"\u202e\u009b損"` {
		t.Errorf("got %s, %v", b.String(), err)
	}
}

type closedPipe struct{ writes int }

func (c *closedPipe) Write([]byte) (int, error) {
	c.writes++
	return 0, syscall.EPIPE
}

func TestUntilClosed(t *testing.T) {
	pipe := new(closedPipe)
	w := UntilClosed(pipe)
	for range 3 {
		if n, err := w.Write([]byte("abc")); n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if pipe.writes != 1 {
		t.Errorf("%d writes to a closed pipe", pipe.writes)
	}
	if _, err := UntilClosed(brokenWriter{}).Write(nil); err != errBroken {
		t.Errorf("another error: %v", err)
	}
}
