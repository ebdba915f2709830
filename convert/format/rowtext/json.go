package rowtext

import (
	"slices"
	"unicode/utf8"
)

// JSON returns how values are written in JSON, without what stands before them. It has no numbers for them, so NaN and
// the infinities are strings.
func JSON() Syntax {
	return Syntax{
		Null: "null",
		True: "true", False: "false",
		NaN: `"NaN"`, Inf: `"Infinity"`, NegInf: `"-Infinity"`,
		AppendString: AppendJSONString,
		TimeQuote:    `"`,
	}
}

// longString is from how many bytes on a string is measured before it is appended: a buffer that grows as it is
// appended to is copied several times.
const longString = 1 << 20

// jsonLength is how long AppendJSONString makes a string of UTF-8.
func jsonLength(s string) int {
	n := len(s) + len(`""`)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
			n++
		case c < ' ':
			n += len(`\u0000`) - 1
		}
	}
	return n
}

// AppendJSONString appends s as a JSON string. What is not UTF-8 in it becomes U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	if len(s) > longString {
		dst = slices.Grow(dst, jsonLength(s))
	}
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			dst = appendEscape(append(dst, s[start:i]...), c)
			start = i + 1
		}
		i++
	}
	return append(append(dst, s[start:]...), '"')
}

// appendEscape appends the escape of an ASCII character.
func appendEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '"', '\\':
		return append(dst, '\\', c)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
