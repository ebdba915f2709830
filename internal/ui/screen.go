package ui

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// Screen is what words and pictures are laid out for. The zero Screen is
// boundless, in ASCII, and without colours.
type Screen struct {
	Width   int // columns; 0: as many as it takes
	Height  int // lines; 0: not known
	Colour  bool
	Unicode bool
}

// ColourMode says when there are colours.
type ColourMode uint8

// The modes. ColourAuto has them on a terminal, if neither NO_COLOR nor
// TERM=dumb is in the environment.
const (
	ColourAuto ColourMode = iota
	ColourAlways
	ColourNever
)

// NewScreen is the screen that to is, by the terminal and the environment; a
// width above 0 goes before the terminal's.
func NewScreen(to io.Writer, width int, mode ColourMode) Screen {
	s := Screen{Width: width, Unicode: localeIsUTF8(), Colour: mode == ColourAlways}
	if !IsTerminal(to) {
		return s
	}
	if f, ok := to.(*os.File); ok {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil {
			s.Height = height
			if s.Width == 0 {
				s.Width = width
			}
		}
	}
	if mode == ColourAuto {
		s.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return s
}

// IsTerminal reports whether w is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// localeIsUTF8 follows POSIX: the first of these variables that is set rules.
func localeIsUTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := os.Getenv(name); value != "" {
			value = strings.ToLower(value)
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin"
}

// Ink is a colour or weight: the parameters of a terminal's SGR sequence.
type Ink string

// The inks. Plain is the terminal's own.
const (
	Plain  Ink = ""
	Bold   Ink = "1"
	Faint  Ink = "2"
	Red    Ink = "31"
	Green  Ink = "32"
	Yellow Ink = "33"
)

// Paint colours text, if the screen has colours.
func (s Screen) Paint(i Ink, text string) string {
	if !s.Colour || i == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(i) + "m" + text + "\x1b[0m"
}

// Name is a name or text of the logs as it may be printed on the screen.
func (s Screen) Name(text string) string {
	if s.Unicode {
		return Visible(text)
	}
	return VisibleASCII(text)
}

// Text is Name for text of several lines, which stay such.
func (s Screen) Text(text string) string {
	if s.Unicode {
		return VisibleLines(text)
	}
	return escaped(text, func(r rune) bool { return r == '\n' || r < utf8.RuneSelf && strconv.IsGraphic(r) })
}

// Pick is the sign for a UTF-8 screen, or the one that ASCII has for it.
func (s Screen) Pick(unicode, ascii string) string {
	if s.Unicode {
		return unicode
	}
	return ascii
}

// Shorten cuts text, which has no colours, down to a width by leaving out its
// middle: names differ most at their ends.
func (s Screen) Shorten(name string, width int) string {
	name = ends(name, 1024+16*max(width, 0))
	if Width(name) <= width {
		return name
	}
	gap := s.Pick("…", "..")
	room := width - text.StringWidth(gap)
	if room < 2 {
		return text.Trim(name, width)
	}
	head := text.Trim(name, room/3)
	runes := []rune(name)
	start, left := len(runes), room-text.StringWidth(head)
	for i := len(runes) - 1; i >= 0 && left >= text.RuneWidth(runes[i]); i-- {
		left -= text.RuneWidth(runes[i])
		if text.RuneWidth(runes[i]) > 0 { // a combining mark stays with its letter
			start = i
		}
	}
	return head + gap + string(runes[start:])
}

// ends are the first and the last bytes of a text that is longer than both, so
// that names of megabytes cost no more than others: of their middle, nothing is
// shown.
func ends(s string, each int) string {
	if len(s) <= 2*each {
		return s
	}
	head, tail := each, len(s)-each
	for head > 0 && !utf8.RuneStart(s[head]) {
		head--
	}
	for tail < len(s) && !utf8.RuneStart(s[tail]) {
		tail++
	}
	return s[:head] + s[tail:]
}

// Wrap breaks a line of words between commas so that it fits the screen,
// indented by two.
func (s Screen) Wrap(line string) string {
	out, used := "  ", 2
	for i, part := range strings.SplitAfter(line, ", ") {
		width := text.StringWidthWithoutEscSequences(strings.TrimRight(part, " "))
		if s.Width > 0 && i > 0 && used+width > s.Width {
			out, used = strings.TrimRight(out, " ")+"\n  ", 2
		}
		out += part
		used += text.StringWidthWithoutEscSequences(part)
	}
	return out
}
