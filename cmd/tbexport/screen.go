package main

import (
	"os"
	"runtime"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// screen is what words and pictures are laid out for.
type screen struct {
	width   int // columns; 0: as many as it takes
	height  int // lines; 0: not known
	colour  bool
	unicode bool
}

// lookFlags are those of every verb that shows something to people.
type lookFlags struct {
	width int
	color string
}

func (l *lookFlags) add(f *pflag.FlagSet) {
	f.IntVar(&l.width, "width", 0, "lay out for `N` columns (default: those of the terminal; no limit without one)")
	f.StringVar(&l.color, "color", "auto", "auto: colours on a terminal, if NO_COLOR is not set; always; never")
}

// screen reads the flags, the environment and the terminal.
func (l *lookFlags) screen(c console) (screen, error) {
	s := screen{width: l.width, unicode: localeIsUTF8()}
	if l.width < 0 {
		return s, usagef("--width %d: not a number of columns", l.width)
	}
	terminal := c.outIsTerminal()
	if f, ok := c.out.(*os.File); ok && terminal {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil {
			s.height = height
			if s.width == 0 {
				s.width = width
			}
		}
	}
	switch l.color {
	case "auto":
		s.colour = terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	case "always":
		s.colour = true
	case "never":
	default:
		return s, usagef("--color %s: want auto, always or never", l.color)
	}
	return s, nil
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

// ink is a colour or weight: the parameters of a terminal's SGR sequence.
type ink string

const (
	plain  ink = ""
	bold   ink = "1"
	faint  ink = "2"
	red    ink = "31"
	green  ink = "32"
	yellow ink = "33"
)

// paint colours text, if the screen has colours.
func (s screen) paint(i ink, text string) string {
	if !s.colour || i == plain || text == "" {
		return text
	}
	return "\x1b[" + string(i) + "m" + text + "\x1b[0m"
}

// name is a name or text of the logs as it may be printed on the screen.
func (s screen) name(text string) string {
	if s.unicode {
		return visible(text)
	}
	return visibleASCII(text)
}

// pick is the sign for a UTF-8 screen, or the one that ASCII has for it.
func (s screen) pick(unicode, ascii string) string {
	if s.unicode {
		return unicode
	}
	return ascii
}

// shorten cuts text, which has no colours, down to a width by leaving out its
// middle: names differ most at their ends.
func (s screen) shorten(name string, width int) string {
	if text.StringWidth(name) <= width {
		return name
	}
	gap := s.pick("…", "..")
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
