// Package shell reads command lines as shells do, but never evaluates one, and
// quotes words such that no shell evaluates them.
package shell

import (
	"strings"
	"unicode/utf8"
)

// Quote is the quoting that the cursor stands in.
type Quote byte

// The quotings.
const (
	Bare   Quote = 0
	Single Quote = '\''
	Double Quote = '"'
)

// Line is a command line up to the cursor.
type Line struct {
	Words []string // without their quotes; those before the last are complete
	Last  string   // the word at the cursor, likewise; empty after a space
	Quote Quote    // that Last is in at the cursor
	// Kept is how much of Last stands before what a shell replaces: bash takes
	// what follows a sign as = or : for a word of its own.
	Kept int
	// Redirected says that Last is the name of a file to write to or to read.
	Redirected bool
}

// Parse takes a command line of bash apart. Of COMP_WORDBREAKS, breaks, the
// last one in the word at the cursor is where bash's own word begins. Nothing
// is expanded or run, whatever stands in the line.
func Parse(text, breaks string) Line {
	p := parser{breaks: breaks}
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		p.take(text[i : i+size])
		i += size
	}
	p.line.Last = p.word.String()
	return p.line
}

type parser struct {
	breaks  string
	line    Line
	word    strings.Builder
	begun   bool // a word, be it an empty one in quotes
	escaped bool
}

func (p *parser) take(sign string) {
	switch q := p.line.Quote; {
	case p.escaped:
		p.escaped = false
		if q == Double && !strings.Contains("$`\"\\\n", sign) {
			p.add(`\`)
		}
		if sign != "\n" {
			p.add(sign)
		}
	case q == Single && sign != "'", q == Double && sign != `"` && sign != `\`:
		p.add(sign)
	case sign == `\`:
		p.escaped, p.begun = true, true
	case q != Bare:
		p.line.Quote, p.line.Kept = Bare, p.word.Len()
	case sign == "'" || sign == `"`:
		p.line.Quote, p.begun = Quote(sign[0]), true
		p.line.Kept = p.word.Len()
	case strings.Contains(" \t\n", sign):
		p.end()
	case strings.Contains(";|&()", sign):
		p.end()
		p.line = Line{}
	case sign == "<" || sign == ">":
		p.end()
		p.line.Redirected = true
	default:
		p.add(sign)
		if strings.Contains(p.breaks, sign) {
			p.line.Kept = p.word.Len()
		}
	}
}

func (p *parser) add(sign string) {
	p.word.WriteString(sign)
	p.begun = true
}

// end ends the word, if there is one.
func (p *parser) end() {
	if !p.begun {
		return
	}
	if !p.line.Redirected {
		p.line.Words = append(p.line.Words, p.word.String())
	}
	p.word.Reset()
	p.begun, p.line.Kept, p.line.Redirected = false, 0, false
}

// Insert is what bash is to put in place of its word so that the word at the
// cursor becomes whole, quoted as the line goes on; ok is false where it cannot
// be written, or does not begin with what stands there.
func (l *Line) Insert(whole string) (text string, ok bool) {
	if !strings.HasPrefix(whole, l.Last) {
		return "", false
	}
	return quoted(whole[l.Kept:], l.Quote)
}

// quoted is text such that bash and zsh take it as it is.
func quoted(text string, q Quote) (string, bool) {
	if strings.ContainsAny(text, "\n\r") {
		return "", false
	}
	switch q {
	case Single:
		return text, !strings.Contains(text, "'")
	case Double:
		// There is no way to write a ! that is history's inside these quotes.
		return strings.NewReplacer("$", `\$`, "`", "\\`", `"`, `\"`, `\`, `\\`).Replace(text),
			!strings.Contains(text, "!")
	}
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf && !plain(byte(r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// plain reports whether no shell takes a sign for anything but itself.
func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		strings.IndexByte("_@%+,./:=-", c) >= 0
}

// Plain reports whether every shell takes a text for itself.
func Plain(text string) bool {
	for i := range len(text) {
		if text[i] < utf8.RuneSelf && !plain(text[i]) {
			return false
		}
	}
	return true
}
