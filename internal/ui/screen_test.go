package ui

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
)

func TestLocaleIsUTF8(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "de_DE.UTF-8", true},
		{"", "", "C.utf8", true},
		{"C", "", "de_DE.UTF-8", false},
		{"", "POSIX", "de_DE.UTF-8", false},
		{"", "en_US.UTF-8", "C", true},
		{"", "", "de_DE.ISO-8859-1", false},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_CTYPE", c.ctype)
		t.Setenv("LANG", c.lang)
		if got := localeIsUTF8(); got != c.want {
			t.Errorf("%q %q %q: %v", c.all, c.ctype, c.lang, got)
		}
	}
}

func TestColours(t *testing.T) {
	for mode, want := range map[ColourMode]bool{ColourAuto: false, ColourAlways: true, ColourNever: false} {
		s := NewScreen(new(bytes.Buffer), 0, mode)
		if s.Colour != want {
			t.Errorf("%v: %v", mode, s.Colour)
		}
		painted := s.Paint(Red, "corrupt")
		if want && painted != "\x1b[31mcorrupt\x1b[0m" || !want && painted != "corrupt" {
			t.Errorf("%v: %q", mode, painted)
		}
	}
	if s := (Screen{Colour: true}); s.Paint(Plain, "x") != "x" || s.Paint(Red, "") != "" {
		t.Error("nothing is painted without need")
	}
}

func TestShorten(t *testing.T) {
	unicode, ascii := Screen{Unicode: true}, Screen{}
	for _, c := range []struct {
		screen Screen
		name   string
		width  int
		want   string
	}{
		{unicode, "train/loss", 10, "train/loss"},
		{unicode, "experiments/lr=0.1/train/loss", 16, "exper…train/loss"},
		{ascii, "experiments/lr=0.1/train/loss", 16, "expe..train/loss"},
		{unicode, "損失損失損失損失", 9, "損…失損失"},
		{unicode, "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301…e\u0301e\u0301"},
		{unicode, "abcdef", 2, "ab"},
		{unicode, "abcdef", 0, ""},
	} {
		got := c.screen.Shorten(c.name, c.width)
		if got != c.want || text.StringWidth(got) > c.width {
			t.Errorf("%q to %d: got %q, want %q", c.name, c.width, got, c.want)
		}
	}
}

// TestShortenFits for names of narrow, wide and combining signs.
func TestShortenFits(t *testing.T) {
	signs := []string{"a", "損", "e\u0301", "🙂", "\u0301", "/"}
	for i := range signs {
		name := strings.Repeat(signs[i]+signs[(i+1)%len(signs)], 30)
		for width := range 50 {
			if got := (Screen{Unicode: true}).Shorten(name, width); text.StringWidth(got) > width {
				t.Errorf("%d columns instead of %d: %q", text.StringWidth(got), width, got)
			}
		}
	}
}

// TestShortenVeryLong: of a name of megabytes the ends are shown, as of others.
func TestShortenVeryLong(t *testing.T) {
	s := Screen{Width: 80, Unicode: true}
	for _, sign := range []string{"x", "失", "é"} {
		for _, n := range []int{2000, 1 << 20} {
			name := "begin" + strings.Repeat(sign, n) + "end"
			if got := s.Shorten(name, 20); Width(got) > 20 || !strings.HasPrefix(got, "begin") || !strings.HasSuffix(got, "end") {
				t.Errorf("%d of %s: %q", n, sign, got)
			}
		}
	}
}
