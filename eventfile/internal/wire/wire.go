// Package wire reads the parts of protobuf's wire format that stand in the way
// of every event, faster than a library for all of it does.
package wire

import (
	"bytes"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// LengthDelimited splits b, which begins with a length, behind that many bytes.
func LengthDelimited(b []byte) (body, rest []byte, ok bool) {
	if len(b) > 0 && b[0] < 0x80 {
		if n := int(b[0]) + 1; n <= len(b) {
			return b[1:n:n], b[n:], true
		}
		return nil, nil, false
	}
	length, n := Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return nil, nil, false
	}
	end := n + int(length)
	return b[n:end:end], b[end:], true
}

// Uvarint is protowire.ConsumeVarint, which the compiler does not inline, with
// the cases of one and two bytes in front.
func Uvarint(b []byte) (uint64, int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	if len(b) > 1 && b[1] < 0x80 {
		return uint64(b[0]&0x7f) | uint64(b[1])<<7, 2
	}
	return protowire.ConsumeVarint(b)
}

// Field is where a field stands: its key, and its value without a length.
type Field struct {
	Key        byte
	Begin, End int
}

// FieldAt finds the field at an offset of b; false where it has a key of
// several bytes, a wire type that nobody writes, or not all of its bytes.
func FieldAt(b []byte, at int) (f Field, ok bool) {
	if at >= len(b) || b[at] >= 0x80 {
		return f, false
	}
	f = Field{Key: b[at], Begin: at + 1}
	size := 0
	switch f.Key & 7 {
	case 0:
		_, size = Uvarint(b[f.Begin:])
	case 1:
		size = 8
	case 2:
		length, n := Uvarint(b[f.Begin:])
		if n <= 0 || length > uint64(len(b)) {
			return f, false
		}
		f.Begin += n
		f.End = f.Begin + int(length)
		return f, f.End <= len(b)
	case 5:
		size = 4
	}
	f.End = f.Begin + size
	return f, size > 0 && f.End <= len(b)
}

// Text gives bytes that should be text as valid UTF-8, with U+FFFD for each
// byte that is not, and how many of these there were.
func Text(b []byte) (s string, bad int) {
	if utf8.Valid(b) {
		return string(b), 0
	}
	var out bytes.Buffer
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		out.WriteRune(r)
		b = b[size:]
	}
	return out.String(), bad
}
