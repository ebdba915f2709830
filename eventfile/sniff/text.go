package sniff

import (
	"bytes"
	"unicode/utf8"
)

// text says what kind of text a file is that begins with head; "" where it is
// none, or too little to tell.
func text(head []byte, size int64) string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	whole := int64(len(head)) >= size
	if len(head) < 4 || !isText(head, whole) {
		return ""
	}
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	lower := bytes.ToLower(trimmed[:min(len(trimmed), 64)])
	switch {
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return "an HTML page"
	case bytes.HasPrefix(lower, []byte("<?xml")), bytes.HasPrefix(lower, []byte("<error>")):
		return "an XML document"
	case json(trimmed):
		return "JSON"
	case table(head, ','):
		return "a CSV table"
	case table(head, '\t'):
		return "a table of text with tabs"
	}
	return "text"
}

// isText reports whether b is text: UTF-8, cut off anywhere unless it is whole,
// and without control characters that text has no use for.
func isText(b []byte, whole bool) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			return !whole && !utf8.FullRune(b)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != 0x1b, r == 0x7f:
			return false
		}
		b = b[n:]
	}
	return true
}

// json reports whether text begins as an object or an array does.
func json(b []byte) bool {
	if len(b) < 2 || b[0] != '{' && b[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(b[1:], " \t\r\n")
	if len(rest) == 0 {
		return false
	}
	if b[0] == '{' {
		return rest[0] == '"' || rest[0] == '}'
	}
	return bytes.IndexByte([]byte(`{["]-0123456789tfn`), rest[0]) >= 0
}

// table reports whether the first two lines have the same number of separators.
func table(b []byte, separator byte) bool {
	first, rest, ok := bytes.Cut(b, []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	n := bytes.Count(first, []byte{separator})
	return ok && n > 0 && bytes.Count(second, []byte{separator}) == n
}
