package ui

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Visible is text as it may be printed: what comes out of event files and file
// names, with every control character, escape sequence, direction mark and
// other invisible sign written as Go writes it in a string: \x1b, \n, \u202e.
// A byte that is not UTF-8 becomes \xNN. Every name, tag and text goes through
// here on its way to a screen, so that no log can write to a terminal.
func Visible(text string) string { return escaped(text, strconv.IsGraphic) }

// VisibleLines is Visible for text of several lines, which stay such.
func VisibleLines(text string) string {
	return escaped(text, func(r rune) bool { return r == '\n' || strconv.IsGraphic(r) })
}

// VisibleASCII is Visible for a screen that shows nothing but ASCII.
func VisibleASCII(text string) string {
	return escaped(text, func(r rune) bool { return r < utf8.RuneSelf && strconv.IsGraphic(r) })
}

func escaped(text string, shown func(rune) bool) string {
	hidden := func(r rune) bool { return !shown(r) }
	if utf8.ValidString(text) && strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case shown(r):
			b.WriteRune(r)
		case r < utf8.RuneSelf || r > 0xffff:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// VisibleJSON is Visible for JSON: what its strings hold raw, though it is
// not to be shown, becomes an escape of JSON, which reads back as the same.
func VisibleJSON(text []byte) []byte {
	var b []byte
	done := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r != '\n' && !strconv.IsGraphic(r) {
			b = appendJSONEscape(append(b, text[done:i]...), r)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return text
	}
	return append(b, text[done:]...)
}

func appendJSONEscape(b []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		return fmt.Appendf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
