package ui

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
)

func newSheet(width int) *Sheet {
	s := &Sheet{Screen: Screen{Width: width, Unicode: true}, Columns: []Column{
		{Head: "run", Floor: 10}, {Head: "size", Right: true, Leave: 2}, {Head: "none"}, {Head: "health"}, {Head: "writer", Floor: 8, Leave: 3},
	}}
	s.Add("experiments/lr=0.1", "1 KiB", "", "ok", "tensorboard")
	s.Add("損失", "17 MiB", "", "torn", "")
	return s
}

func TestSheet(t *testing.T) {
	for width, want := range map[int]string{
		0: `RUN                   SIZE  HEALTH  WRITER
experiments/lr=0.1   1 KiB  ok      tensorboard
損失                17 MiB  torn
`,
		40: `RUN             SIZE  HEALTH  WRITER
experi…/lr=0.1   1 KiB  ok      tensor…d
`,
		30: `RUN           SIZE  HEALTH
exp…/lr=0.1   1 KiB  ok
`,
		20: `RUN         HEALTH
exp…lr=0.1  ok
`,
	} {
		var b bytes.Buffer
		if err := newSheet(width).Write(&b); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		if width == 0 && got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		heads := strings.Fields(strings.Split(want, "\n")[0])
		if first := strings.Fields(strings.Split(got, "\n")[0]); strings.Join(first, " ") != strings.Join(heads, " ") {
			t.Errorf("%d columns: got the heads %q, want %q", width, first, heads)
		}
		for _, line := range strings.Split(got, "\n") {
			if width > 0 && text.StringWidth(line) > width {
				t.Errorf("%d columns instead of %d: %q", text.StringWidth(line), width, line)
			}
		}
	}
}

// TestSheetTooNarrow: there is always something, be it too wide.
func TestSheetTooNarrow(t *testing.T) {
	var b bytes.Buffer
	if err := newSheet(5).Write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "torn") {
		t.Errorf("got %q", b.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

var errBroken = errors.New("broken")

func TestSheetWriteError(t *testing.T) {
	if err := newSheet(80).Write(brokenWriter{}); err != errBroken {
		t.Errorf("got %v", err)
	}
}

// TestSheetWhole: a column that is to be whole is shortened only when all others
// that may be left out have been.
func TestSheetWhole(t *testing.T) {
	for width, want := range map[int]string{
		40: "experiments/lr=0.1  1 KiB  ok  a…r", 30: "experiments/lr=0.1  ok", 12: "exp…0.1  ok",
	} {
		s := &Sheet{Screen: Screen{Width: width, Unicode: true}, Columns: []Column{
			{Head: "a", Floor: 6, Whole: true}, {Head: "b", Leave: 2}, {Head: "c"}, {Head: "d", Floor: 3, Leave: 3},
		}}
		s.Add("experiments/lr=0.1", "1 KiB", "ok", "a-very-long-writer")
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		line := strings.Split(b.String(), "\n")[1]
		if width >= 30 && !strings.HasPrefix(line, "experiments/lr=0.1 ") || !strings.Contains(line, "ok") || text.StringWidth(line) > width {
			t.Errorf("%d columns: got %q, as %q", width, line, want)
		}
	}
}
