package search

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error says where a filter is wrong.
type Error struct {
	Column   int    // of the first wrong character, in characters from 1
	Expected string // what should stand there
	Found    string // what does; empty: the end
}

func (e *Error) Error() string {
	found := "the end"
	if e.Found != "" {
		found = e.Found
	}
	return fmt.Sprintf("column %d: expected %s, found %s", e.Column, e.Expected, found)
}

type kind uint8

const (
	end kind = iota
	word
	backquoted
	doubleQuoted
	singleQuoted
	sign // a comparison, a parenthesis, a comma
)

// token is one piece of a filter.
type token struct {
	kind     kind
	text     string // without quotes
	raw      string
	column   int  // from 1
	adjacent bool // no space before it
}

func (t token) is(keyword string) bool { return t.kind == word && strings.EqualFold(t.text, keyword) }

// lexer cuts a filter into tokens.
type lexer struct {
	rest   string
	column int
}

const signs = "=<>!(),"

func (l *lexer) next() (token, error) {
	trimmed := strings.TrimLeftFunc(l.rest, unicode.IsSpace)
	adjacent := len(trimmed) == len(l.rest)
	l.skip(len(l.rest) - len(trimmed))
	t := token{column: l.column, adjacent: adjacent}
	if l.rest == "" {
		return t, nil
	}
	switch c := l.rest[0]; {
	case c == '`' || c == '"' || c == '\'':
		return l.quoted(t, c)
	case strings.IndexByte(signs, c) >= 0:
		t.kind, t.raw = sign, l.rest[:1]
		if len(l.rest) > 1 && strings.IndexByte("=<>!", c) >= 0 && strings.IndexByte("=>", l.rest[1]) >= 0 {
			t.raw = l.rest[:2]
		}
	default:
		t.kind, t.raw = word, l.rest
		if i := strings.IndexFunc(l.rest,
			func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(signs+"`\"'", r) }); i >= 0 {
			t.raw = l.rest[:i]
		}
	}
	t.text = t.raw
	l.skip(len(t.raw))
	return t, nil
}

// quoted reads up to the quote that closes. A quote within is written twice.
func (l *lexer) quoted(t token, quote byte) (token, error) {
	t.kind = map[byte]kind{'`': backquoted, '"': doubleQuoted, '\'': singleQuoted}[quote]
	var text strings.Builder
	for i := 1; i < len(l.rest); i++ {
		c := l.rest[i]
		if c == quote {
			if i+1 == len(l.rest) || l.rest[i+1] != quote {
				t.text, t.raw = text.String(), l.rest[:i+1]
				l.skip(i + 1)
				return t, nil
			}
			i++
		}
		text.WriteByte(c)
	}
	return t, &Error{Column: l.column + utf8.RuneCountInString(l.rest),
		Expected: fmt.Sprintf("the %c that closes the one in column %d", quote, l.column)}
}

func (l *lexer) skip(bytes int) {
	l.column += utf8.RuneCountInString(l.rest[:bytes])
	l.rest = l.rest[bytes:]
}

// lex gives all tokens, the last of which is an end.
func lex(text string) (tokens []token, err error) {
	l := lexer{rest: text, column: 1}
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == end {
			return tokens, nil
		}
	}
}
